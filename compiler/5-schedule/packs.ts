/**
 * Copies of what products multiply, laid out in the order in which a tile of a product reads them:
 * without them a tile would fetch a line of memory for every number that it uses. A copy is made by
 * a kernel of its own, before the first kernel or loop that reads it; of what does not change from
 * run to run, once.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixed, type Dim, type Shape } from '../graph/dim.ts';
import { elementCount, plus, polynomial, times, type Polynomial } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { FourEvaluator, type Index } from './evaluate-fours.ts';
import { Evaluator } from './evaluate.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node, Tensor } from './node.ts';
import { four } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** One side of a product: a matrix of its free axes by its contracted ones. */
export interface Operand {
  readonly node: Node;
  readonly free: readonly number[];
  /** In the order in which the product goes through them. */
  readonly contracted: readonly number[];
}

/** Terms that one turn of a copy's kernel goes through. */
const block = 16;

export class Packs {
  private readonly known = new Map<string, Pack>();
  private fresh: Pack[] = [];

  /**
   * The operand by fours: element (c, k) of columns from `offset` on is at
   * `base + (c - c % 4) * terms + 4 * k + c % 4`. The one free axis has `width` of them.
   */
  fours(operand: Operand, offset: number, width: Dim): { tensor: Tensor; base: Expression } {
    const key = `fours ${keyOf(operand)} ${JSON.stringify(width)}`;
    const pack = this.find(key, () => new FoursPack(operand, width));
    return { tensor: pack.tensor, base: pack.baseOf(offset) };
  }

  /** The operand as a dense matrix, row by row. */
  rows(operand: Operand): Tensor {
    return this.find(`rows ${keyOf(operand)}`, () => new RowsPack(operand)).tensor;
  }

  /** Kernels that nobody has taken yet; they are written when all that is asked for is known. */
  takeNew(): readonly KernelDraft[] {
    const drafts = this.fresh.map((pack) => pack.draft);
    this.fresh = [];
    return drafts;
  }

  finish(): void {
    for (const pack of this.known.values()) pack.write();
  }

  private find<P extends Pack>(key: string, make: () => P): P {
    const known = this.known.get(key);
    // The key says which of the two it is.
    if (known !== undefined) return known as P;
    const pack = make();
    this.known.set(key, pack);
    this.fresh.push(pack);
    return pack;
  }
}

function keyOf({ node, free, contracted }: Operand): string {
  return `${node.id} ${free.join(',')} ${contracted.join(',')}`;
}

interface Pack {
  readonly tensor: Tensor;
  readonly draft: KernelDraft;
  write(): void;
}

class RowsPack implements Pack {
  readonly tensor: Tensor;
  readonly draft: KernelDraft;
  private readonly operand: Operand;

  constructor(operand: Operand) {
    this.operand = operand;
    const { node } = operand;
    const length = elementCount(node.type.shape);
    this.tensor = { name: `${node.name}.rows`, element: 'f32', length, kept: false };
    this.draft = new KernelDraft('pack', 1, node.region.symbols);
  }

  write(): void {
    const { operand, tensor, draft } = this;
    const { node, free, contracted } = operand;
    const axes = [...free, ...contracted];
    const shape = pick(node, axes);
    const inner = shape.slice(-1);
    const outer = shape.slice(0, -1);
    draft.groups = shapeSize(outer);
    const emitter = new Emitter(draft.symbols);
    const evaluator = new Evaluator(emitter, draft, new Set());
    emitter.keepLoadsHere();
    const at = unflatten(group, outer).map((i) => emitter.named(i, 'at'));
    const memory = draft.writes(tensor);
    const width = emitter.named(shapeSize(inner), 'n');
    emitter.loop('k', width, (i) => {
      const value = evaluator.at(node, placed(axes, [...at, i]));
      const index = emitter.sum([k.mul(group, width), i], 'i');
      emitter.push({ kind: 'store', memory, index, value });
    });
    draft.statements.push(...emitter.statements);
  }
}

class FoursPack implements Pack {
  readonly draft: KernelDraft;
  readonly tensor: Tensor;
  private readonly operand: Operand;
  private readonly width: Dim;
  private readonly offsets: number[] = [];

