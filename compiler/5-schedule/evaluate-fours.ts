/**
 * Four neighbouring elements of a float node at once, along its last axis, as one f32x4. Arithmetic
 * works on fours as it does on single numbers; what only moves numbers is followed to where they
 * lie next to each other; what is the same for all four is computed once; and whatever else there
 * is, is put together from four single elements.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { chosen, numbered } from './four-choices.ts';
import { keyOf } from './emitter.ts';
import { hintOf, keyAt, type Evaluator } from './evaluate.ts';
import { isSpread, type Fours, type Index, type Products } from './fours.ts';
import type { Node, Place } from './node.ts';
import { lanesFrom, liesInQuads, quadOf } from './quads.ts';

/** Of floats: `less` and its kin give bools, of which there are no four; `sign` chooses by one. */
const arithmetic: ReadonlySet<string> = new Set(
  [
    'neg exp log tanh sigmoid softplus sqrt abs sin cos erf floor stopGradient',
    'add sub mul div pow max min',
  ].flatMap((line) => line.split(' ')),
);

/** Ops that give an element of their first operand, from a place that they work out. */
const views: ReadonlySet<string> = new Set([
  ...['broadcast', 'reshape', 'transpose', 'slice', 'gather'],
]);

export class FourEvaluator implements Fours {
  readonly evaluator: Evaluator;
  private readonly products: Products | undefined;
  /** Sums that were asked for so far: how many accumulators a tile needs. */
  sums = 0;

  /** Without `products`, a product is put together from single elements. */
  constructor(evaluator: Evaluator, products?: Products) {
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
    const [first] = source.operands;
    if (first !== undefined && (op === 'cast' || op === 'sign')) {
      return numbered(this, op, first, index) ?? this.apart(node, index);
    }
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
    if (condition === undefined || yes === undefined || no === undefined) {
      return this.apart(node, index);
    }
    const values = { yes: this.at(yes, index), no: this.at(no, index) };
    return chosen(this, condition, index, values) ?? this.apart(node, index);
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
    return this.at(operand, from);
  }

  private apart(node: Node, index: Index): Expression {
    const outer = index.slice(0, -1);
    const last = present(index.at(-1), 'an index');
    return k.pack(lanesFrom(last).map((lane) => this.evaluator.at(node, [...outer, lane])));
  }
}

function isSlice({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'slice';
}

function lastKey(index: Index): string | undefined {
  const last = index.at(-1);
  return last === undefined ? undefined : keyOf(last);
}
