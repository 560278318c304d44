/** Arrays that no program could take are refused before they are made, with their sizes. */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';

/** 2 GiB: the most that a program can have on any backend that is not an interpreter. */
const mostBytes = 2 ** 31;
const bytesPerElement = 4;

/**
 * T6401 where arrays of these shapes take more than 2 GiB in f32; it names the largest. `what` says
 * what they are, as the beginning of a sentence.
 */
export function requireRoom(what: string, shapes: ReadonlyMap<string, readonly number[]>): void {
  const sizes = [...shapes].map(([name, shape]) => ({ name, shape, bytes: bytesOf(shape) }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= mostBytes) return;
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
  const most = largest === undefined ? '' : ` (${largest.name} is [${largest.shape.join(', ')}])`;
  throw new RuntimeFault(
    'T6401',
    `${what} take ${total} bytes${most}; ${mostBytes} bytes are the most that a program can have`,
    'use a smaller batch, shorter sequences or a narrower model',
  );
}

function bytesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, bytesPerElement);
}
