/**
 * Slices and concats that meet: a slice of a concat is of the parts that it covers, a slice of a
 * pad is of what was padded, slices of one value side by side are one slice, a concat in a concat
 * joins it, and a concat of broadcasts is a broadcast of a concat.
 */
import { present } from '../base/bug.ts';
import { broadcast, concat, slice } from '../graph/build.ts';
import { addDims, fixed, sameDim, subtractDims, type Dim } from '../graph/dim.ts';
import { isDim, type Graph, type Instruction, type Value } from '../graph/types.ts';
import { editGraph, type GraphEditor } from './graph-editor.ts';
import { inEveryScope } from './scope.ts';

export function joinSlices(graph: Graph): Graph {
  return inEveryScope(graph, ({ graph: inner }) =>
    editGraph(inner, (instruction, editor) => {
      const simpler = rules[instruction.op]?.(instruction, editor);
      return simpler && [simpler];
    }),
  );
}

type Rule = (instruction: Instruction, editor: GraphEditor) => Value | undefined;

const rules: Readonly<Record<string, Rule>> = {
  slice(instruction, editor) {
    const cut = cutOf(instruction);
    const inner = cut && editor.definition(cut.of);
    if (cut === undefined || inner?.attributes.axis !== cut.axis) return undefined;
    if (inner.op === 'concat') return sliceOfConcat(editor, inner.operands, cut);
    const [padded] = inner.operands;
    const { before } = inner.attributes;
    if (inner.op !== 'pad' || padded === undefined || !isDim(before)) return undefined;
    const size = present(padded.type.shape[cut.axis], 'the axis of a pad');
    return within(cut, before, size)
      ? slice(editor, padded, cut.axis, subtractDims(cut.start, before), cut.length)
      : undefined;
  },
  concat(instruction, editor) {
    const { axis } = instruction.attributes;
    if (typeof axis !== 'number') return undefined;
    const flat = instruction.operands.flatMap((part) => {
      const inner = editor.definition(part);
      return inner?.op === 'concat' && inner.attributes.axis === axis ? inner.operands : [part];
    });
    const parts = joinNeighbours(editor, flat, axis);
    const repeated = concatOfBroadcasts(editor, parts, axis);
    if (repeated !== undefined) return repeated;
    return parts.length === instruction.operands.length ? undefined : concat(editor, parts, axis);
  },
};

interface Cut {
  readonly of: Value;
  readonly axis: number;
  readonly start: Dim;
  readonly length: Dim;
}

function cutOf(instruction: Instruction | undefined): Cut | undefined {
  const [of] = instruction?.operands ?? [];
  const { axis, start, length } = instruction?.attributes ?? {};
  if (instruction?.op !== 'slice' || of === undefined) return undefined;
  if (typeof axis !== 'number' || !isDim(start) || !isDim(length)) return undefined;
  return { of, axis, start, length };
}

/** Whether the cut lies in [start, start + size), whatever the symbols are. */
function within(cut: Cut, start: Dim, size: Dim): boolean {
  const before = subtractDims(cut.start, start);
  return isNatural(before) && isNatural(subtractDims(subtractDims(size, before), cut.length));
}

/** Symbols stand for sizes, which are never negative. */
function isNatural({ constant, terms }: Dim): boolean {
  return constant >= 0 && terms.every((t) => t.coefficient > 0);
}

/** Of one part, or of several whole ones. */
function sliceOfConcat(editor: GraphEditor, parts: readonly Value[], cut: Cut): Value | undefined {
  const { axis } = cut;
  const covered: Value[] = [];
  let at: Dim = fixed(0);
  let end: Dim | undefined;
  for (const part of parts) {
    const size = present(part.type.shape[axis], 'the axis of a concat');
    if (within(cut, at, size)) {
      return slice(editor, part, axis, subtractDims(cut.start, at), cut.length);
    }
    if (sameDim(at, cut.start)) end = at;
    if (end !== undefined && sameDim(subtractDims(end, cut.start), cut.length)) break;
    if (end !== undefined) {
      covered.push(part);
      end = addDims(end, size);
    }
    at = addDims(at, size);
  }
  const complete = end !== undefined && sameDim(subtractDims(end, cut.start), cut.length);
  return complete && covered.length > 0 ? concat(editor, covered, axis) : undefined;
}

/** Slices of one value that follow one another become one; all of a value is the value. */
function joinNeighbours(editor: GraphEditor, parts: readonly Value[], axis: number): Value[] {
  const joined: Value[] = [];
  let last: Cut | undefined;
  for (const part of parts) {
    const cut = cutOf(editor.definition(part));
    const own = cut?.axis === axis ? cut : undefined;
    const follows =
      last !== undefined &&
      own?.of.id === last.of.id &&
      sameDim(addDims(last.start, last.length), own.start);
    if (last !== undefined && own !== undefined && follows) {
      last = { ...last, length: addDims(last.length, own.length) };
      joined[joined.length - 1] = whole(editor, last);
    } else {
      last = own;
      joined.push(part);
    }
  }
  return joined;
}

function whole(editor: GraphEditor, { of, axis, start, length }: Cut): Value {
  const size = present(of.type.shape[axis], 'the axis of a slice');
  return sameDim(size, length) ? of : slice(editor, of, axis, start, length);
}

/** All repeated along the same axes, of which the concat's is none. */
function concatOfBroadcasts(
  editor: GraphEditor,
  parts: readonly Value[],
  axis: number,
): Value | undefined {
  const [first] = parts.map((v) => editor.definition(v));
  const axes = first?.attributes.axes;
  if (first?.op !== 'broadcast' || !Array.isArray(axes) || parts.length < 2) return undefined;
  const inner = axes.findIndex((a) => a === axis);
  if (inner === -1) return undefined;
  const sources = parts.map((v) => {
    const definition = editor.definition(v);
    const same = JSON.stringify(definition?.attributes.axes) === JSON.stringify(axes);
    return definition?.op === 'broadcast' && same ? definition.operands[0] : undefined;
  });
  const known = sources.filter((v) => v !== undefined);
  if (known.length !== parts.length) return undefined;
  const size = known.reduce<Dim>(
    (sum, v) => addDims(sum, present(v.type.shape[inner], 'an axis that is kept')),
    fixed(0),
  );
  const shape = present(parts[0], 'a part').type.shape.map((d, i) => (i === axis ? size : d));
  const numbers = axes.filter((a) => typeof a === 'number');
  return broadcast(editor, concat(editor, known, inner), shape, numbers);
}
