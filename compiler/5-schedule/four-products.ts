/**
 * Four neighbouring columns of a product in one row: a running f32x4 over all terms. The right
 * side is read from a copy in which the four lie next to each other, term after term; the left
 * side where its terms are neighbours, or from a copy too.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import type { Dim } from '../graph/dim.ts';
import * as k from '../kernel/build.ts';
import { sideOf } from '../ops/dot.ts';
import type { Index, Products } from './fours.ts';
import { numbersOf } from './codes.ts';
import { hintOf, type Evaluator } from './evaluate.ts';
import type { Node, Region } from './node.ts';
import { placed, type Operand } from './operand.ts';
import type { Packs } from './packs.ts';
import type { Panel } from './panel.ts';
import { four, quadOf } from './quads.ts';
import { dimSize, shapeSize } from './sizes.ts';

/** Where a four of the kernel's columns is: which tile's it is, and which of them. */
export interface TilePosition {
  readonly tile: Expression;
  readonly position: number;
}

export interface ProductForm {
  /** The kernel's, to whom the copies for its tiles belong. */
  readonly owner: object;
  readonly packs: Packs;
  /** By the name of the column that begins a four. */
  readonly tiles: ReadonlyMap<string, TilePosition>;
  /** Fours of a tile. */
  readonly fours: number;
  /** Where the kernel runs: what its region changes cannot be copied beforehand. */
  readonly region: Region;
  /** Columns of the kernel's domain. */
  readonly width: Dim;
  /** Running sums of each four: more than one where a tile has few, and each waits for its last. */
  readonly partial: number;
  /** Whether the rows of a tile are one. */
  readonly single: boolean;
}

export class FourProducts implements Products {
  private readonly evaluator: Evaluator;
  private readonly form: ProductForm;

  constructor(evaluator: Evaluator, form: ProductForm) {
    this.evaluator = evaluator;
    this.form = form;
  }

  /** Undefined where the product cannot be computed so. */
  at(node: Node, index: Index): Expression | undefined {
    const sides = sidesOf(node);
    if (sides === undefined) return undefined;
    const { left, right } = sides;
    const column = columnOf(present(index.at(-1), 'a column'));
    if (column === undefined || !this.mayCopy(right.node)) return undefined;
    const rows = index.slice(0, -1);
    const leftTerm = this.leftTerm(left, rows);
    if (leftTerm === undefined) return undefined;
    const { emitter } = this.evaluator;
    const shape = right.contracted.map((axis) => present(right.node.type.shape[axis], 'an axis'));
    const terms = emitter.named(shapeSize(shape), 'terms');
    const { packs, owner, width, fours, tiles } = this.form;
    const { tile, position } = present(tiles.get(column.first), `a tile with ${column.first}`);
    const segment = packs.segment(owner, right, column.offset);
    const panel = packs.panel(owner, right, width, this.form.single);
    panel.fours = fours;
    const { stride } = panel;
    const inTile = segment * fours + position;
    const weights = this.weightsOf(panel, tile, inTile);
    const start = emitter.named(k.mul(tile, panel.tileSize), 'start');
    const sums = Array.from({ length: this.partialFor(terms) }, () =>
      emitter.variable(`${hintOf(node)}_sum`, k.unary('splat', k.float(0))),
    );
    const range = { from: k.int(0), to: terms, step: k.int(sums.length) };
    emitter.loopBy('k', range, (term) => {
      sums.forEach((sum, i) => {
        const here = k.add(term, k.int(i));
        const address = k.add(
          emitter.sum([start, k.mul(term, k.int(stride))], 'i'),
          k.int(panel.unit * inTile + i * stride),
        );
        const x = emitter.named(k.unary('splat', leftTerm(here)), 'x');
        const w = emitter.named(weights(address), 'w');
        emitter.assign(sum, k.add(sum, k.mul(x, w)));
      });
    });
    return sums.reduce((total, sum) => k.add(total, sum));
  }

  /** A four of the panel, which is this one in its tile, by where a term of it lies. */
  private weightsOf(
    panel: Panel,
    tile: Expression,
    inTile: number,
  ): (address: Expression) => Expression {
    const { emitter } = this.evaluator;
    const memory = this.evaluator.reads(panel.tensor);
    const { scales, foursOfTile } = panel;
    if (scales === undefined) return (address) => k.load(memory, address, 'f32x4');
    const first = emitter.named(k.mul(tile, k.int(four * foursOfTile)), 'first');
    const at = k.add(first, k.int(four * inTile));
    const scale = emitter.named(k.load(this.evaluator.reads(scales), at, 'f32x4'), 'scale');
    return (address) => numbersOf(k.load(memory, address, 'i32'), scale);
  }

