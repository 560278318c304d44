/**
 * A product as a kernel in which each invocation computes a tile of results in registers, so that
 * every element it loads serves several of them; what hangs on the product (a bias, an activation)
 * is computed while the tile is at hand. No memory is shared and nobody waits: on devices whose
 * barriers are slow this beats staging tiles, and caches do well enough on the others.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import type { Shape } from '../graph/dim.ts';
import * as k from '../kernel/build.ts';
import { sideOf } from '../ops/dot.ts';
import { Emitter } from './emitter.ts';
import { Evaluator } from './evaluate.ts';
import type { KernelItem } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node } from './node.ts';
import { storeQuads, storeRoots } from './point-kernel.ts';
import { four, hasQuads, laneOf, termIndices } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Invocations of a workgroup, as rows and columns of tiles. */
const tilesDown = 8;
const tilesAcross = 8;

/** The axes of a product's domain: batch, rows (free axes of the left), columns (of the right). */
interface Product {
  readonly left: Node;
  readonly right: Node;
  readonly batch: Shape;
  readonly rows: Shape;
  readonly columns: Shape;
  readonly contracted: Shape;
  leftIndex(batch: Index, row: Index, inner: Index): Index;
  rightIndex(batch: Index, column: Index, inner: Index): Index;
}

type Index = readonly Expression[];

/** Whether the kernel's reduction is a product of the kernel's own domain. */
export function isProduct({ reduction, domain }: KernelItem): boolean {
  return (
    reduction?.source.kind === 'op' &&
    reduction.source.instruction.op === 'dot' &&
    // The very same shape: one that is spread over slices has the shape of a slice for its domain.
    reduction.type.shape === domain
  );
}

export function productKernel(item: KernelItem, name: string): KernelDraft {
  const node = present(item.reduction, 'a product');
  const product = productOf(node);
  const draft = new KernelDraft(name, tilesDown * tilesAcross, item.region.symbols);
  const down = tileOf(product.rows);
  const across = tileOf(product.columns);
  const [rows, columns] = [shapeSize(product.rows), shapeSize(product.columns)];
  const rowBlocks = k.ceilDiv(rows, k.int(tilesDown * down));
  const columnBlocks = k.ceilDiv(columns, k.int(tilesAcross * across));
  draft.groups = k.mul(shapeSize(product.batch), k.mul(rowBlocks, columnBlocks));
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const block = emitter.named(k.div(group, columnBlocks), 'block');
  const column = emitter.named(
    k.add(
      k.mul(k.mod(group, columnBlocks), k.int(tilesAcross * across)),
      k.mul(k.mod(k.invocation(0), k.int(tilesAcross)), k.int(across)),
    ),
    'column',
  );
  const row = emitter.named(
    k.add(
      k.mul(k.mod(block, rowBlocks), k.int(tilesDown * down)),
      k.mul(k.div(k.invocation(0), k.int(tilesAcross)), k.int(down)),
    ),
    'row',
  );
  const batch = unflatten(k.div(block, rowBlocks), product.batch).map((i) => emitter.named(i, 'p'));
  emitter.when(k.and(k.less(row, rows), k.less(column, columns)), () => {
    emitter.keepLoadsHere();
    const sides = {
      down: { first: row, total: rows, shape: product.rows, quads: isQuads(product.rows, down) },
      across: {
        first: column,
        total: columns,
        shape: product.columns,
        quads: isQuads(product.columns, across),
      },
    };
    const rowsHere = positions(emitter, sides.down, down, 'row');
    const columnsHere = positions(emitter, sides.across, across, 'column');
    const sums = accumulate(evaluator, product, batch, rowsHere, columnsHere);
    writeTile(evaluator, draft, item, { node, batch, ...sides, rowsHere, columnsHere, sums });
  });
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}

/** Results of one invocation along an axis: fewer where there are only few at all. */
function tileOf(shape: Shape): number {
  const size = shapeSize(shape);
  if (size.kind !== 'number') return 4;
  return size.value >= 3 ? 4 : Math.max(1, size.value);
}

function isQuads(shape: Shape, tile: number): boolean {
  return tile === four && shape.length === 1 && hasQuads(shape[0]);
}

