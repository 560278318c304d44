/**
 * Joins changes of layout that follow one another: broadcast of broadcast, transpose of transpose,
 * reshape of reshape, slice of slice, slice of one part of a concat; drops those that change
 * nothing.
 */
import { broadcast, reshape, slice, transpose } from '../graph/build.ts';
import { addDims, fixed, sameDim, sameShape, type Dim, type Shape } from '../graph/dim.ts';
import { emitScan, scanParts } from '../graph/scan.ts';
import {
  isDim,
  type AttributeValue,
  type Graph,
  type Instruction,
  type Value,
} from '../graph/types.ts';
import type { GraphEditor } from './graph-editor.ts';
import { rebuild } from './rebuild.ts';

export function composeLayouts(graph: Graph): Graph {
  return rebuild(graph, (instruction, editor) => {
    if (instruction.op === 'scan') {
      const parts = scanParts(instruction);
      const body = composeLayouts(parts.body);
      if (body === parts.body) return undefined;
      const { finals, ys } = emitScan(editor, { ...parts, body });
      return [...finals, ...ys];
    }
    const [x] = instruction.operands;
    const [result] = instruction.results;
    if (x === undefined || result === undefined) return undefined;
    const inner = editor.definition(x);
    const simpler = rules[instruction.op]?.({
      instruction,
      x,
      shape: result.type.shape,
      inner,
      editor,
    });
    return simpler && [simpler];
  });
}

interface Layout {
  readonly instruction: Instruction;
  /** Its first operand, and what made that. */
  readonly x: Value;
  readonly inner: Instruction | undefined;
  /** Of the result. */
  readonly shape: Shape;
  readonly editor: GraphEditor;
}

const rules: Readonly<Record<string, (at: Layout) => Value | undefined>> = {
  broadcast({ instruction, x, inner, shape, editor }) {
    const axes = numbers(instruction.attributes.axes);
    if (axes.length === shape.length && isIdentity(axes)) return x;
    const [source] = inner?.operands ?? [];
    if (inner?.op !== 'broadcast' || source === undefined) return undefined;
    const through = numbers(inner.attributes.axes).map((axis) => axes[axis] ?? axis);
    return broadcast(editor, source, shape, through);
  },
  transpose({ instruction, x, inner, editor }) {
    const permutation = numbers(instruction.attributes.permutation);
    if (isIdentity(permutation)) return x;
    const [source] = inner?.operands ?? [];
    if (inner?.op !== 'transpose' || source === undefined) return undefined;
    const first = numbers(inner.attributes.permutation);
    const through = permutation.map((axis) => first[axis] ?? axis);
    return isIdentity(through) ? source : transpose(editor, source, through);
  },
  reshape({ x, inner, shape, editor }) {
    if (sameShape(x.type.shape, shape)) return x;
    const [source] = inner?.operands ?? [];
    if (inner?.op !== 'reshape' || source === undefined) return undefined;
    return sameShape(source.type.shape, shape) ? source : reshape(editor, source, shape);
  },
  slice(at) {
    const { axis, start, length } = at.instruction.attributes;
    if (typeof axis !== 'number' || !isDim(start) || !isDim(length)) return undefined;
    if (sameShape(at.x.type.shape, at.shape)) return at.x;
    if (at.inner?.op === 'slice' && at.inner.attributes.axis === axis) {
      const [source] = at.inner.operands;
      const inner = at.inner.attributes.start;
      if (source === undefined || !isDim(inner)) return undefined;
      return slice(at.editor, source, axis, addDims(inner, start), length);
    }
    return at.inner?.op === 'concat' && at.inner.attributes.axis === axis
      ? partOf(at.inner.operands, axis, start, length)
      : undefined;
  },
  concat: ({ instruction, x }) => (instruction.operands.length === 1 ? x : undefined),
  pad: ({ x, shape }) => (sameShape(x.type.shape, shape) ? x : undefined),
};

/** The part that starts and ends where the slice does. */
function partOf(parts: readonly Value[], axis: number, start: Dim, length: Dim): Value | undefined {
  let at: Dim = fixed(0);
  for (const part of parts) {
    const size = part.type.shape[axis];
    if (size === undefined) return undefined;
    if (sameDim(at, start) && sameDim(size, length)) return part;
    at = addDims(at, size);
  }
  return undefined;
}

function numbers(value: AttributeValue | undefined): readonly number[] {
  return Array.isArray(value) ? value.filter((axis) => typeof axis === 'number') : [];
}

function isIdentity(axes: readonly number[]): boolean {
  return axes.every((axis, i) => axis === i);
}
