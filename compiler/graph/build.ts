/**
 * Short names for the ops, over any Builder. Elementwise functions broadcast a scalar operand to
 * the other's shape; nothing else broadcasts by itself.
 */
import { sameShape, type Dim, type Shape } from './dim.ts';
import type { Builder, Dtype, Value } from './types.ts';

export function constant(b: Builder, value: number, dtype: Dtype = 'float'): Value {
  return b.emit('constant', [], { value, dtype });
}

/** The value of a dimension, as a scalar float. */
export function size(b: Builder, dim: Dim): Value {
  return b.emit('size', [], { dim });
}

/** `0 … dim-1`, int [dim]. */
export function iota(b: Builder, dim: Dim): Value {
  return b.emit('iota', [], { dim });
}

/** Axis i of `x` becomes axis `axes[i]` of the result; the other axes repeat `x`. */
export function broadcast(b: Builder, x: Value, shape: Shape, axes: readonly number[]): Value {
  if (axes.length === shape.length && sameShape(x.type.shape, shape)) return x;
  return b.emit('broadcast', [x], { shape, axes });
}

/** A scalar to any shape, or a trailing-axes match (`[n]` to `[B, T, n]`). */
export function broadcastTo(b: Builder, x: Value, shape: Shape): Value {
  if (sameShape(x.type.shape, shape)) return x;
  const offset = shape.length - x.type.shape.length;
  return broadcast(
    b,
    x,
    shape,
    x.type.shape.map((_, i) => i + offset),
  );
}

export function filled(b: Builder, value: number, shape: Shape, dtype: Dtype = 'float'): Value {
  return broadcastTo(b, constant(b, value, dtype), shape);
}

type Unary = (b: Builder, x: Value) => Value;
type Binary = (b: Builder, x: Value, y: Value) => Value;

const unary =
  (op: string): Unary =>
  (b, x) =>
    b.emit(op, [x]);

const binary =
  (op: string): Binary =>
  (b, x, y) => {
    const shape = x.type.shape.length >= y.type.shape.length ? x.type.shape : y.type.shape;
    return b.emit(op, [scalarTo(b, x, shape), scalarTo(b, y, shape)]);
  };

function scalarTo(b: Builder, x: Value, shape: Shape): Value {
  return x.type.shape.length === 0 ? broadcastTo(b, x, shape) : x;
}

export const neg = unary('neg');
export const exp = unary('exp');
export const log = unary('log');
export const tanh = unary('tanh');
export const sigmoid = unary('sigmoid');
export const softplus = unary('softplus');
export const sqrt = unary('sqrt');
export const abs = unary('abs');
export const sign = unary('sign');
export const sin = unary('sin');
export const cos = unary('cos');
export const erf = unary('erf');
export const floor = unary('floor');
export const not = unary('not');
export const stopGradient = unary('stopGradient');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const pow = binary('pow');
export const max = binary('max');
export const min = binary('min');
export const less = binary('less');
export const lessEqual = binary('lessEqual');
export const equal = binary('equal');
export const and = binary('and');

export function select(b: Builder, condition: Value, yes: Value, no: Value): Value {
  const shape = [condition, yes, no].reduce<Shape>(
    (widest, v) => (v.type.shape.length > widest.length ? v.type.shape : widest),
    [],
  );
  return b.emit('select', [
    scalarTo(b, condition, shape),
    scalarTo(b, yes, shape),
    scalarTo(b, no, shape),
  ]);
}

export function cast(b: Builder, x: Value, dtype: Dtype): Value {
  return x.type.dtype === dtype ? x : b.emit('cast', [x], { dtype });
}

export function reshape(b: Builder, x: Value, shape: Shape): Value {
  return b.emit('reshape', [x], { shape });
}

/** Axis i of the result is axis `permutation[i]` of `x`. */
export function transpose(b: Builder, x: Value, permutation: readonly number[]): Value {
  return b.emit('transpose', [x], { permutation });
}

export function concat(b: Builder, parts: readonly Value[], axis: number): Value {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : b.emit('concat', parts, { axis });
}

export function slice(b: Builder, x: Value, axis: number, start: Dim, length: Dim): Value {
  return b.emit('slice', [x], { axis, start, length });
}

/** Zeros before and after along one axis. */
export function pad(b: Builder, x: Value, axis: number, before: Dim, after: Dim): Value {
  return b.emit('pad', [x], { axis, before, after });
}

/** Each sequence of `x` [B, T, …] back to front within its length; zeros past it. */
export function reverse(b: Builder, x: Value, lengths: Value): Value {
  return b.emit('reverse', [x, lengths]);
}

/** Removes the axes. */
export function reduceSum(b: Builder, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : b.emit('reduceSum', [x], { axes });
}

/** Removes the axes; -Infinity over nothing. */
export function reduceMax(b: Builder, x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : b.emit('reduceMax', [x], { axes });
}

/** Index of the largest along the last axis, the first of equals; int. */
export function argMax(b: Builder, x: Value): Value {
  return b.emit('argMax', [x]);
}

export interface DotAxes {
  /** Axes summed over, of the left and of the right operand, pairwise. */
  readonly contract: readonly [readonly number[], readonly number[]];
  /** Axes kept in common. */
  readonly batch?: readonly [readonly number[], readonly number[]];
}

/** Result axes: batch, then the left's free axes, then the right's. */
export function dot(b: Builder, x: Value, y: Value, axes: DotAxes): Value {
  return b.emit('dot', [x, y], {
    contractLeft: axes.contract[0],
    contractRight: axes.contract[1],
    batchLeft: axes.batch?.[0] ?? [],
    batchRight: axes.batch?.[1] ?? [],
  });
}

/** `v W^T`: [..., k] with a weight [n, k] gives [..., n]. */
export function linear(b: Builder, x: Value, weight: Value): Value {
  return dot(b, x, weight, { contract: [[x.type.shape.length - 1], [1]] });
}

/**
 * Table [batch…, rows, rest…] and ids int [batch…, extra…] give [batch…, extra…, rest…]; `batch` is
 * the number of leading axes in common.
 */
export function gather(b: Builder, table: Value, ids: Value, batch = 0): Value {
  return b.emit('gather', [table, ids], { batch });
}

/** The transpose of gather: sums updates [batch…, extra…, rest…] into [batch…, rows, rest…]. */
export function scatterAdd(b: Builder, ids: Value, updates: Value, rows: Dim, batch = 0): Value {
  return b.emit('scatterAdd', [ids, updates], { rows, batch });
}

/** Uniform in [0, 1), a function of key (int [2]: seed, step), site and position alone. */
export function random(b: Builder, key: Value, shape: Shape, site: number): Value {
  return b.emit('random', [key], { shape, site });
}
