/**
 * Ids and lengths are looked at before anything is dispatched: a kernel would read another row in
 * silence, or what lies beyond its table. A fault names the input, the position and what was
 * expected.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { IdRange, ProgramParameter } from '../artifact/program.ts';
import { evaluateDim, type Bindings } from '../artifact/size.ts';

/** What is asked of a parameter here, wherever its numbers are. */
export type CheckedParameter = Omit<ProgramParameter, 'tensor'>;

/**
 * Checks the inputs that are there; their shapes must have been bound.
 * R7003: an id that chooses no row. Ids [B, T, …] count up to their row's length, without lengths
 * all of them. R7406: a length (`lengths`, `lengths/S`) that is not 0 to the number of time steps.
 */
export function checkIds(
  parameters: readonly CheckedParameter[],
  inputs: ReadonlyMap<string, NdArray>,
  bindings: Bindings,
): void {
  for (const parameter of parameters) {
    const array = inputs.get(parameter.name);
    if (array === undefined) continue;
    if (isLengths(parameter)) {
      checkLengths(parameter.name, array, timeSteps(parameter.name, parameters, bindings));
    }
  }
  for (const { name, ids } of parameters) {
    const array = inputs.get(name);
    if (array === undefined || ids === undefined) continue;
    const lengths = ids.lengths === undefined ? undefined : inputs.get(ids.lengths);
    checkRows(name, array, { ...ids, rows: evaluateDim(ids.below, bindings) }, lengths);
  }
}

/** Whether a parameter holds the lengths of sequences. */
export function isLengths({ name, role, dtype }: CheckedParameter): boolean {
  const named = name === 'lengths' || name.startsWith('lengths/');
  return named && role === 'control' && dtype === 'int';
}

/**
 * The padded length of the sequences that have these lengths: axis 1 of ids that name them, or else
 * the symbol in their own name, T where there is none. Infinity where nothing tells; scans then go
 * to the end at most.
 */
export function timeSteps(
  name: string,
  parameters: readonly CheckedParameter[],
  bindings: Bindings,
): number {
  const time = parameters.find((parameter) => parameter.ids?.lengths === name)?.shape[1];
  if (time !== undefined) return evaluateDim(time, bindings);
  return bindings.get(name === 'lengths' ? 'T' : name.slice('lengths/'.length)) ?? Infinity;
}

function checkLengths(name: string, lengths: NdArray, steps: number): void {
  lengths.data.forEach((length, row) => {
    if (length >= 0 && length <= steps) return;
    const most = steps === Infinity ? 'or more' : `to ${steps}, the number of time steps`;
    throw new RuntimeFault('R7406', `${name} says ${length} for row ${row}; expected 0 ${most}`);
  });
}

function checkRows(
  name: string,
  ids: NdArray,
  range: IdRange & { readonly rows: number },
  lengths: NdArray | undefined,
): void {
  const [rows = 1, steps = 1, ...rest] = ids.shape;
  const perStep = rest.reduce((count, size) => count * size, 1);
  for (let row = 0; row < rows; row++) {
    const counted = Math.min(steps, lengths?.data[row] ?? steps);
    const first = row * steps * perStep;
    for (let at = first; at < first + counted * perStep; at++) {
      const id = ids.data[at] ?? 0;
      if (id < range.rows && (id >= 0 || range.negative)) continue;
      const place = positionOf(at, ids.shape).join(', ');
      const message = `input ${name}: the id at [${place}] is ${id}, but ${expected(range)}`;
      throw new RuntimeFault('R7003', message);
    }
  }
}

function expected({ rows, negative }: { rows: number; negative: boolean }): string {
  if (negative) return `ids are below ${rows}`;
  return rows === 0 ? 'there are none' : `ids run from 0 to ${rows - 1}`;
}

function positionOf(index: number, shape: readonly number[]): number[] {
  let rest = index;
  const position = [...shape].reverse().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return position.reverse();
}
