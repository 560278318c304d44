/**
 * A sum or maximum over many elements: a workgroup for each result, whose invocations go through
 * the elements side by side; the first one then puts the parts together, always in the same order,
 * so that the same numbers give the same bits, and computes what hangs on the result.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { fixedValue, type Shape } from '../graph/dim.ts';
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { Evaluator } from './evaluate.ts';
import type { KernelItem } from './fuse.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import { memoryType, type Node } from './node.ts';
import { storeRoots } from './point-kernel.ts';
import { shapeSize, unflatten } from './sizes.ts';

/** Reductions that are longer than this, or of a length that is not known, are shared out. */
const longest = 256;

interface Reduction {
  readonly node: Node;
  readonly operand: Node;
  readonly axes: readonly number[];
  readonly extents: Shape;
  readonly initial: Expression;
  readonly combine: (x: Expression, y: Expression) => Expression;
}

/** The reduction of a kernel, if a workgroup for each of its results is worth its while. */
export function sharedReduction({ reduction, domain }: KernelItem): Reduction | undefined {
  if (reduction?.source.kind !== 'op' || reduction.type.shape !== domain) return undefined;
  const { op, attributes } = reduction.source.instruction;
  if (op !== 'reduceSum' && op !== 'reduceMax') return undefined;
  const operand = present(reduction.source.operands[0], 'an operand');
  const listed = attributes['axes'];
  const axes = operand.type.shape
    .map((_, axis) => axis)
    .filter((axis) => Array.isArray(listed) && listed.some((a) => a === axis));
  const extents = axes.map((axis) => present(operand.type.shape[axis], 'an axis'));
  const length = extents.reduce<number | undefined>((product, dim) => {
    const size = fixedValue(dim);
    return product === undefined || size === undefined ? undefined : product * size;
  }, 1);
  const few = domain.every((dim) => fixedValue(dim) !== undefined);
  const worthwhile = length === undefined ? few : length > longest;
  if (!worthwhile) return undefined;
  const float = reduction.type.dtype === 'float';
  if (op === 'reduceSum') {
    const initial = float ? k.float(0) : k.int(0);
    return { node: reduction, operand, axes, extents, initial, combine: k.add };
  }
  const initial = float ? k.float(-Infinity) : k.int(-0x80000000);
  const combine = (x: Expression, y: Expression): Expression =>
    float ? k.call('maximum', [x, y], 'f32') : k.max(x, y);
  return { node: reduction, operand, axes, extents, initial, combine };
}

export function reduceKernel(
  item: KernelItem,
  reduction: Reduction,
  lanes: number,
  name: string,
): KernelDraft {
  const draft = new KernelDraft(name, lanes, item.region.symbols);
  draft.groups = shapeSize(item.domain);
  const emitter = new Emitter(draft.symbols);
  const evaluator = new Evaluator(emitter, draft, item.members);
  const index = unflatten(group, item.domain).map((i) => emitter.named(i, 'at'));
  const folded = fold(evaluator, draft, reduction, lanes, index);
  emitter.when(k.equal(k.invocation(0), k.int(0)), () => {
    emitter.keepLoadsHere();
    evaluator.give(reduction.node, index, emitter.named(folded, reduction.node.name));
    storeRoots(evaluator, draft, item.roots, index);
  });
  draft.statements.push(...emitter.statements);
  return draft;
}

function fold(
  evaluator: Evaluator,
  draft: KernelDraft,
  { node, operand, axes, extents, initial, combine }: Reduction,
  lanes: number,
  index: readonly Expression[],
): Expression {
  const { emitter } = evaluator;
  const element = memoryType(node.type.dtype);
  const lane = k.invocation(0);
  const running = emitter.variable('part', initial);
  const assign = (value: Expression): void => emitter.assign(running, value);
  const range = { from: lane, to: shapeSize(extents), step: k.int(lanes) };
  emitter.loopBy('element', range, (flat) => {
    emitter.keepLoadsHere();
    const inner = unflatten(flat, extents).map((i) => emitter.named(i, 'at'));
    assign(combine(running, evaluator.at(operand, operandIndex(operand, axes, index, inner))));
  });
  const memory = 'parts';
  draft.shared.push({ name: memory, element, length: lanes });
  emitter.push({ kind: 'store', memory, index: lane, value: running }, { kind: 'barrier' });
  // One invocation adds up the parts: a tree would wait once a level, and save less than that.
  emitter.when(k.equal(lane, k.int(0)), () => {
    emitter.loopBy('other', { from: k.int(1), to: k.int(lanes), step: k.int(1) }, (other) => {
      assign(combine(running, k.load(memory, other, element)));
    });
  });
  return running;
}

function operandIndex(
  operand: Node,
  axes: readonly number[],
  kept: readonly Expression[],
  inner: readonly Expression[],
): readonly Expression[] {
  let [nextKept, nextInner] = [0, 0];
  return operand.type.shape.map((_, axis) =>
    present(axes.includes(axis) ? inner[nextInner++] : kept[nextKept++], 'an index'),
  );
}