interface Position {
  readonly index: Index;
  /** Whether it is one at all; the last one stands in for those past the end. */
  readonly valid: Expression;
}

function positions(
  emitter: Emitter,
  { first, total, shape, quads }: Side,
  count: number,
  hint: string,
): Position[] {
  if (quads) {
    const from = emitter.multipleOfFour(first, hint);
    return Array.from({ length: count }, (_, i) => ({
      index: [k.add(from, k.int(i))],
      valid: k.bool(true),
    }));
  }
  return Array.from({ length: count }, (_, i) => {
    const flat = emitter.named(k.add(first, k.int(i)), hint);
    const held = i === 0 ? flat : emitter.named(k.min(flat, k.sub(total, k.int(1))), hint);
    const index = unflatten(held, shape).map((e) => emitter.named(e, hint));
    return { index, valid: i === 0 ? k.bool(true) : k.less(flat, total) };
  });
}

/** The sums, by row and column. */
function accumulate(
  evaluator: Evaluator,
  product: Product,
  batch: Index,
  rows: readonly Position[],
  columns: readonly Position[],
): readonly (readonly Expression[])[] {
  const { emitter } = evaluator;
  const { contracted } = product;
  const sums = rows.map(() => columns.map(() => emitter.variable('sum', k.float(0))));
  // Where the last axis is made of quads, a turn of its loop takes four terms of each sum.
  const terms = hasQuads(contracted.at(-1)) ? four : 1;
  const add = (inner: Index): void => {
    const at = termIndices(inner, terms);
    const left = rows.map((r) =>
      at.map((i) => evaluator.at(product.left, product.leftIndex(batch, r.index, i))),
    );
    const right = columns.map((c) =>
      at.map((i) => evaluator.at(product.right, product.rightIndex(batch, c.index, i))),
    );
    sums.forEach((line, i) => {
      line.forEach((sum, j) => {
        const value = at.reduce<Expression>((total, _, q) => {
          const [x, y] = [present(left[i]?.[q], 'a row'), present(right[j]?.[q], 'a column')];
          return k.add(total, k.mul(x, y));
        }, sum);
        emitter.assign(sum, value);
      });
    });
  };
  const nest = (axis: number, inner: Index): void => {
    const dim = contracted[axis];
    if (dim === undefined) {
      add(inner);
      return;
    }
    const step = k.int(axis === contracted.length - 1 ? terms : 1);
    const range = { from: k.int(0), to: emitter.named(dimSize(dim), 'n'), step };
    emitter.loopBy('k', range, (i) => nest(axis + 1, [...inner, i]));
  };
  nest(0, []);
  return sums;
}

/** Rows or columns of the product, and the first that the invocation computes. */
interface Side {
  readonly first: Expression;
  readonly total: Expression;
  readonly shape: Shape;
  /** Whether the tile is a quad of its only axis: all of it is there if its first element is. */
  readonly quads: boolean;
}

interface Tile {
  readonly node: Node;
  readonly batch: Index;
  readonly down: Side;
  readonly across: Side;
  readonly rowsHere: readonly Position[];
  readonly columnsHere: readonly Position[];
  readonly sums: readonly (readonly Expression[])[];
}

function writeTile(evaluator: Evaluator, draft: KernelDraft, item: KernelItem, tile: Tile): void {
  const [root, second] = item.roots;
  const plain = root?.node === tile.node && root.mask === undefined && second === undefined;
  if (plain) writePlain(evaluator, draft, item, tile);
  else writeInTurn(evaluator, draft, item, tile);
}

/** Nothing hangs on the product: each sum is stored. */
function writePlain(
  evaluator: Evaluator,
  draft: KernelDraft,
  item: KernelItem,
  { node, batch, across, rowsHere, columnsHere, sums }: Tile,
): void {
  rowsHere.forEach((row, i) => {
    if (across.quads) {
      evaluator.emitter.when(row.valid, () => {
        const outer = [...batch, ...row.index];
        columnsHere.forEach((column, j) => {
          const index = [...outer, ...column.index];
          evaluator.give(node, index, present(sums[i]?.[j], 'a sum'));
        });
        const first = present(columnsHere[0]?.index[0], 'a column');
        storeQuads(evaluator, draft, item.roots, outer, first);
      });
      return;
    }
    columnsHere.forEach((column, j) => {
      const index = [...batch, ...row.index, ...column.index];
      evaluator.emitter.when(k.and(row.valid, column.valid), () => {
        evaluator.give(node, index, present(sums[i]?.[j], 'a sum'));
        storeRoots(evaluator, draft, item.roots, index);
      });
    });
  });
}

