/**
 * Four neighbouring elements of a float node at once, along its last axis, as one f32x4. Arithmetic
 * works on fours as it does on single numbers; what only moves numbers is followed to where they
 * lie next to each other; what is the same for all four is computed once; and whatever else there
 * is, is put together from four single elements.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { isElementwiseNode } from './decide.ts';
import { keyOf } from './emitter.ts';
import { hintOf, keyAt, type Evaluator } from './evaluate.ts';
import type { FourProducts } from './four-products.ts';
import type { Node, Place } from './node.ts';
import { four, liesInQuads, quadOf } from './quads.ts';
import { dimSize } from './sizes.ts';

export type Index = readonly Expression[];

/** Of floats: `less` and its kin give bools, of which there are no four; `sign` chooses by one. */
const arithmetic: ReadonlySet<string> = new Set(
  [
    'neg exp log tanh sigmoid softplus sqrt abs sin cos erf floor stopGradient',
    'add sub mul div pow max min',
  ].flatMap((line) => line.split(' ')),
);

/** Ops that give an element of their first operand, from a place that they work out. */
const views: ReadonlySet<string> = new Set([
  ...['broadcast', 'reshape', 'transpose', 'slice', 'gather', 'reverse'],
]);

export class FourEvaluator {
  readonly evaluator: Evaluator;
  private readonly products: FourProducts | undefined;
  /** Sums that were asked for so far: how many accumulators a tile needs. */
  sums = 0;

  /** Without `products`, a product is put together from single elements. */
  constructor(evaluator: Evaluator, products?: FourProducts) {
    this.evaluator = evaluator;
    this.products = products;
  }

  /** The last of the index is where the four begin. */
  at(node: Node, index: Index): Expression {
    if (node.type.dtype !== 'float') throw new CompilerBug('schedule', `four of ${node.name}`);
    const { emitter } = this.evaluator;
    const key = `four ${keyAt(node, index)}`;
    const known = emitter.recall(key);
    if (known !== undefined) return known;
    const value = this.compute(node, index);
    const named = emitter.named(value, hintOf(node));
    emitter.remember(key, named);
    return named;
  }

  private compute(node: Node, index: Index): Expression {
    const found = this.evaluator.resolve(node, index);
    if (found !== undefined) return this.load(node, found.place, found.index);
    if (isSpread(node)) return k.unary('splat', this.evaluator.at(node, index));
    const { source } = node;
    if (source.kind === 'step' && index.length > 1) {
      return this.at(source.of, this.evaluator.stepIndex(source, index));
    }
    if (source.kind !== 'op') return this.apart(node, index);
    const { op } = source.instruction;
    if (op === 'dot') return this.product(node, index);
    if (op === 'reduceSum' || op === 'reduceMax') return this.reduction(node, index);
    if (op === 'select') return this.choice(node, source.operands, index);
    if (views.has(op)) return this.view(node, source.operands, index);
    const ready = arithmetic.has(op) && source.operands.every((x) => x.type.dtype === 'float');
    if (!ready) return this.apart(node, index);
    return this.evaluator.lower(node, index, (operand) => (i) => this.at(operand, i));
  }

  private load(node: Node, place: Place, index: Index): Expression {
    const last = place.strides.at(-1);
    if (last?.kind !== 'number' || last.value !== 1) return this.apart(node, index);
    const { evaluator } = this;
    const memory = evaluator.reads(place.tensor);
    const address = evaluator.addressOf(place, index);
    const aligned = liesInQuads(place) && quadOf(index.at(-1), evaluator.emitter)?.lane === 0;
    return aligned ? k.load(memory, address, 'f32x4') : k.loadAnywhere(memory, address);
  }

  private product(node: Node, index: Index): Expression {
    const value = this.products?.at(node, index);
    if (value === undefined) return this.apart(node, index);
    this.sums++;
    return value;
  }

  /** A sum or maximum over other axes than the last. */
  private reduction(node: Node, index: Index): Expression {
    const { source } = node;
    if (source.kind !== 'op') return this.apart(node, index);
    const [operand] = source.operands;
    const axes = source.instruction.attributes['axes'];
    const last = (operand?.type.shape.length ?? 0) - 1;
    if (!Array.isArray(axes) || axes.some((axis) => axis === last)) return this.apart(node, index);
    this.sums++;
    const { emitter } = this.evaluator;
    return this.evaluator.lower(
      node,
      index,
      (of) => (i) => this.at(of, i),
      (extents, initial, next) => {
        const running = emitter.variable(`${hintOf(node)}_sum`, k.unary('splat', initial));
        const nest = (axis: number, along: Index): void => {
          const extent = extents[axis];
          if (extent === undefined) emitter.assign(running, next(along, running));
          else emitter.loop('k', extent, (i) => nest(axis + 1, [...along, i]));
        };
        nest(0, []);
        return running;
      },
    );
  }

  private choice(node: Node, operands: readonly Node[], index: Index): Expression {
    const [condition, yes, no] = operands;
    if (condition === undefined || yes === undefined || no === undefined || !isSpread(condition)) {
      return this.apart(node, index);
    }
    const chosen = this.evaluator.at(condition, index);
    return k.select(chosen, this.at(yes, index), this.at(no, index));
  }

