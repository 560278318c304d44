/** What goes wrong with a device, in words. Codes are those of specs/diagnostics/machine.md. */
import { RuntimeFault } from '../artifact/executable.ts';

const lostCode = 'T6405';

export function lostFault(reason: string): RuntimeFault {
  return new RuntimeFault(lostCode, `the GPU device was lost${reason === '' ? '' : `: ${reason}`}`);
}

export function isLost(error: unknown): boolean {
  return error instanceof RuntimeFault && error.code === lostCode;
}

/** `what` is a kernel and where it came from, or a program. */
export function refusedFault(what: string, reason: string, hint?: string): RuntimeFault {
  return new RuntimeFault(
    'T6404',
    `the GPU refuses ${what}: ${reason}`,
    hint ?? 'use another backend, and report this with the spec',
  );
}

export function lateFault(what: string, milliseconds: number): RuntimeFault {
  return new RuntimeFault(
    'T6406',
    `the GPU did not answer within ${milliseconds / 1000} s while waiting for ${what}`,
    'use a smaller batch or shorter sequences, or allow more time',
  );
}

/** Before anything was allocated: one piece of memory would be larger than the device allows. */
export function tooLargeFault(program: string, bytes: number, limit: number): RuntimeFault {
  return new RuntimeFault(
    'T6401',
    `${program} needs ${bytes} bytes of GPU memory in one piece; this device gives at most ${limit}`,
    smaller,
  );
}

export function outOfMemoryFault(program: string, bytes: number, reason: string): RuntimeFault {
  const message = `the GPU has not enough memory for ${program}, which needs ${bytes} bytes`;
  return new RuntimeFault('T6401', reason === '' ? message : `${message} (${reason})`, smaller);
}

const smaller = 'use a smaller batch or shorter sequences';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