/** What hangs on the product is written once, in a loop over the tile: the text stays short. */
function writeInTurn(
  evaluator: Evaluator,
  draft: KernelDraft,
  item: KernelItem,
  { node, batch, down, across, rowsHere, columnsHere, sums }: Tile,
): void {
  const { emitter } = evaluator;
  const [height, width] = [rowsHere.length, columnsHere.length];
  const memory = 'tile';
  draft.registers.push({ name: memory, element: 'f32', length: height * width });
  if (across.quads) {
    sums.forEach((line, i) => {
      emitter.push({ kind: 'store', memory, index: k.int(i * four), value: k.pack(line) });
    });
    emitter.loop('down', k.int(height), (i) => {
      const r = emitter.named(k.add(down.first, i), 'row');
      emitter.when(k.less(r, down.total), () => {
        emitter.keepLoadsHere();
        const outer = [...batch, ...unflatten(r, down.shape)].map((e) => emitter.named(e, 'at'));
        const whole = emitter.named(k.load(memory, k.mul(i, k.int(four)), 'f32x4'), 'product');
        columnsHere.forEach((column, j) => {
          evaluator.give(node, [...outer, ...column.index], k.lane(whole, laneOf(j)));
        });
        const first = present(columnsHere[0]?.index[0], 'a column');
        storeQuads(evaluator, draft, item.roots, outer, first);
      });
    });
    return;
  }
  sums.flat().forEach((value, i) => {
    emitter.push({ kind: 'store', memory, index: k.int(i), value });
  });
  emitter.loop('down', k.int(height), (i) => {
    emitter.loop('across', k.int(width), (j) => {
      const r = emitter.named(k.add(down.first, i), 'row');
      const c = emitter.named(k.add(across.first, j), 'column');
      emitter.when(k.and(k.less(r, down.total), k.less(c, across.total)), () => {
        emitter.keepLoadsHere();
        const index = [...batch, ...unflatten(r, down.shape), ...unflatten(c, across.shape)].map(
          (e) => emitter.named(e, 'at'),
        );
        const at = k.add(k.mul(i, k.int(width)), j);
        evaluator.give(node, index, emitter.named(k.load(memory, at, 'f32'), node.name));
        storeRoots(evaluator, draft, item.roots, index);
      });
    });
  });
}

function productOf(node: Node): Product {
  const { source } = node;
  if (source.kind !== 'op') throw new CompilerBug('schedule', 'a product is an op');
  const { attributes } = source.instruction;
  const left = present(source.operands[0], 'a left operand');
  const right = present(source.operands[1], 'a right operand');
  const leftSide = sideOf(attributes, 'Left', left.type.shape.length);
  const rightSide = sideOf(attributes, 'Right', right.type.shape.length);
  const pick = (of: Node, axes: readonly number[]): Shape =>
    axes.map((axis) => present(of.type.shape[axis], 'an axis'));
  const place =
    (side: typeof leftSide) =>
    (batch: Index, free: Index, inner: Index): Index => {
      const index: Expression[] = [];
      side.batch.forEach((axis, i) => (index[axis] = present(batch[i], 'an index')));
      side.free.forEach((axis, i) => (index[axis] = present(free[i], 'an index')));
      side.contract.forEach((axis, i) => (index[axis] = present(inner[i], 'an index')));
      return index;
    };
  return {
    left,
    right,
    batch: pick(left, leftSide.batch),
    rows: pick(left, leftSide.free),
    columns: pick(right, rightSide.free),
    contracted: pick(left, leftSide.contract),
    leftIndex: place(leftSide),
    rightIndex: place(rightSide),
  };
}
