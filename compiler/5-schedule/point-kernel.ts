/**
 * The plain form of a kernel: one invocation an element of its domain, or the same element of a few
 * neighbouring rows, which then share what they load. Every kernel can be written so; the others
 * are quicker for what they are for.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { Evaluator, hintOf } from './evaluate.ts';
import type { KernelItem, Root } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Invocations of a workgroup. */
const lanes = 64;

/** `rows`: how many rows of the first axis one invocation computes. */
export function pointKernel(item: KernelItem, name: string, rows = 1): KernelDraft {
  const draft = new KernelDraft(name, lanes, item.region.symbols);
  const [first, ...rest] = item.domain;
  const height = first === undefined ? k.int(1) : dimSize(first);
  const blocks = k.ceilDiv(height, k.int(rows));
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
    else storeRows(evaluator, draft, item.roots, { block, rows, height, others });
  });
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}

interface Rows {
  readonly block: Expression;
  readonly rows: number;
  readonly height: Expression;
  /** Indices of the other axes. */
  readonly others: readonly Expression[];
}

/** The last row stands in for those past the end, which are not stored. */
function storeRows(
  evaluator: Evaluator,
  draft: KernelDraft,
  roots: readonly Root[],
  { block, rows, height, others }: Rows,
): void {
  const { emitter } = evaluator;
  const last = k.sub(height, k.int(1));
  const stores = Array.from({ length: rows }, (_, i) => {
    const row = emitter.named(k.add(k.mul(block, k.int(rows)), k.int(i)), 'row');
    const held = i === 0 ? row : emitter.named(k.min(row, last), 'row');
    const valid = i === 0 ? k.bool(true) : k.less(row, height);
    return { valid, statements: rootStores(evaluator, draft, roots, [held, ...others]) };
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

function rootStores(
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

function maskedValue(
  evaluator: Evaluator,
  { node, mask }: Root,
  index: readonly Expression[],
): Expression {
  const value = evaluator.at(node, index);
  if (mask === undefined) return value;
  const [row = k.int(0)] = index;
  const active = k.less(evaluator.here(mask.at), evaluator.at(mask.lengths, [row]));
  const kept = mask.kept === undefined ? zeroLike(value) : evaluator.at(mask.kept, index);
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
