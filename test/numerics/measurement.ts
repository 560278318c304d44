/**
 * One subject on several backends, block by block, against exact values that are computed once. Its
 * state is plain data, to be laid aside after any block and gone on with in another process.
 */
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import type { RunBlock } from './backends.ts';
import { newOperands, type Inputs } from './inputs.ts';
import { exactValues, type Subject } from './subjects.ts';
import { addToTally, isSubnormal, newTally, type Block, type Tally, type Words } from './tally.ts';
import { isAsKnown, wholeBlock } from './whole-blocks.ts';
import { required } from '../support/op-runs.ts';

export interface Progress {
  /** The block to go on with. */
  next: number;
  /** Whether every exact value so far is an f32. */
  exact: boolean;
  readonly tallies: Record<string, Tally>;
}

export function newProgress(backends: Iterable<string>): Progress {
  const tallies = Object.fromEntries([...backends].map((name) => [name, newTally()]));
  return { next: 0, exact: true, tallies };
}

/** Goes on until all blocks are done or `mayGoOn`, asked after each, says no. */
export async function measure(
  subject: Subject,
  inputs: Inputs,
  backends: ReadonlyMap<string, RunBlock>,
  progress: Progress,
  mayGoOn: (progress: Progress) => boolean = () => true,
): Promise<void> {
  const operands = newOperands(subject, inputs.length);
  const rounded: Words =
    subject.gives === 'float' ? new Float32Array(inputs.length) : new Int32Array(inputs.length);
  while (progress.next < inputs.blocks) {
    inputs.fill(progress.next, operands);
    const known = wholeBlock(subject, required(operands[0]));
    let block: Block | undefined;
    for (const [name, run] of backends) {
      const [tally, found] = [required(progress.tallies[name]), await run(operands)];
      if (known !== undefined && isAsKnown(known, required(operands[0]), found, subject)) {
        tally.inputs += found.length;
        continue;
      }
      block ??= exactBlock(subject, operands, rounded, progress);
      const mayFlush = name === 'webgpu' && subject.takes === 'float';
      const exactFlushed = (i: number): number => valueOfFlushed(subject, operands, i);
      addToTally(tally, mayFlush ? { ...block, exactFlushed } : block, found);
    }
    progress.next++;
    if (!mayGoOn(progress)) return;
  }
}

function exactBlock(
  subject: Subject,
  operands: readonly Words[],
  rounded: Words,
  progress: Progress,
): Block {
  const exact = exactValues(subject, operands);
  rounded.set(exact);
  if (progress.exact) progress.exact = areEqual(exact, rounded);
  return { operands, exact, rounded, domain: subject.domain };
}

function valueOfFlushed(subject: Subject, operands: readonly Words[], i: number): number {
  const flushed = operands.map((operand) => {
    const x = operand[i] ?? NaN;
    return Float32Array.of(isSubnormal(x) ? 0 * x : x);
  });
  return exactValues(subject, flushed)[0] ?? NaN;
}

function areEqual(exact: ElementData, rounded: Words): boolean {
  for (let i = 0; i < rounded.length; i++) {
    const value = rounded[i] ?? 0;
    if (exact[i] !== value && !Number.isNaN(value)) return false;
  }
  return true;
}
