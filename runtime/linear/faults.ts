/** What goes wrong with programs on linear memory; codes as in specs/diagnostics/machine.md. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Bindings } from '../artifact/size.ts';

const smaller = 'use a smaller batch or shorter sequences';

/** Addresses are 32 bits wide, and differences of two of them have a sign. */
export const mostBytes = 2 ** 31;

/** `largest` names the tensors that take most. */
export function memoryFault(
  program: string,
  bytes: number,
  bindings: Bindings,
  largest: readonly string[],
  reason?: string,
): RuntimeFault {
  const most = `${mostBytes} bytes are the most that a program can have`;
  const needs = `${program} needs ${bytes} bytes of memory${sizesIn(bindings)}`;
  const taken = largest.length === 0 ? '' : ` (${largest.join(', ')})`;
  const hint = `${smaller}; in training, --memory makes do with less`;
  return new RuntimeFault('T6401', `${needs}${taken}; ${reason ?? most}`, hint);
}

/** A size, a number of turns or workgroups that 32 bits do not hold. */
export function countFault(program: string, count: number, bindings: Bindings): RuntimeFault {
  const message = `${program} has to count to ${count}${sizesIn(bindings)}, which takes more than 32 bits`;
  return new RuntimeFault('T6401', message, smaller);
}

/** What comes out of a module in the middle of a run; a fault of a thread stays as it is. */
export function asFault(program: string, error: unknown): RuntimeFault {
  if (error instanceof RuntimeFault) return error;
  return new RuntimeFault(
    'T6408',
    `${program} stopped in the middle of a run: ${messageOf(error)}`,
    'use another backend, and report this with the spec',
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** ` at B = 32, T = 1000` */
function sizesIn(bindings: Bindings): string {
  const sizes = [...bindings].map(([name, value]) => `${name} = ${value}`);
  return sizes.length === 0 ? '' : ` at ${sizes.join(', ')}`;
}
