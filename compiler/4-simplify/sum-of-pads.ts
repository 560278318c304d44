/**
 * Sums of pads along one axis, as they come of the derivatives of slices: pads that lie side by
 * side become the pad of a concat, or the concat itself where they fill the axis; pads that lie in
 * the same place become the pad of a sum. x + 0 is x, so the numbers stay (but the sign of a zero).
 */
import { present } from '../base/bug.ts';
import { add, concat, pad } from '../graph/build.ts';
import { addDims, fixedValue, sameDim, sameShape, type Dim } from '../graph/dim.ts';
import { isDim, type Builder, type Graph, type Instruction, type Value } from '../graph/types.ts';
import { editGraph, type GraphEditor } from './graph-editor.ts';
import { inEveryScope } from './scope.ts';
import { addUp, sumTerms } from './sums.ts';

export function sumOfPads(graph: Graph): Graph {
  return inEveryScope(graph, (scope) =>
    editGraph(scope.graph, (_instruction, editor, original) => {
      const terms = sumTerms(scope, original)?.map((v) => editor.current(v));
      if (terms === undefined) return undefined;
      const joined = joinPads(editor, terms);
      if (joined.length === terms.length) return undefined;
      return [addUp(editor, joined)];
    }),
  );
}

/** A value with zeros before and after it; what is no pad is one without zeros. */
interface Padded {
  readonly value: Value;
  readonly axis: number;
  readonly before: Dim;
  readonly after: Dim;
}

/** The terms of a sum, with pads joined as far as they can be. */
function joinPads(editor: GraphEditor, terms: readonly Value[]): Value[] {
  const plain: Value[] = [];
  let pads: Padded[] = [];
  for (const term of terms) {
    const padded = paddedBy(editor.definition(term));
    if (padded === undefined) plain.push(term);
    else pads.push(padded);
  }
  const count = pads.length;
  for (;;) {
    const fewer = joinTwo(editor, pads);
    if (fewer === undefined) break;
    pads = fewer;
  }
  if (pads.length === count) return [...terms];
  return [...plain, ...pads.map((p) => emitPad(editor, p))];
}

function paddedBy(instruction: Instruction | undefined): Padded | undefined {
  const [value] = instruction?.operands ?? [];
  const { axis, before, after } = instruction?.attributes ?? {};
  if (instruction?.op !== 'pad' || value === undefined) return undefined;
  if (typeof axis !== 'number' || !isDim(before) || !isDim(after)) return undefined;
  return { value, axis, before, after };
}

/** One pad in place of the first two that fit; undefined if no two do. */
function joinTwo(b: Builder, pads: readonly Padded[]): Padded[] | undefined {
  for (const [i, left] of pads.entries()) {
    for (const [j, right] of pads.entries()) {
      if (i === j || left.axis !== right.axis) continue;
      const joined = i < j && inSamePlace(left, right) ? sumOfTwo(b, left, right) : undefined;
      const both = joined ?? (follows(left, right) ? sideBySide(b, left, right) : undefined);
      if (both === undefined) continue;
      return pads.flatMap((p, at) =>
        at === Math.min(i, j) ? [both] : at === i || at === j ? [] : [p],
      );
    }
  }
  return undefined;
}

function inSamePlace(left: Padded, right: Padded): boolean {
  return (
    sameDim(left.before, right.before) && sameShape(left.value.type.shape, right.value.type.shape)
  );
}

/** Whether `right` begins where `left` ends. */
function follows(left: Padded, right: Padded): boolean {
  const size = present(left.value.type.shape[left.axis], 'the axis of a pad');
  return sameDim(addDims(left.before, size), right.before);
}

function sumOfTwo(b: Builder, left: Padded, right: Padded): Padded {
  return { ...left, value: add(b, left.value, right.value) };
}

function sideBySide(b: Builder, left: Padded, right: Padded): Padded {
  const { axis, before } = left;
  return { value: concat(b, [left.value, right.value], axis), axis, before, after: right.after };
}

function emitPad(b: Builder, { value, axis, before, after }: Padded): Value {
  const none = fixedValue(before) === 0 && fixedValue(after) === 0;
  return none ? value : pad(b, value, axis, before, after);
}
