/**
 * Copies of what products multiply, laid out in the order in which a tile of a product reads them:
 * without them a tile would fetch a line of memory for every number that it uses. A copy is made by
 * a kernel of its own, before the first kernel or loop that reads it; of what does not change from
 * run to run, once.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixed, fixedValue, type Dim, type Shape } from '../graph/dim.ts';
import { elementCount, plus, polynomial, times, type Polynomial } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { FourEvaluator } from './evaluate-fours.ts';
import type { Index } from './fours.ts';
import { Evaluator } from './evaluate.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node, Tensor } from './node.ts';
import { four, lanesFrom } from './quads.ts';
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
  private readonly owners = new Map<object, number>();
  private fresh: Pack[] = [];

  /** The operand for the tiles of one kernel, which is `owner`; its one free axis are columns. */
  panel(owner: object, operand: Operand, width: Dim): Panel {
    const id = this.owners.get(owner) ?? this.owners.size;
    this.owners.set(owner, id);
    return this.find(`panel ${id} ${keyOf(operand)}`, () => new Panel(operand, width, 'whole'));
  }

  /** The operand by fours of its one free axis, for whoever asks. */
  fours(operand: Operand): Panel {
    const axis = present(operand.free[0], 'a free axis');
    const width = present(operand.node.type.shape[axis], 'an axis');
    const panel = this.find(`fours ${keyOf(operand)}`, () => new Panel(operand, width, 'all'));
    panel.segment(0);
    return panel;
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
    // The key begins with what it is.
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

/**
 * Columns by tiles: a tile is `fours` neighbouring fours, of each of some segments of the operand,
 * such as the gates of a cell. All of a tile's numbers for one term lie side by side, term after
 * term. Where columns run out, the last ones stand in.
 */
export class Panel implements Pack {
  readonly draft: KernelDraft;
  readonly tensor: Tensor;
  /** Fours of a segment in a tile; to be said before the kernel is written that reads them. */
  fours = 1;
  private readonly operand: Operand;
  private readonly width: Dim;
  private readonly extent: 'whole' | 'all';
  /** The column where each segment begins. */
  private readonly offsets: number[] = [];

  /** `whole`: without the columns at the end that make no four. */
  constructor(operand: Operand, width: Dim, extent: 'whole' | 'all') {
    this.operand = operand;
    this.width = width;
    this.extent = extent;
    const { node } = operand;
    this.draft = new KernelDraft('pack', 1, node.region.symbols);
    const size = (): Polynomial => this.size();
    this.tensor = {
      name: `${node.name}.panel`,
      element: 'f32',
      kept: false,
      get length() {
        return size();
      },
    };
  }

  /** The position of the segment whose first column this is. */
  segment(offset: number): number {
    const known = this.offsets.indexOf(offset);
    return known < 0 ? this.offsets.push(offset) - 1 : known;
  }

  /** Elements from one term of a tile to the next, once all segments are known. */
  get stride(): number {
    return four * this.fours * this.offsets.length;
  }

  /** Elements of a tile. */
  get tileSize(): Expression {
    return k.mul(shapeSize(this.terms), k.int(this.stride));
  }

  write(): void {
    const { draft, terms } = this;
    const outer = terms.slice(0, -1);
    const last = dimSize(terms.at(-1) ?? fixed(1));
    const blocks = k.ceilDiv(last, k.int(block));
    const tiles = this.tiles();
    draft.groups = k.mul(tiles, k.mul(shapeSize(outer), blocks));
    const emitter = new Emitter(draft.symbols);
    const evaluator = new Evaluator(emitter, draft, new Set());
    emitter.keepLoadsHere();
    const tile = emitter.named(k.mod(group, tiles), 'tile');
    const stretch = emitter.named(k.div(group, tiles), 'stretch');
    const outside = emitter.named(k.div(stretch, blocks), 'outer');
    const at = unflatten(outside, outer).map((i) => emitter.named(i, 'at'));
    const from = emitter.named(k.mul(k.mod(stretch, blocks), k.int(block)), 'from');
    const to = emitter.named(k.min(k.add(from, k.int(block)), last), 'to');
    const before = k.mul(k.mul(outside, last), k.int(this.stride));
    const base = emitter.named(k.add(k.mul(tile, this.tileSize), before), 'base');
    const columns = this.columnsOf(emitter, tile);
    emitter.loop('k', to, (term) => this.writeTerm(evaluator, { base, columns, at, term }), from);
    draft.statements.push(...emitter.statements);
  }

  /** Where each of the tile's fours begins in a segment, or its columns where they run out. */
  private columnsOf(emitter: Emitter, tile: Expression): readonly ColumnsOfFour[] {
    const even = this.extent === 'whole' || (fixedValue(this.width) ?? 1) % four === 0;
    const end = k.sub(dimSize(this.width), k.int(1));
    return Array.from({ length: this.fours }, (_, i): ColumnsOfFour => {
      const at = k.add(k.mul(tile, k.int(this.fours)), k.int(i));
      const held = this.isEven() ? at : k.min(at, k.sub(this.count(), k.int(1)));
      const first = emitter.multipleOfFour(k.mul(held, k.int(four)), 'first');
      if (even) return { first };
      const lanes = lanesFrom(first).map((j) => emitter.named(k.min(j, end), 'column'));
      return { first, lanes };
    });
  }

  private writeTerm(evaluator: Evaluator, { base, columns, at, term }: Term): void {
    const { operand, fours } = this;
    const { emitter } = evaluator;
    const memory = this.draft.writes(this.tensor);
    const fourEvaluator = new FourEvaluator(evaluator);
    const isLast = operand.free[0] === operand.node.type.shape.length - 1;
    const axes = [...operand.free, ...operand.contracted];
    const index = emitter.sum([base, k.mul(term, k.int(this.stride))], 'i');
    this.offsets.forEach((offset, segment) => {
      const place = (column: Expression): Index =>
        placed(axes, [k.add(column, k.int(offset)), ...at, term]);
      columns.forEach(({ first, lanes }, i) => {
        const value =
          isLast && lanes === undefined
            ? fourEvaluator.at(operand.node, place(first))
            : k.pack((lanes ?? lanesFrom(first)).map((j) => evaluator.at(operand.node, place(j))));
        const here = k.add(index, k.int(four * (segment * fours + i)));
        emitter.push({ kind: 'store', memory, index: here, value });
      });
    });
  }

  private get terms(): Shape {
    return pick(this.operand.node, this.operand.contracted);
  }

  private tiles(): Expression {
    return k.ceilDiv(this.count(), k.int(this.fours));
  }

  private count(): Expression {
    const width = dimSize(this.width);
    return this.extent === 'whole' ? k.div(width, k.int(four)) : k.ceilDiv(width, k.int(four));
  }

  /** Whether the fours make whole tiles. */
  private isEven(): boolean {
    const count = this.count();
    return this.fours === 1 || (count.kind === 'number' && count.value % this.fours === 0);
  }

  private size(): Polynomial {
    const unit = four * this.fours;
    const { constant, terms } = this.width;
    const columns =
      terms.length === 0
        ? polynomial(Math.ceil(constant / unit) * unit)
        : plus(elementCount([this.width]), polynomial(unit - 1));
    return times(times(columns, polynomial(this.offsets.length)), elementCount(this.terms));
  }
}

interface ColumnsOfFour {
  readonly first: Expression;
  /** All four, where they are not neighbours. */
  readonly lanes?: readonly Expression[];
}

/** One term of a tile: where the tile lies, its columns, and the term's place along its axes. */
interface Term {
  readonly base: Expression;
  readonly columns: readonly ColumnsOfFour[];
  readonly at: Index;
  readonly term: Expression;
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
