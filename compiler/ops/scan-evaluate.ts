/**
 * Evaluation of `scan`: arrays of all steps in, arrays of all steps out, one run of the body a
 * step. No step pays for lengths before the shortest sequence has ended.
 */
import type { ElementData, NdArray } from '../../runtime/artifact/nd-array.ts';
import { evaluateShape } from '../graph/dim.ts';
import type { ScanAttributes, TensorType } from '../graph/types.ts';
import { copyBlock, countOf, newData, zeros } from './arrays.ts';
import type { Evaluation } from './op.ts';

interface Operands {
  readonly constants: readonly NdArray[];
  readonly carries: readonly NdArray[];
  readonly xs: readonly NdArray[];
  readonly lengths: NdArray | undefined;
}

export function evaluateScan(
  { body, reverse }: ScanAttributes,
  time: number,
  { constants, carries, xs, lengths }: Operands,
  evaluation: Evaluation,
  results: readonly TensorType[],
): readonly NdArray[] {
  const { precision, bindings } = evaluation;
  const batch = (carries[0] ?? xs[0])?.shape[0] ?? 0;
  const ys = results
    .slice(carries.length)
    .map(({ dtype, shape }) => zeros(dtype, evaluateShape(shape, bindings), precision));
  const { shortest, longest } = extent(lengths?.data, batch, time);
  let current = carries;
  for (let step = 0; step < longest; step++) {
    const at = reverse ? longest - 1 - step : step;
    const active = at < shortest ? undefined : activeRows(lengths?.data, batch, at);
    const slices = xs.map((x) => stepOf(x, at, evaluation));
    const next = evaluation.runBody(body, [...constants, ...current, ...slices]);
    ys.forEach((y, i) => {
      const value = next[carries.length + i];
      if (value !== undefined) writeStep(value.data, y, at, active);
    });
    current = current.map((carry, i) => keepEnded(carry, next[i] ?? carry, active, evaluation));
  }
  return [...current, ...ys];
}

/** Below `shortest` every row is active, from `longest` on none is. */
function extent(
  lengths: ElementData | undefined,
  batch: number,
  time: number,
): { shortest: number; longest: number } {
  if (lengths === undefined) return { shortest: time, longest: time };
  let shortest = time;
  let longest = 0;
  for (let row = 0; row < batch; row++) {
    const length = Math.max(0, Math.min(lengths[row] ?? 0, time));
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }
  return { shortest, longest };
}

function activeRows(lengths: ElementData | undefined, batch: number, at: number): Uint8Array {
  const active = new Uint8Array(batch);
  for (let row = 0; row < batch; row++) active[row] = at < (lengths?.[row] ?? Infinity) ? 1 : 0;
  return active;
}

/** x[:, at], [B, …]. */
function stepOf({ dtype, shape, data }: NdArray, at: number, { precision }: Evaluation): NdArray {
  const [batch = 0, time = 0, ...rest] = shape;
  const block = countOf(rest);
  const step = newData(dtype, batch * block, precision);
  for (let row = 0; row < batch; row++) {
    copyBlock(data, (row * time + at) * block, block, step, row * block);
  }
  return { dtype, shape: [batch, ...rest], data: step };
}

/** y[:, at] = value in the active rows; the others stay zero. */
function writeStep(
  value: ElementData,
  y: NdArray,
  at: number,
  active: Uint8Array | undefined,
): void {
  const [batch = 0, time = 0, ...rest] = y.shape;
  const block = countOf(rest);
  for (let row = 0; row < batch; row++) {
    if (active !== undefined && active[row] === 0) continue;
    copyBlock(value, row * block, block, y.data, (row * time + at) * block);
  }
}

/** The next carry, but in rows that have ended the one before. */
function keepEnded(
  before: NdArray,
  next: NdArray,
  active: Uint8Array | undefined,
  { precision }: Evaluation,
): NdArray {
  if (active === undefined) return next;
  const [batch = 0, ...rest] = next.shape;
  const block = countOf(rest);
  const data = newData(next.dtype, next.data.length, precision);
  for (let row = 0; row < batch; row++) {
    const from = active[row] === 1 ? next : before;
    copyBlock(from.data, row * block, block, data, row * block);
  }
  return { dtype: next.dtype, shape: next.shape, data };
}