  /** Where the four are still next to each other in the first operand, they are four of it. */
  private view(node: Node, operands: readonly Node[], index: Index): Expression {
    const [operand] = operands;
    if (operand === undefined) return this.apart(node, index);
    let from: Index = [];
    this.evaluator.lower(node, index, (of) => (i) => {
      if (of !== operand) return this.evaluator.at(of, i);
      from = i;
      return k.float(0);
    });
    if (!isSlice(node) && lastKey(from) !== lastKey(index)) return this.apart(node, index);
    // A reversed row is 0 past its length: more than a view.
    if (isReverse(node)) return this.mirrored(node, operands, index, from);
    return this.at(operand, from);
  }

  private mirrored(
    node: Node,
    [operand, lengths]: readonly Node[],
    index: Index,
    from: Index,
  ): Expression {
    const [row, t] = index;
    if (operand === undefined || lengths === undefined || row === undefined || t === undefined) {
      return this.apart(node, index);
    }
    if (index.length < 3) return this.apart(node, index);
    const active = k.less(t, this.evaluator.at(lengths, [row]));
    const value = this.at(operand, from);
    return k.select(active, value, k.unary('splat', k.float(0)));
  }

  private apart(node: Node, index: Index): Expression {
    const outer = index.slice(0, -1);
    const last = present(index.at(-1), 'an index');
    const lanes = Array.from({ length: four }, (_, lane) =>
      this.evaluator.at(node, [...outer, k.add(last, k.int(lane))]),
    );
    return k.pack(lanes);
  }
}

/**
 * A sum or maximum along the last axis, for one element: four running values, the rest one by one,
 * then all together in a fixed order. Undefined where it is something else.
 */
export function alongLastAxis(
  fours: FourEvaluator,
  node: Node,
  index: Index,
): Expression | undefined {
  const { source } = node;
  if (source.kind !== 'op' || node.type.dtype !== 'float') return undefined;
  const { op, attributes } = source.instruction;
  const [operand] = source.operands;
  const listed = attributes['axes'];
  if (operand === undefined || !Array.isArray(listed)) return undefined;
  if (op !== 'reduceSum' && op !== 'reduceMax') return undefined;
  const { shape } = operand.type;
  const axes = shape.map((_, axis) => axis).filter((axis) => listed.some((a) => a === axis));
  if (axes.at(-1) !== shape.length - 1 || shape.length === 0) return undefined;
  const { emitter } = fours.evaluator;
  const initial = k.float(op === 'reduceSum' ? 0 : -Infinity);
  const join = (x: Expression, y: Expression): Expression =>
    op === 'reduceSum' ? k.add(x, y) : k.call('maximum', [x, y], 'f32');
  const running = emitter.variable('lanes', k.unary('splat', initial));
  const rest = emitter.variable('rest', initial);
  const extent = emitter.named(dimSize(present(shape.at(-1), 'an axis')), 'n');
  const whole = emitter.named(k.sub(extent, k.mod(extent, k.int(four))), 'whole');
  const place = (along: Index): Index => {
    const [inner, kept] = [[...along], [...index]];
    const of = shape.map((_, axis) => (axes.includes(axis) ? inner : kept).shift());
    return of.map((i) => present(i, 'an index'));
  };
  const nest = (at: number, along: Index): void => {
    const axis = axes[at];
    if (axis !== undefined && at < axes.length - 1) {
      const size = emitter.named(dimSize(present(shape[axis], 'an axis')), 'n');
      emitter.loop('k', size, (i) => nest(at + 1, [...along, i]));
      return;
    }
    const range = { from: k.int(0), to: whole, step: k.int(four) };
    emitter.loopBy('k', range, (i) => {
      emitter.assign(running, join(running, fours.at(operand, place([...along, i]))));
    });
    emitter.loop(
      'k',
      extent,
      (i) => emitter.assign(rest, join(rest, fours.evaluator.at(operand, place([...along, i])))),
      whole,
    );
  };
  nest(0, []);
  const [a, b, c, d] = ([0, 1, 2, 3] as const).map((lane) => k.lane(running, lane));
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return join(join(join(a, b), join(c, d)), rest);
}

/** Whether the element is the same all along the last axis. */
export function isSpread(node: Node): boolean {
  const { source } = node;
  if (node.place !== undefined) return false;
  if (source.kind === 'step') return node.type.shape.length > 1 && isSpread(source.of);
  if (source.kind !== 'op') return false;
  const { op, attributes } = source.instruction;
  if (op === 'constant') return true;
  if (isElementwiseNode(node)) return source.operands.every(isSpread);
  const { axes } = attributes;
  if (op !== 'broadcast' || !Array.isArray(axes)) return false;
  return !axes.some((axis) => axis === node.type.shape.length - 1);
}

function isSlice({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'slice';
}

function isReverse({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'reverse';
}

function lastKey(index: Index): string | undefined {
  const last = index.at(-1);
  return last === undefined ? undefined : keyOf(last);
}
