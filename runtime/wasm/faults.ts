/** What goes wrong with WebAssembly, in words. Codes are those of specs/diagnostics/machine.md. */
import { RuntimeFault } from '../artifact/executable.ts';

export function missingFault(reason: string): RuntimeFault {
  return new RuntimeFault(
    'T6407',
    `there is no WebAssembly here: ${reason}`,
    'allow it in the content-security policy (wasm-unsafe-eval), or use the interpreter',
  );
}

export function moduleFault(program: string, reason: string): RuntimeFault {
  return new RuntimeFault(
    'T6408',
    `the WebAssembly module of ${program} cannot be used: ${reason}`,
    'fetch or compile it again',
  );
}

export function threadFault(reason: string): RuntimeFault {
  return new RuntimeFault(
    'T6409',
    `a thread has ended, and the others with it: ${reason}`,
    'use one thread',
  );
}
