/**
 * Which element of x an element of reshape(x) is. Both shapes are cut into the shortest stretches
 * of axes that hold equally many elements, so that an axis which stays is passed through, and only
 * what is really joined or split costs divisions. Axes of width 1 take no part.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixedValue, type Dim, type Shape } from '../graph/dim.ts';
import { elementCount, plus, polynomial, times } from '../graph/polynomial.ts';
import { div, int, mod } from '../kernel/build.ts';
import { rowMajor } from './lowering.ts';
import type { LowerContext } from './op.ts';
import { one, shapeAttribute } from './operands.ts';

/** The index into the operand. */
export function reshapedIndex(context: LowerContext): readonly Expression[] {
  const from = one('reshape', context.types).shape;
  const to = shapeAttribute('reshape', context.attributes, 'shape');
  const index: Expression[] = from.map(() => int(0));
  for (const { fromAxes, toAxes } of stretches(from, to)) {
    const places = toAxes.map((axis) => present(context.index[axis], 'index'));
    const joined = rowMajor(places, at(to, toAxes), context);
    const parts = split(joined, at(from, fromAxes), context);
    fromAxes.forEach((axis, i) => (index[axis] = present(parts[i], 'index')));
  }
  return index;
}

/** Whether two shapes multiply out to the same polynomial in their symbols. */
export function sameCount(left: Shape, right: Shape): boolean {
  const negated = times(polynomial(-1), elementCount(right));
  return plus(elementCount(left), negated).terms.length === 0;
}

/** The index of the element with so many before it. */
function split(
  flat: Expression,
  shape: readonly Dim[],
  context: LowerContext,
): readonly Expression[] {
  const parts: Expression[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const whole = context.named(rest);
    const width = context.size(present(shape[axis], 'axis'));
    parts.unshift(mod(whole, width));
    rest = div(whole, width);
  }
  return shape.length === 0 ? [] : [rest, ...parts];
}

interface Stretch {
  readonly fromAxes: readonly number[];
  readonly toAxes: readonly number[];
}

function stretches(from: Shape, to: Shape): readonly Stretch[] {
  const [left, right] = [longAxes(from), longAxes(to)];
  const found: Stretch[] = [];
  let [leftAt, rightAt] = [0, 0];
  while (leftAt < left.length || rightAt < right.length) {
    const [leftEnd, rightEnd] = nextCut(at(from, left), at(to, right), leftAt, rightAt);
    found.push({ fromAxes: left.slice(leftAt, leftEnd), toAxes: right.slice(rightAt, rightEnd) });
    [leftAt, rightAt] = [leftEnd, rightEnd];
  }
  return found;
}

function longAxes(shape: Shape): readonly number[] {
  return shape.flatMap((width, axis) => (fixedValue(width) === 1 ? [] : [axis]));
}

/** The nearest ends at which both sides hold equally many elements; at worst all that is left. */
function nextCut(
  left: readonly Dim[],
  right: readonly Dim[],
  leftFrom: number,
  rightFrom: number,
): readonly [number, number] {
  for (let leftEnd = leftFrom + 1; leftEnd <= left.length; leftEnd++) {
    for (let rightEnd = rightFrom + 1; rightEnd <= right.length; rightEnd++) {
      const counts = [left.slice(leftFrom, leftEnd), right.slice(rightFrom, rightEnd)] as const;
      if (sameCount(...counts)) return [leftEnd, rightEnd];
    }
  }
  return [left.length, right.length];
}

function at(shape: Shape, axes: readonly number[]): readonly Dim[] {
  return axes.map((axis) => present(shape[axis], 'axis'));
}