  constructor(operand: Operand, width: Dim) {
    this.operand = operand;
    this.width = width;
    const { node } = operand;
    this.draft = new KernelDraft('pack', 1, node.region.symbols);
    const { offsets } = this;
    const segment = times(roundedUp(width), elementCount(pick(node, operand.contracted)));
    this.tensor = {
      name: `${node.name}.fours`,
      element: 'f32',
      kept: false,
      get length() {
        return times(polynomial(offsets.length), segment);
      },
    };
  }

  /** Where the columns from an offset on begin. */
  baseOf(offset: number): Expression {
    let position = this.offsets.indexOf(offset);
    if (position < 0) position = this.offsets.push(offset) - 1;
    return k.mul(k.int(position), this.segmentSize());
  }

  private segmentSize(): Expression {
    const terms = shapeSize(pick(this.operand.node, this.operand.contracted));
    return k.mul(k.mul(k.ceilDiv(dimSize(this.width), k.int(four)), k.int(four)), terms);
  }

  write(): void {
    const { operand, draft, width, tensor, offsets } = this;
    const { node, free, contracted } = operand;
    const shape = pick(node, contracted);
    const outer = shape.slice(0, -1);
    const last = dimSize(shape.at(-1) ?? fixed(1));
    const blocks = k.ceilDiv(last, k.int(block));
    draft.groups = k.mul(shapeSize(outer), blocks);
    const emitter = new Emitter(draft.symbols);
    const evaluator = new Evaluator(emitter, draft, new Set());
    const fours = new FourEvaluator(evaluator);
    emitter.keepLoadsHere();
    const outside = emitter.named(k.div(group, blocks), 'outer');
    const at = unflatten(outside, outer).map((i) => emitter.named(i, 'at'));
    const from = emitter.named(k.mul(k.mod(group, blocks), k.int(block)), 'from');
    const to = emitter.named(k.min(k.add(from, k.int(block)), last), 'to');
    const memory = draft.writes(tensor);
    const axes = [...free, ...contracted];
    const terms = emitter.named(shapeSize(shape), 'terms');
    const before = emitter.named(k.mul(outside, last), 'before');
    const size = dimSize(width);
    const isLast = free[0] === node.type.shape.length - 1;
    const whole = emitter.named(k.mul(k.div(size, k.int(four)), k.int(four)), 'whole');
    const copy = (
      offset: number,
      first: Expression,
      value: (term: Expression) => Expression,
    ): void => {
      const base = emitter.sum(
        [this.baseOf(offset), k.mul(first, terms), k.mul(before, k.int(four))],
        'i',
      );
      emitter.loop(
        'k',
        to,
        (term) => {
          const index = emitter.sum([base, k.mul(term, k.int(four))], 'i');
          emitter.push({ kind: 'store', memory, index, value: value(term) });
        },
        from,
      );
    };
    for (const offset of offsets) {
      const lanes =
        (columns: readonly Expression[]) =>
        (term: Expression): Expression =>
          k.pack(columns.map((c) => evaluator.at(node, placed(axes, [c, ...at, term]))));
      emitter.loopBy('first', { from: k.int(0), to: whole, step: k.int(four) }, (first) => {
        const column = k.add(first, k.int(offset));
        const columns = [0, 1, 2, 3].map((lane) => k.add(column, k.int(lane)));
        const value = (term: Expression): Expression =>
          fours.at(node, placed(axes, [column, ...at, term]));
        copy(offset, first, isLast ? value : lanes(columns));
      });
      if (size.kind === 'number' && size.value % four === 0) continue;
      emitter.when(k.less(whole, size), () => {
        const end = k.sub(size, k.int(1));
        const columns = [0, 1, 2, 3].map((lane) =>
          emitter.named(k.add(k.min(k.add(whole, k.int(lane)), end), k.int(offset)), 'column'),
        );
        copy(offset, whole, lanes(columns));
      });
    }
    draft.statements.push(...emitter.statements);
  }
}

function pick({ type }: Node, axes: readonly number[]): Shape {
  return axes.map((axis) => present(type.shape[axis], 'an axis'));
}

/** The index of a node from those along its axes, in the order of `axes`. */
export function placed(axes: readonly number[], index: Index): Index {
  const at: Expression[] = [];
  axes.forEach((axis, i) => (at[axis] = present(index[i], 'an index')));
  return at;
}

/** A width up to a multiple of 4, or somewhat more where it is open. */
function roundedUp({ constant, terms }: Dim): Polynomial {
  if (terms.length === 0) return polynomial(Math.ceil(constant / four) * four);
  return plus(elementCount([{ constant, terms }]), polynomial(four - 1));
}
