/**
 * Gradient clipping, by value and by global norm. The latter as PyTorch's clip_grad_norm_ does it:
 * all gradients are scaled by min(1, maxNorm / (norm + 1e-6)).
 */
import { add, constant, div, max, min, mul, reduceSum, sqrt } from '../graph/build.ts';
import type { Builder, Value } from '../graph/types.ts';

/** Each element held within ±limit. */
export function clipByValue(b: Builder, gradient: Value, limit: number): Value {
  return max(b, min(b, gradient, constant(b, limit)), constant(b, -limit));
}

/** All gradients scaled alike; `norm` is their global norm. */
export function clipByNorm(
  b: Builder,
  gradients: readonly Value[],
  norm: Value,
  maxNorm: number,
): readonly Value[] {
  const ratio = div(b, constant(b, maxNorm), add(b, norm, constant(b, 1e-6)));
  const factor = min(b, ratio, constant(b, 1));
  return gradients.map((gradient) => mul(b, gradient, factor));
}

/** Sum of the squares of all elements, a scalar. */
export function sumOfSquares(b: Builder, x: Value): Value {
  return reduceSum(
    b,
    mul(b, x, x),
    x.type.shape.map((_, axis) => axis),
  );
}

/** The norm of all values together, from their sums of squares. */
export function globalNorm(b: Builder, squares: readonly Value[]): Value {
  const total = squares.reduce<Value | undefined>(
    (sum, s) => (sum ? add(b, sum, s) : s),
    undefined,
  );
  return sqrt(b, total ?? constant(b, 0));
}
