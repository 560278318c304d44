/**
 * The right side of a product as tiles of columns. Of weights that a file holds as codes of 8 bits
 * it may be codes: a quarter of the bytes, and whoever reads them multiplies each by the scale of
 * its column.
 */
import type { Expression, MemoryType } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixed, fixedValue, type Dim, type Shape } from '../graph/dim.ts';
import { elementCount, plus, polynomial, times, type Polynomial } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { codesOf, scaled } from './codes.ts';
import { Emitter } from './emitter.ts';
import { FourEvaluator } from './evaluate-fours.ts';
import type { Index } from './fours.ts';
import { Evaluator } from './evaluate.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node, Tensor } from './node.ts';
import { pick, placed, type Operand, type Pack } from './operand.ts';
import { four, lanesFrom } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Terms that one turn of a copy's kernel goes through. */
const block = 16;

export interface PanelForm {
  /** Columns of a segment. */
  readonly width: Dim;
  /** `whole`: without the columns at the end that make no four. */
  readonly extent: 'whole' | 'all';
  /** The column where each segment begins; all are there before the panel is written or read. */
  readonly segments: readonly number[];
}

/**
 * Columns by tiles: a tile is `fours` neighbouring fours, of each of some segments of the operand,
 * such as the gates of a cell. All of a tile's numbers for one term lie side by side, term after
 * term. Where columns run out, the last ones stand in.
 */
export class Panel implements Pack {
  readonly tensor: Tensor;
  /** Where it is of codes: by the tile's fours, what a code of each column is worth. */
  readonly scales: Tensor | undefined;
  /** Fours of a segment in a tile; to be said before the kernel is written that reads them. */
  fours = 1;
  private readonly draft: KernelDraft;
  private readonly scaleDraft: KernelDraft;
  private readonly operand: Operand;
  /** Of each column, if it is of codes. */
  private readonly scaleOf: Node | undefined;
  private readonly width: Dim;
  private readonly extent: 'whole' | 'all';
  private readonly offsets: readonly number[];

  constructor(operand: Operand, { width, extent, segments }: PanelForm, scaleOf?: Node) {
    this.operand = operand;
    this.width = width;
    this.extent = extent;
    this.offsets = segments;
    this.scaleOf = scaleOf;
    const { name, region } = operand.node;
    this.draft = new KernelDraft('pack', 1, region.symbols);
    this.scaleDraft = new KernelDraft('pack.scales', 1, region.symbols);
    const isCoded = scaleOf !== undefined;
    const size = (): Polynomial => times(this.sizeOfTerm(this.unit), elementCount(this.terms));
    this.tensor = lateTensor(`${name}.panel`, isCoded ? 'i32' : 'f32', size);
    const sizeOfTerm = (): Polynomial => this.sizeOfTerm(four);
    this.scales = isCoded ? lateTensor(`${name}.scales`, 'f32', sizeOfTerm) : undefined;
  }

  get drafts(): readonly KernelDraft[] {
    return this.scaleOf === undefined ? [this.draft] : [this.draft, this.scaleDraft];
  }

  /** Elements that a four takes. */
  get unit(): number {
    return this.scaleOf === undefined ? four : 1;
  }

  /** Elements from one term of a tile to the next, once all segments are known. */
  get stride(): number {
    return this.unit * this.foursOfTile;
  }

  /** Fours of a tile's term. */
  get foursOfTile(): number {
    return this.fours * this.offsets.length;
  }

  /** Elements of a tile. */
  get tileSize(): Expression {
    return k.mul(shapeSize(this.terms), k.int(this.stride));
  }

  write(): void {
    this.writeNumbers();
    if (this.scales !== undefined) this.writeScales(this.scales);
  }

  private writeNumbers(): void {
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

  /** Of each tile, one workgroup's. */
  private writeScales(scales: Tensor): void {
    const { scaleDraft: draft, fours } = this;
    draft.groups = this.tiles();
    const emitter = new Emitter(draft.symbols);
    const evaluator = new Evaluator(emitter, draft, new Set());
    emitter.keepLoadsHere();
    const columns = this.columnsOf(emitter, group);
    const memory = draft.writes(scales);
    const base = emitter.named(k.mul(group, k.int(four * this.foursOfTile)), 'base');
    this.offsets.forEach((offset, segment) => {
      columns.forEach((column, i) => {
        const index = k.add(base, k.int(four * (segment * fours + i)));
        const value = scaled(this.scaleAt(evaluator, column, offset));
        emitter.push({ kind: 'store', memory, index, value });
      });
    });
    draft.statements.push(...emitter.statements);
  }

  private scaleAt(evaluator: Evaluator, columns: ColumnsOfFour, offset: number): Expression {
    const node = present(this.scaleOf, 'scales');
    return k.pack(
      (columns.lanes ?? lanesFrom(columns.first)).map((column) =>
        evaluator.at(node, [k.add(column, k.int(offset))]),
      ),
    );
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
    const { operand, fours, unit } = this;
    const { emitter } = evaluator;
    const memory = this.draft.writes(this.tensor);
    const fourEvaluator = new FourEvaluator(evaluator);
    const isLast = operand.free[0] === operand.node.type.shape.length - 1;
    const axes = [...operand.free, ...operand.contracted];
    const index = emitter.sum([base, k.mul(term, k.int(this.stride))], 'i');
    this.offsets.forEach((offset, segment) => {
      const place = (column: Expression): Index =>
        placed(axes, [k.add(column, k.int(offset)), ...at, term]);
      columns.forEach((column, i) => {
        const { first, lanes } = column;
        const numbers =
          isLast && lanes === undefined
            ? fourEvaluator.at(operand.node, place(first))
            : k.pack((lanes ?? lanesFrom(first)).map((j) => evaluator.at(operand.node, place(j))));
        const value =
          this.scaleOf === undefined
            ? numbers
            : codesOf(numbers, this.scaleAt(evaluator, column, offset), emitter);
        const here = k.add(index, k.int(unit * (segment * fours + i)));
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

  /** Elements of all tiles, at most, if a four takes so many; those of open widths are numbers. */
  private sizeOfTerm(unit: number): Polynomial {
    const { constant, terms } = this.width;
    const tile = four * this.fours;
    const elements =
      terms.length === 0
        ? polynomial(Math.ceil(constant / tile) * this.fours * unit)
        : plus(elementCount([this.width]), polynomial(tile - 1));
    return times(elements, polynomial(this.offsets.length));
  }
}

/** Its length is asked for once all that it is to hold is known. */
function lateTensor(name: string, element: MemoryType, size: () => Polynomial): Tensor {
  return {
    name,
    element,
    // Words of codes too: there, what has a fixed size keeps its place whatever batch and time are.
    arena: 'f32',
    kept: false,
    get length() {
      return size();
    },
  };
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
