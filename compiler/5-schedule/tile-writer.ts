/**
 * Kernels of fours for processors, loop by loop. Where the elements are sums, a tile of rows and
 * columns is computed in one loop over the terms, so that each number that is loaded serves several
 * of them; the tile stays in registers, and what hangs on the sums is computed while it is there.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { alongLastAxis } from './along-last-axis.ts';
import { Emitter } from './emitter.ts';
import { FourEvaluator } from './evaluate-fours.ts';
import { Evaluator, hintOf } from './evaluate.ts';
import { FourProducts, type TilePosition } from './four-products.ts';
import type { Index } from './fours.ts';
import type { KernelItem, Root } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Packs } from './packs.ts';
import { maskedValue, rootStores } from './point-kernel.ts';
import { four, laneOf, lanesFrom, liesInQuads, quadOf } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Running f32x4 of a tile: what V8 keeps in registers, with what they are made of. */
export const accumulators = 8;
/** Rows of a product that a workgroup goes through: their left side stays in the nearest cache. */
const rowsOfBlock = 64;
/** Elements of a workgroup that only does arithmetic, and its rows where their width is open. */
const elementsOfBlock = 4096;
const rowsOfOpen = 8;

export interface TileForm {
  /** Sums that one four of the domain takes. */
  readonly sums: number;
  /** Rows and fours of columns that are computed together. */
  readonly rows: number;
  readonly fours: number;
}

export function evaluatorsOf(
  item: KernelItem,
  draft: KernelDraft,
): { emitter: Emitter; evaluator: Evaluator } {
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const fours = new FourEvaluator(evaluator);
  evaluator.reducer = (node, index) => alongLastAxis(fours, node, index);
  return { emitter, evaluator };
}

export class TileWriter {
  private readonly item: KernelItem;
  private readonly form: TileForm;
  private readonly packs: Packs;
  private readonly draft: KernelDraft;
  private readonly emitter: Emitter;
  private readonly evaluator: Evaluator;
  private readonly rows: Expression;
  private readonly width: Expression;
  private readonly positions = new Map<string, TilePosition>();

  constructor(item: KernelItem, name: string, packs: Packs, form: TileForm) {
    this.item = item;
    this.form = form;
    this.packs = packs;
    this.draft = new KernelDraft(name, 1, item.region.symbols);
    const { emitter, evaluator } = evaluatorsOf(item, this.draft);
    this.emitter = emitter;
    this.evaluator = evaluator;
    this.rows = shapeSize(item.domain.slice(0, -1));
    this.width = dimSize(present(item.domain.at(-1), 'columns'));
  }

  /** How many sums one four of the domain takes. */
  sums(): number {
    const fours = this.fours(1);
    this.emitter.loopBy('first', { from: k.int(0), to: this.width, step: k.int(four) }, (first) => {
      if (first.kind === 'local') {
        this.positions.set(first.name, { tile: k.int(0), position: 0 });
      }
      this.tile(fours, [k.int(0)], [first]);
    });
    return fours.sums;
  }

  /** Sums: a workgroup has a tile of columns, and goes through a block of rows. */
  tiles(): KernelDraft {
    const { draft, emitter, form, rows, width } = this;
    const quads = k.div(width, k.int(four));
    const tiles = k.ceilDiv(quads, k.int(form.fours));
    const across = this.hasRest() ? k.add(tiles, k.int(1)) : tiles;
    draft.groups = k.mul(k.ceilDiv(rows, k.int(rowsOfBlock)), across);
    const tile = emitter.named(k.mod(group, across), 'tile');
    const from = emitter.multipleOfFour(k.mul(k.div(group, across), k.int(rowsOfBlock)), 'from');
    const to = emitter.named(k.min(k.add(from, k.int(rowsOfBlock)), rows), 'to');
    const whole = (): void => {
      // What is loaded here may not be there for the columns that are left over.
      emitter.keepLoadsHere();
      const last = k.sub(quads, k.int(1));
      const firsts = Array.from({ length: form.fours }, (_, i) => {
        const at = k.add(k.mul(tile, k.int(form.fours)), k.int(i));
        const held = i === 0 || this.dividesInto(form.fours) ? at : k.min(at, last);
        const first = emitter.defineMultipleOfFour(k.mul(held, k.int(four)), 'first');
        this.positions.set(first.name, { tile, position: i });
        return first.value;
      });
      this.rowTiles(from, to, firsts);
    };
    if (this.hasRest()) {
      emitter.when(k.less(tile, tiles), whole);
      emitter.when(k.equal(tile, tiles), () => {
        emitter.keepLoadsHere();
        emitter.loop('row', to, (row) => this.rest(row, k.mul(quads, k.int(four)), width), from);
      });
    } else {
      whole();
    }
    return this.finish();
  }

