/**
 * The plain form of a kernel: one invocation an element of its domain, or the same element of a few
 * neighbouring rows, which then share what they load. Every kernel can be written so; the others
 * are quicker for what they are for.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { Evaluator, hintOf } from './evaluate.ts';
import type { KernelItem, Root } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import type { Node } from './node.ts';
import { four, hasQuads, lanesFrom, liesInQuads } from './quads.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Invocations of a workgroup. */
const lanes = 64;

/**
 * `rows`: how many rows of the first axis one invocation computes; `quads`: whether it computes
 * four neighbouring elements of each, sums and all.
 */
export function pointKernel(item: KernelItem, name: string, rows = 1, quads = false): KernelDraft {
  const draft = new KernelDraft(name, lanes, item.region.symbols);
  const [first, ...rest] = item.domain;
  const height = first === undefined ? k.int(1) : dimSize(first);
  const blocks = k.ceilDiv(height, k.int(rows));
  if (rows === 1 && goesInQuads(item)) return quadKernel(item, draft, 1);
  if (quads && stepGoesInQuads(item)) return quadKernel(item, draft, rows);
  const total = k.mul(blocks, shapeSize(rest));
  draft.groups = k.ceilDiv(total, k.int(lanes));
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const flat = emitter.named(k.add(k.mul(group, k.int(lanes)), k.invocation(0)), 'element');
  emitter.when(k.less(flat, total), () => {
    emitter.keepLoadsHere();
    const [block = k.int(0), ...others] = unflatten(flat, item.domain).map((i) =>
      emitter.named(i, 'at'),
    );
    if (first === undefined) storeRoots(evaluator, draft, item.roots, []);
    else {
      storeRows(emitter, { block, rows, height }, (row) =>
        rootStores(evaluator, draft, item.roots, [row, ...others]),
      );
    }
  });
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}

/** Arithmetic on quads from memory to memory; the text grows fourfold, so it must be short. */
function goesInQuads({ domain, roots, members, reduction }: KernelItem): boolean {
  if (reduction !== undefined || members.size > 8 || !hasQuads(domain.at(-1))) return false;
  return roots.every(({ place }) => liesInQuads(place));
}

/** The same for a step, whose products are worth a longer text. */
function stepGoesInQuads({ domain, roots }: KernelItem): boolean {
  if (domain.length < 2 || !hasQuads(domain.at(-1))) return false;
  return roots.every(({ place }) => liesInQuads(place));
}

/** One invocation four neighbouring elements of the last axis, of some rows of the first. */
function quadKernel(item: KernelItem, draft: KernelDraft, rows: number): KernelDraft {
  const [first, ...rest] = item.domain;
  const height = rest.length === 0 ? k.int(1) : dimSize(present(first, 'an axis'));
  const inner = rest.length === 0 ? item.domain : rest;
  const blocks = k.ceilDiv(height, k.int(rows));
  const total = k.mul(blocks, k.div(shapeSize(inner), k.int(four)));
  draft.groups = k.ceilDiv(total, k.int(lanes));
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const quad = emitter.named(k.add(k.mul(group, k.int(lanes)), k.invocation(0)), 'quad');
  emitter.when(k.less(quad, total), () => {
    emitter.keepLoadsHere();
    const width = k.div(dimSize(present(item.domain.at(-1), 'an axis')), k.int(four));
    const column = emitter.multipleOfFour(k.mul(k.mod(quad, width), k.int(four)), 'first');
    const [block = k.int(0), ...others] = unflatten(
      k.div(quad, width),
      item.domain.slice(0, -1),
    ).map((i) => emitter.named(i, 'at'));
    if (rest.length === 0) {
      emitter.push(...quadStores(evaluator, draft, item.roots, [], column));
      return;
    }
    storeRows(emitter, { block, rows, height }, (row) =>
      quadStores(evaluator, draft, item.roots, [row, ...others], column),
    );
  });
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}

/**
 * Stores the four elements of each root from `first` on along the last axis, at once where they lie
 * so; all are computed before the first is stored.
 */