  /** As many running sums as are wanted, or half of them, if they share the terms evenly. */
  private partialFor(terms: Expression): number {
    if (terms.kind !== 'number') return 1;
    const { partial } = this.form;
    return [partial, partial / 2].find((n) => n >= 1 && terms.value % n === 0) ?? 1;
  }

  /** Whether the node's value is there before the kernel, or the loop around it, begins. */
  private mayCopy({ region }: Node): boolean {
    return this.form.region.kind === 'top' || region !== this.form.region;
  }

  /** The left side's number of a term, as a load. */
  private leftTerm(left: Operand, rows: Index): ((term: Expression) => Expression) | undefined {
    const { emitter } = this.evaluator;
    const [axis] = left.contracted;
    const rank = left.node.type.shape.length;
    if (left.contracted.length === 1 && axis === rank - 1) {
      const axes = [...left.free, axis];
      const direct = this.evaluator.resolve(left.node, placed(axes, [...rows, k.int(0)]));
      const stride = direct?.place.strides.at(-1);
      if (direct !== undefined && stride?.kind === 'number' && stride.value === 1) {
        const memory = this.evaluator.reads(direct.place.tensor);
        const start = this.evaluator.addressOf(direct.place, direct.index);
        const from = emitter.named(start, 'i');
        return (term) => k.load(memory, k.add(from, term), 'f32');
      }
    }
    if (!this.mayCopy(left.node)) return undefined;
    return isTransposed(left) ? this.foursTerm(left, rows) : this.rowsTerm(left, rows);
  }

  private rowsTerm(left: Operand, rows: Index): (term: Expression) => Expression {
    const { emitter } = this.evaluator;
    const shape = left.node.type.shape;
    const memory = this.evaluator.reads(this.form.packs.rows(left));
    const width = shapeSize(left.contracted.map((axis) => present(shape[axis], 'an axis')));
    let row: Expression = k.int(0);
    left.free.forEach((axis, i) => {
      const size = dimSize(present(shape[axis], 'an axis'));
      row = k.add(k.mul(row, size), present(rows[i], 'a row'));
    });
    const from = emitter.named(k.mul(emitter.named(row, 'row'), width), 'i');
    return (term) => k.load(memory, k.add(from, term), 'f32');
  }

  private foursTerm(left: Operand, [row = k.int(0)]: Index): (term: Expression) => Expression {
    const { emitter } = this.evaluator;
    const panel = this.form.packs.fours(left);
    const memory = this.evaluator.reads(panel.tensor);
    const quad = quadOf(row, emitter);
    const lane = quad?.lane;
    const within =
      lane === undefined ? emitter.named(k.mod(row, k.int(four)), 'lane') : k.int(lane);
    const first = quad?.first ?? emitter.named(k.sub(row, within), 'first');
    const start = emitter.named(k.mul(k.div(first, k.int(four)), panel.tileSize), 'start');
    const from = lane === undefined ? emitter.named(k.add(start, within), 'start') : start;
    return (term) =>
      k.load(
        memory,
        k.add(emitter.sum([from, k.mul(term, k.int(four))], 'i'), k.int(lane ?? 0)),
        'f32',
      );
  }
}

/** Whether a row's terms lie apart, and neighbouring rows side by side. */
export function isTransposed({ node, free, contracted }: Operand): boolean {
  const last = node.type.shape.length - 1;
  return free.length === 1 && free[0] === last && contracted.length > 0;
}

/** Both sides of a product of two matrices; undefined for one of many at once, or of none. */
export function sidesOf({ source }: Node): { left: Operand; right: Operand } | undefined {
  if (source.kind !== 'op' || source.instruction.op !== 'dot') return undefined;
  const { attributes } = source.instruction;
  const [left, right] = source.operands;
  if (left === undefined || right === undefined) return undefined;
  const leftSide = sideOf(attributes, 'Left', left.type.shape.length);
  const rightSide = sideOf(attributes, 'Right', right.type.shape.length);
  if (leftSide.batch.length > 0 || rightSide.free.length !== 1) return undefined;
  if (leftSide.contract.length === 0) return undefined;
  return {
    left: { node: left, free: leftSide.free, contracted: leftSide.contract },
    right: { node: right, free: rightSide.free, contracted: rightSide.contract },
  };
}

/** The name that the kernel has for where a four begins, and a number that is added to it. */
function columnOf(column: Expression): { first: string; offset: number } | undefined {
  if (column.kind === 'local') return { first: column.name, offset: 0 };
  if (column.kind !== 'binary' || column.op !== 'add' || column.y.kind !== 'number')
    return undefined;
  const inner = columnOf(column.x);
  return inner === undefined
    ? undefined
    : { first: inner.first, offset: inner.offset + column.y.value };
}