  /** Arithmetic alone: a workgroup has some rows, or a stretch of one. */
  stretches(): KernelDraft {
    const { draft, emitter, rows, width, item } = this;
    const stretch = item.domain.length === 1 ? elementsOfBlock / four : elementsOfBlock;
    const across = k.ceilDiv(width, k.int(stretch));
    const fixedWidth = width.kind === 'number' ? width.value : elementsOfBlock / rowsOfOpen;
    const down = Math.max(1, Math.floor(elementsOfBlock / Math.max(1, fixedWidth)));
    draft.groups = k.mul(k.ceilDiv(rows, k.int(down)), across);
    const from = emitter.named(k.mul(k.div(group, across), k.int(down)), 'from');
    const to = emitter.named(k.min(k.add(from, k.int(down)), rows), 'to');
    const start = emitter.multipleOfFour(k.mul(k.mod(group, across), k.int(stretch)), 'start');
    const end = emitter.named(k.min(k.add(start, k.int(stretch)), width), 'end');
    const whole = this.hasRest()
      ? emitter.named(k.sub(end, k.mod(end, k.int(four))), 'whole')
      : end;
    emitter.loop(
      'row',
      to,
      (row) => {
        const range = { from: start, to: whole, step: k.int(four) };
        emitter.loopBy('first', range, (first) => this.tile(this.fours(1), [row], [first]));
        if (this.hasRest()) this.rest(row, whole, end);
      },
      from,
    );
    return this.finish();
  }

  private finish(): KernelDraft {
    this.draft.statements.push(...joinLoops(this.emitter.statements));
    return this.draft;
  }

  private fours(partial: number, single = false): FourEvaluator {
    const { evaluator, packs, item, positions: tiles } = this;
    const width = present(item.domain.at(-1), 'columns');
    const { region } = item;
    const form = { owner: item, packs, region, width, partial, tiles, single };
    const products = new FourProducts(evaluator, { ...form, fours: this.form.fours });
    return new FourEvaluator(evaluator, products);
  }

  /** Whether columns are left over that make no four. */
  private hasRest(): boolean {
    return this.width.kind !== 'number' || this.width.value % four !== 0;
  }

  private dividesInto(fours: number): boolean {
    return this.width.kind === 'number' && Math.floor(this.width.value / four) % fours === 0;
  }

  /** Tiles of as many rows as there are to be, then the rows that are left one by one. */
  private rowTiles(from: Expression, to: Expression, firsts: readonly Expression[]): void {
    const { emitter } = this;
    const { rows } = this.form;
    if (rows > 1) {
      const end = emitter.named(k.sub(to, k.int(rows - 1)), 'end');
      emitter.loopBy('row', { from, to: end, step: k.int(rows) }, (row) => {
        const here = Array.from({ length: rows }, (_, i) => k.add(row, k.int(i)));
        this.tile(this.fours(1), here, firsts);
      });
    }
    const left = rows > 1 ? k.sub(to, k.mod(k.sub(to, from), k.int(rows))) : from;
    // As many running sums as registers allow: one waits for the one before it.
    const partial = Math.min(
      4,
      Math.max(1, Math.floor(accumulators / this.form.fours / this.form.sums)),
    );
    emitter.loop(
      'row',
      to,
      (row) => this.tile(this.fours(partial, true), [row], firsts),
      emitter.named(left, 'left'),
    );
  }

  /** All is computed before the first is stored. */
  private tile(
    fours: FourEvaluator,
    rows: readonly Expression[],
    firsts: readonly Expression[],
  ): void {
    const stores = rows.flatMap((row) => {
      const outer = this.outerIndex(row);
      return firsts.flatMap((first) =>
        this.item.roots.flatMap((root) => this.storesOf(fours, root, outer, first)),
      );
    });
    this.emitter.push(...stores);
  }

  private storesOf(
    fours: FourEvaluator,
    root: Root,
    outer: Index,
    first: Expression,
  ): readonly Statement[] {
    const { evaluator, draft, emitter } = this;
    const { place, node } = root;
    if (node.type.dtype !== 'float') {
      return lanesFrom(first).flatMap((j) => rootStores(evaluator, draft, [root], [...outer, j]));
    }
    const index = [...outer, first];
    const masked = maskedValue(evaluator, root, index, (of, at) => fours.at(of, at));
    const value = emitter.named(masked, hintOf(node));
    const memory = draft.writes(place.tensor);
    const last = place.strides.at(-1);
    if (last?.kind === 'number' && last.value === 1) {
      const at = evaluator.addressOf(place, index);
      const aligned = liesInQuads(place) && quadOf(first, emitter)?.lane === 0;
      const store = { kind: 'store', memory, index: at, value } as const;
      return [aligned ? store : { ...store, unaligned: true }];
    }
    return lanesFrom(first).map((j, lane) => ({
      kind: 'store',
      memory,
      index: evaluator.addressOf(place, [...outer, j]),
      value: k.lane(value, laneOf(lane)),
    }));
  }

  /** Columns that make no four, one by one. */
  private rest(row: Expression, from: Expression, to: Expression): void {
    const { emitter, evaluator, draft, item } = this;
    const outer = this.outerIndex(row);
    emitter.loop(
      'column',
      to,
      (column) => emitter.push(...rootStores(evaluator, draft, item.roots, [...outer, column])),
      from,
    );
  }

  private outerIndex(row: Expression): Index {
    const outer = this.item.domain.slice(0, -1);
    // One axis is left as it is: that a row is some rows after another can then be seen.
    if (outer.length <= 1) return outer.map(() => row);
    return unflatten(row, outer).map((i) => this.emitter.named(i, 'at'));
  }
}
