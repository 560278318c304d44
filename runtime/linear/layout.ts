/**
 * Where everything lies in linear memory under one binding of the program's symbols, in bytes:
 *
 *   control words | scratch of each thread | arena of f32 | arena of i32
 *
 * Every stretch begins at a multiple of 64, the line of a cache. What comes before the arena of i32
 * stays where it is as long as the number of threads does. All numbers are evaluated exactly here,
 * so that a module's own arithmetic in 32 bits cannot overflow unnoticed.
 */
import type { Expression } from '../artifact/kernel.ts';
import { allSteps, type Dispatch, type Program } from '../artifact/program.ts';
import { scratchBytes } from '../artifact/scratch.ts';
import { evaluateSize, type Bindings } from '../artifact/size.ts';
import { countFault, memoryFault, mostBytes } from './faults.ts';
import { known } from '../session/known.ts';

export interface LinearLayout {
  readonly bindings: Bindings;
  /** Values of the program's symbols, in their order. */
  readonly symbols: readonly number[];
  /** Scratch of the first thread, and how far that of the next one is. */
  readonly scratch: number;
  readonly scratchStride: number;
  readonly f32Base: number;
  readonly i32Base: number;
  /** By tensor. */
  readonly addresses: readonly number[];
  /** By tensor, in elements. */
  readonly lengths: readonly number[];
  /** Of everything. */
  readonly bytes: number;
}

/**
 * Two counters that threads meet at, a run and the next one taking turns: a thread that is late to
 * leave the last barrier of a run must not see its counter set back.
 */
export const syncWords: readonly [number, number] = [0, 64];
const controlBytes = 128;

/** Faults: T6401 for what takes more than 2 GiB, or numbers of more than 32 bits. */
export function layOutMemory(program: Program, bindings: Bindings, threads: number): LinearLayout {
  const { name, memory, tensors, symbols } = program;
  const elements = {
    f32: evaluateSize(memory.f32, bindings),
    i32: evaluateSize(memory.i32, bindings),
  };
  const scratchStride = aligned(scratchBytes(program));
  const f32Base = controlBytes + threads * scratchStride;
  const i32Base = f32Base + aligned(4 * elements.f32);
  const bytes = i32Base + aligned(4 * elements.i32);
  if (bytes > mostBytes) {
    throw memoryFault(name, bytes, bindings, largestTensors(program, bindings));
  }
  checkCounts(program, bindings, threads);
  const bases = { f32: f32Base, i32: i32Base };
  return {
    bindings,
    symbols: symbols.map((symbol) => known(bindings.get(symbol), `value of ${symbol}`)),
    scratch: controlBytes,
    scratchStride,
    f32Base,
    i32Base,
    addresses: tensors.map((t) => bases[t.element] + 4 * evaluateSize(t.offset, bindings)),
    lengths: tensors.map((t) => evaluateSize(t.length, bindings)),
    bytes,
  };
}

/** `lstm.l0.a 1200000000`, at most three. */
export function largestTensors({ tensors }: Program, bindings: Bindings): readonly string[] {
  return tensors
    .map(({ name, length }) => ({ name, bytes: 4 * evaluateSize(length, bindings) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ name, bytes }) => `${name} ${bytes}`);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Whatever the module computes, it computes in 32 bits: each step on the way must fit. */
function checkCounts(program: Program, bindings: Bindings, threads: number): void {
  const check = (expression: Expression, values: Bindings): number =>
    within(expression, values, program.name, bindings);
  const checkDispatch = ({ sizes, groups, step }: Dispatch, values: Bindings): void => {
    for (const size of [...sizes, ...groups]) check(size, values);
    // Each thread multiplies the workgroups by its number to find its share of them.
    const shares = groups.reduce((count, along) => count * evaluateSize(along, values), threads);
    if (shares >= 2 ** 31) throw countFault(program.name, shares, bindings);
    if (step !== undefined) check(step, values);
  };
  for (const { offset } of program.tensors) check(offset, bindings);
  for (const step of allSteps(program)) {
    if (step.kind === 'dispatch') {
      checkDispatch(step, bindings);
      continue;
    }
    const count = check(step.count, bindings);
    // Steps go up or down with the turn of their loop: the first and the last say it for all.
    for (const turn of new Set([0, count - 1])) {
      if (turn < 0) continue;
      const values = new Map(bindings).set(step.variable, turn);
      for (const dispatch of step.body) checkDispatch(dispatch, values);
    }
  }
}

function within(
  expression: Expression,
  values: Bindings,
  program: string,
  bindings: Bindings,
): number {
  if (expression.kind !== 'binary') return evaluateSize(expression, values);
  const part = (operand: Expression): Expression => {
    return { kind: 'number', value: within(operand, values, program, bindings), type: 'i32' };
  };
  const parts = { ...expression, x: part(expression.x), y: part(expression.y) };
  const value = evaluateSize(parts, values);
  if (Math.abs(value) >= 2 ** 31) throw countFault(program, value, bindings);
  return value;
}