export function storeQuads(
  evaluator: Evaluator,
  draft: KernelDraft,
  roots: readonly Root[],
  index: readonly Expression[],
  first: Expression,
): void {
  evaluator.emitter.push(...quadStores(evaluator, draft, roots, index, first));
}

function quadStores(
  evaluator: Evaluator,
  draft: KernelDraft,
  roots: readonly Root[],
  index: readonly Expression[],
  first: Expression,
): Statement[] {
  const { emitter } = evaluator;
  const places = lanesFrom(first).map((lane) => [...index, lane]);
  return roots.flatMap((root): Statement[] => {
    const values = places.map((place) => {
      const value = asStored(maskedValue(evaluator, root, place));
      return emitter.named(value, hintOf(root.node));
    });
    const memory = draft.writes(root.place.tensor);
    if (!liesInQuads(root.place)) {
      return values.map((value, i) => {
        const at = evaluator.addressOf(root.place, present(places[i], 'an index'));
        return { kind: 'store', memory, index: at, value };
      });
    }
    const value = emitter.named(k.pack(values), hintOf(root.node));
    return [
      { kind: 'store', memory, index: evaluator.addressOf(root.place, [...index, first]), value },
    ];
  });
}

interface Rows {
  readonly block: Expression;
  readonly rows: number;
  readonly height: Expression;
}

/** The last row stands in for those past the end, which are not stored. */
function storeRows(
  emitter: Emitter,
  { block, rows, height }: Rows,
  storesOf: (row: Expression) => readonly Statement[],
): void {
  const last = k.sub(height, k.int(1));
  const stores = Array.from({ length: rows }, (_, i) => {
    const row = emitter.named(k.add(k.mul(block, k.int(rows)), k.int(i)), 'row');
    const held = i === 0 ? row : emitter.named(k.min(row, last), 'row');
    return { valid: i === 0 ? k.bool(true) : k.less(row, height), statements: storesOf(held) };
  });
  for (const { valid, statements } of stores) emitter.push(...k.when(valid, statements));
}

/** Stores the element at an index of each root; all are computed before the first is stored. */
export function storeRoots(
  evaluator: Evaluator,
  draft: KernelDraft,
  roots: readonly Root[],
  index: readonly Expression[],
): void {
  evaluator.emitter.push(...rootStores(evaluator, draft, roots, index));
}

export function rootStores(
  evaluator: Evaluator,
  draft: KernelDraft,
  roots: readonly Root[],
  index: readonly Expression[],
): Statement[] {
  const { emitter } = evaluator;
  return roots.map((root): Statement => {
    const value = asStored(maskedValue(evaluator, root, index));
    return {
      kind: 'store',
      memory: draft.writes(root.place.tensor),
      index: evaluator.addressOf(root.place, index),
      value: emitter.named(value, hintOf(root.node)),
    };
  });
}

/** `valueOf` gives what is at the index; of bools, by the scalar evaluator alone. */
export function maskedValue(
  evaluator: Evaluator,
  { node, mask }: Root,
  index: readonly Expression[],
  valueOf: (node: Node, index: readonly Expression[]) => Expression = (...at) =>
    evaluator.at(...at),
): Expression {
  const value = valueOf(node, index);
  if (mask === undefined) return value;
  const [row = k.int(0)] = index;
  const active = k.less(evaluator.here(mask.at), evaluator.at(mask.lengths, [row]));
  const kept = mask.kept === undefined ? zeroLike(value) : valueOf(mask.kept, index);
  return k.select(evaluator.emitter.named(active, 'active'), value, kept);
}

function zeroLike(value: Expression): Expression {
  switch (k.typeOf(value)) {
    case 'f32':
      return k.float(0);
    case 'i32':
      return k.int(0);
    case 'bool':
      return k.bool(false);
    case 'f32x4':
      return k.unary('splat', k.float(0));
  }
}

function asStored(value: Expression): Expression {
  return k.typeOf(value) === 'bool' ? k.select(value, k.int(1), k.int(0)) : value;
}
