/**
 * A sum or maximum along the last axis, of one element: four running values, the rest one by one,
 * then all together in a fixed order.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import type { Fours, Index } from './fours.ts';
import type { Node } from './node.ts';
import { four } from './quads.ts';
import { dimSize } from './sizes.ts';

interface LastAxisReduction {
  readonly op: 'reduceSum' | 'reduceMax';
  readonly operand: Node;
  /** Those that go, ascending. */
  readonly axes: readonly number[];
}

/** Undefined where it is something else. */
export function alongLastAxis(fours: Fours, node: Node, index: Index): Expression | undefined {
  const reduction = reductionOf(node);
  if (reduction === undefined) return undefined;
  const { op, operand, axes } = reduction;
  const { emitter } = fours.evaluator;
  const initial = k.float(op === 'reduceSum' ? 0 : -Infinity);
  const join = (x: Expression, y: Expression): Expression =>
    op === 'reduceSum' ? k.add(x, y) : k.call('maximum', [x, y], 'f32');
  const running = emitter.variable('lanes', k.unary('splat', initial));
  const rest = emitter.variable('rest', initial);
  const { shape } = operand.type;
  const sizeOf = (axis: number): Expression =>
    emitter.named(dimSize(present(shape[axis], 'an axis')), 'n');
  const extent = sizeOf(shape.length - 1);
  const whole = emitter.named(k.sub(extent, k.mod(extent, k.int(four))), 'whole');
  const place = (along: Index): Index => placeOf(shape.length, axes, along, index);
  const nest = (axis: number, along: Index): void => {
    if (axis < axes.length - 1) {
      const size = sizeOf(present(axes[axis], 'an axis'));
      emitter.loop('k', size, (i) => nest(axis + 1, [...along, i]));
      return;
    }
    emitter.loopBy('k', { from: k.int(0), to: whole, step: k.int(four) }, (i) => {
      emitter.assign(running, join(running, fours.at(operand, place([...along, i]))));
    });
    const single = (i: Expression): Expression => fours.evaluator.at(operand, place([...along, i]));
    emitter.loop('k', extent, (i) => emitter.assign(rest, join(rest, single(i))), whole);
  };
  nest(0, []);
  const halves = [
    join(k.lane(running, 0), k.lane(running, 1)),
    join(k.lane(running, 2), k.lane(running, 3)),
  ];
  return [...halves, rest].reduce(join);
}

function reductionOf({ source, type }: Node): LastAxisReduction | undefined {
  if (source.kind !== 'op' || type.dtype !== 'float') return undefined;
  const { op, attributes } = source.instruction;
  const [operand] = source.operands;
  const listed = attributes['axes'];
  if (operand === undefined || !Array.isArray(listed)) return undefined;
  if (op !== 'reduceSum' && op !== 'reduceMax') return undefined;
  const rank = operand.type.shape.length;
  const axes = operand.type.shape
    .map((_, axis) => axis)
    .filter((axis) => listed.some((a) => a === axis));
  return rank > 0 && axes.at(-1) === rank - 1 ? { op, operand, axes } : undefined;
}

/** The index of the operand: `along` the axes that go, `kept` along the others. */
function placeOf(rank: number, axes: readonly number[], along: Index, kept: Index): Index {
  const [inner, outer] = [[...along], [...kept]];
  return Array.from({ length: rank }, (_, axis) =>
    present((axes.includes(axis) ? inner : outer).shift(), 'an index'),
  );
}
