/**
 * Where the tensors of a program lie, for some sizes: within their arena, at multiples of 4, and
 * apart from each other where one dispatch writes one of them; and that no count is negative. What
 * is wrong for some sizes is wrong; what is right for these may be wrong for others, which whoever
 * runs a program finds out.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import {
  allSteps,
  type Dispatch,
  type Program,
  type ProgramTensor,
} from '../../runtime/artifact/program.ts';
import { evaluateSize, type Bindings } from '../../runtime/artifact/size.ts';
import { Breach } from './breach.ts';
import { printExpression } from './print-expression.ts';

/** Odd and even, no two alike, and none so small that a window does not fit. */
const samples: readonly ((position: number) => number)[] = [(i) => 33 + 2 * i, (i) => 64 + 6 * i];

interface Stretch {
  readonly tensor: ProgramTensor;
  readonly offset: number;
  readonly end: number;
}

export function checkPlaces(program: Program): void {
  for (const sample of samples) {
    const bindings = new Map(program.symbols.map((symbol, i) => [symbol, sample(i)]));
    const stretches = program.tensors.map((tensor) => stretchOf(tensor, bindings, program));
    for (const step of allSteps(program)) {
      const dispatches = step.kind === 'dispatch' ? [step] : step.body;
      if (step.kind === 'repeat') checkCounts([step.count], bindings);
      for (const dispatch of dispatches) {
        checkCounts([...dispatch.sizes, ...dispatch.groups], bindings);
        checkApart(dispatch, stretches, bindings, program);
      }
    }
  }
}

function checkCounts(counts: readonly Expression[], bindings: Bindings): void {
  for (const count of counts) {
    const value = evaluateSize(count, bindings);
    if (isCount(value) && value < 2 ** 31) continue;
    throw new Breach(`${printExpression(count)} is ${value}${under(bindings)}`);
  }
}

function stretchOf(tensor: ProgramTensor, bindings: Bindings, { memory }: Program): Stretch {
  const offset = evaluateSize(tensor.offset, bindings);
  const length = evaluateSize(tensor.length, bindings);
  const place = `${tensor.name} lies at ${offset} with ${length} elements${under(bindings)}`;
  if (!isCount(offset) || !isCount(length)) throw new Breach(place);
  if (offset % 4 !== 0) throw new Breach(`${place}, at no multiple of 4`);
  const arena = evaluateSize(memory[tensor.element], bindings);
  if (offset + length > arena) throw new Breach(`${place}, the arena has ${arena}`);
  return { tensor, offset, end: offset + length };
}

function checkApart(
  { kernel, tensors }: Dispatch,
  stretches: readonly Stretch[],
  bindings: Bindings,
  program: Program,
): void {
  const { name = '', buffers = [] } = program.kernels[kernel] ?? {};
  const uses = tensors.map((position, i) => ({
    written: buffers[i]?.access !== 'read',
    stretch: stretches[position],
  }));
  for (const { written, stretch: x } of uses) {
    if (!written || x === undefined) continue;
    const other = uses.find(({ stretch: y }) => y !== undefined && y !== x && meet(x, y));
    if (other?.stretch === undefined) continue;
    const pair = `${x.tensor.name}, which overlaps ${other.stretch.tensor.name}`;
    throw new Breach(`${name} writes ${pair}${under(bindings)}`);
  }
}

function meet(x: Stretch, y: Stretch): boolean {
  const overlap = Math.min(x.end, y.end) > Math.max(x.offset, y.offset);
  return overlap && x.tensor.element === y.tensor.element;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function under(bindings: Bindings): string {
  const parts = [...bindings].map(([symbol, value]) => `${symbol} = ${value}`);
  return parts.length === 0 ? '' : ` where ${parts.join(', ')}`;
}
