/** What a verification will need of memory, refused before any of it is drawn. */
import { totalmem } from 'node:os';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { VerifySubject } from '../../verify/subject.ts';
import { weightCount } from '../../verify/verify-case.ts';

/**
 * Arrays of the weights' size, in f64, that are there at once: of two cases the drawn weights and
 * the gradients of six runs for each kind of graph, and what workers hold of them.
 */
const copies = 50;
const bytesPerElement = 8;

/** T6401 where it is more than half of what the machine, or the container, has. */
export function requireRoomFor({ model }: VerifySubject, memory = machineMemory()): void {
  const weights = weightCount(model);
  const bytes = weights * copies * bytesPerElement;
  if (bytes <= memory / 2) return;
  throw new RuntimeFault(
    'T6401',
    `to verify a model of ${weights} weights takes about ${gigabytes(bytes)} of memory, ` +
      `and half of what there is are ${gigabytes(memory / 2)}`,
    'verify the same layers with smaller widths',
  );
}

function machineMemory(): number {
  // 0 where nothing constrains it; in some containers more than there is.
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
