/**
 * A product of which every slice has something added to it: the sum comes first and the slices
 * afterwards, slice(p) + q = slice(p + concat of the q). Only where the q put together cost nothing
 * at run time: they do not vary, or they are slices of one value that lie there in the same order.
 */
import { present } from '../base/bug.ts';
import { add, concat, slice } from '../graph/build.ts';
import { addDims, fixed, sameDim, sameShape, type Dim } from '../graph/dim.ts';
import { isDim, type Graph, type Instruction, type Value } from '../graph/types.ts';
import { editGraph, type GraphEditor } from './graph-editor.ts';
import { constantsFirst, inEveryScope, type Scope } from './scope.ts';

export function addBeforeSlicing(graph: Graph): Graph {
  return inEveryScope(graph, addIn);
}

/** A value whose slices, side by side, are all of it. */
interface Sliced {
  readonly value: Value;
  readonly axis: number;
  readonly parts: readonly Part[];
}

interface Part {
  readonly start: Dim;
  readonly length: Dim;
  /** The only user of the slice. */
  readonly sum: Instruction;
  /** What it adds to it. */
  readonly added: Value;
}

function addIn(scope: Scope): Graph {
  const found = scope.graph.instructions.flatMap((i) => slicedProduct(scope, i) ?? []);
  if (found.length === 0) return scope.graph;
  // Two products may meet in one sum; the first takes it.
  const owner = new Map<Instruction, Sliced>();
  const whole = found.filter((sliced) => {
    const free = sliced.parts.every((p) => !owner.has(p.sum));
    if (free) for (const part of sliced.parts) owner.set(part.sum, sliced);
    return free;
  });
  const sums = new Map<Sliced, Value>();
  return editGraph(constantsFirst(scope), (_instruction, editor, original) => {
    const sliced = owner.get(original);
    if (sliced === undefined || !whole.includes(sliced)) return undefined;
    const sum = sums.get(sliced) ?? emitSum(scope, editor, sliced);
    sums.set(sliced, sum);
    const { start, length } = present(
      sliced.parts.find((p) => p.sum === original),
      'a part of a sum',
    );
    return [slice(editor, sum, sliced.axis, start, length)];
  });
}

function emitSum(scope: Scope, editor: GraphEditor, { value, axis, parts }: Sliced): Value {
  const source = commonSource(scope, parts, axis);
  const added =
    source === undefined
      ? concat(
          editor,
          parts.map((p) => editor.current(p.added)),
          axis,
        )
      : wholeOf(editor, source, axis, value);
  return add(editor, editor.current(value), added);
}

function wholeOf(editor: GraphEditor, { of, start }: Source, axis: number, like: Value): Value {
  const current = editor.current(of);
  const length = present(like.type.shape[axis], 'an axis that is sliced');
  return sameShape(current.type.shape, like.type.shape)
    ? current
    : slice(editor, current, axis, start, length);
}

/** A product (or a sum with one) with such slices, where adding first costs nothing. */
function slicedProduct(scope: Scope, instruction: Instruction): Sliced | undefined {
  const [value] = instruction.results;
  if (value === undefined || !isProduct(scope, instruction)) return undefined;
  const cuts = scope.users(value);
  const axis = cuts[0]?.attributes.axis;
  if (cuts.length !== scope.uses(value) || typeof axis !== 'number') return undefined;
  const parts = cuts.map((cut) => partOf(scope, cut, axis));
  const known = parts.filter((p) => p !== undefined);
  if (known.length !== parts.length) return undefined;
  const ordered = inOrder(known, value.type.shape[axis]);
  if (ordered === undefined || new Set(ordered.map((p) => p.sum)).size !== ordered.length) {
    return undefined;
  }
  const free =
    ordered.every((p) => scope.variance(p.added) === 'constant') ||
    commonSource(scope, ordered, axis) !== undefined;
  return free ? { value, axis, parts: ordered } : undefined;
}

function isProduct(scope: Scope, { op, operands }: Instruction): boolean {
  if (op === 'dot') return true;
  return op === 'add' && operands.some((v) => scope.definition(v)?.op === 'dot');
}

function partOf(scope: Scope, cut: Instruction, axis: number): Part | undefined {
  const { start, length } = cut.attributes;
  const [result] = cut.results;
  if (cut.op !== 'slice' || cut.attributes.axis !== axis || !isDim(start) || !isDim(length)) {
    return undefined;
  }
  if (result === undefined || scope.uses(result) !== 1) return undefined;
  const [sum] = scope.users(result);
  const added = sum?.operands.find((v) => v.id !== result.id);
  return sum?.op === 'add' && added !== undefined ? { start, length, sum, added } : undefined;
}

/** By their starts, if they are side by side and all of `total`. */
function inOrder(parts: readonly Part[], total: Dim | undefined): readonly Part[] | undefined {
  const ordered: Part[] = [];
  let at: Dim = fixed(0);
  for (;;) {
    const next = parts.find((p) => sameDim(p.start, at) && !ordered.includes(p));
    if (next === undefined) break;
    ordered.push(next);
    at = addDims(at, next.length);
  }
  const complete = ordered.length === parts.length && total !== undefined && sameDim(at, total);
  return complete ? ordered : undefined;
}

interface Source {
  readonly of: Value;
  readonly start: Dim;
}

/** The value of which all that is added are slices, one after the other. */
function commonSource(scope: Scope, parts: readonly Part[], axis: number): Source | undefined {
  const cuts = parts.map((p) => scope.definition(p.added));
  const [of] = cuts[0]?.operands ?? [];
  const first = cuts[0]?.attributes.start;
  if (of === undefined || !isDim(first)) return undefined;
  let at = first;
  const consecutive = cuts.every((cut) => {
    if (cut?.op !== 'slice' || cut.operands[0]?.id !== of.id) return false;
    const { start, length } = cut.attributes;
    if (cut.attributes.axis !== axis || !isDim(start) || !isDim(length)) return false;
    const follows = sameDim(start, at);
    at = addDims(start, length);
    return follows;
  });
  return consecutive ? { of, start: first } : undefined;
}
