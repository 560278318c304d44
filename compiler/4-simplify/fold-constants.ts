/**
 * Computes what is known before the run: elementwise ops over constants (and over broadcasts of
 * them), neutral operands (x * 1, x + 0, x / 1, x ^ 1), -(-x), selects whose condition or branches
 * decide them. Never x * 0, which is NaN for an infinite x. Numbers stay exact up to the sign of a
 * zero. A constant that a scan's body receives is known in the body.
 */
import { add, filled, neg, sub } from '../graph/build.ts';
import { emitScan, scanParts } from '../graph/scan.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import type { GraphEditor } from './graph-editor.ts';
import { rebuild } from './rebuild.ts';
import { uniformValues, type UniformValues } from './uniform-values.ts';

export function foldConstants(graph: Graph): Graph {
  return fold(graph, new Map());
}

function fold(graph: Graph, parameters: UniformValues): Graph {
  const known = uniformValues(graph, parameters);
  return rebuild(graph, (instruction, editor, original) => {
    const numbers = original.operands.map((v) => known.get(v.id));
    if (instruction.op === 'scan') return foldScan(instruction, numbers, editor);
    const [result] = instruction.results;
    const number = result && known.get(result.id);
    if (result !== undefined && number !== undefined && !isPlainConstant(instruction)) {
      return [filled(editor, number, result.type.shape, result.type.dtype)];
    }
    const simpler = rules[instruction.op]?.({ instruction, numbers, editor });
    return simpler && [simpler];
  });
}

/** A constant, or the broadcast of a scalar: as simple as it can be. */
function isPlainConstant({ op, operands }: Instruction): boolean {
  return op === 'constant' || (op === 'broadcast' && operands[0]?.type.shape.length === 0);
}

function foldScan(
  scan: Instruction,
  numbers: readonly (number | undefined)[],
  editor: GraphEditor,
): readonly Value[] | undefined {
  const parts = scanParts(scan);
  const known = new Map<number, number>();
  parts.bodyConstants.forEach((p, i) => {
    const number = numbers[i];
    if (number !== undefined) known.set(p.value.id, number);
  });
  const body = fold(parts.body, known);
  if (body === parts.body) return undefined;
  const { finals, ys } = emitScan(editor, { ...parts, body });
  return [...finals, ...ys];
}

interface Rewriting {
  /** Its operands are those of the new graph. */
  readonly instruction: Instruction;
  /** What is known of each operand. */
  readonly numbers: readonly (number | undefined)[];
  readonly editor: GraphEditor;
}

/** A value that equals the instruction's result and is simpler; undefined if there is none. */
type Rule = (at: Rewriting) => Value | undefined;

const rules: Readonly<Record<string, Rule>> = {
  add({ instruction, numbers, editor }) {
    const [x, y] = instruction.operands;
    if (numbers[1] === 0) return x;
    if (numbers[0] === 0) return y;
    const negated = y && negatedBy(y, editor);
    return x && negated && sub(editor, x, negated);
  },
  sub({ instruction, numbers, editor }) {
    const [x, y] = instruction.operands;
    if (numbers[1] === 0) return x;
    const negated = y && negatedBy(y, editor);
    return x && negated && add(editor, x, negated);
  },
  mul({ instruction, numbers, editor }) {
    const [x, y] = instruction.operands;
    if (numbers[1] === 1) return x;
    if (numbers[0] === 1) return y;
    if (numbers[1] === -1) return x && neg(editor, x);
    return numbers[0] === -1 ? y && neg(editor, y) : undefined;
  },
  div: ({ instruction, numbers }) => (numbers[1] === 1 ? instruction.operands[0] : undefined),
  pow: ({ instruction, numbers }) => (numbers[1] === 1 ? instruction.operands[0] : undefined),
  neg: ({ instruction, editor }) =>
    instruction.operands[0] && negatedBy(instruction.operands[0], editor),
  not({ instruction, editor }) {
    const definition = instruction.operands[0] && editor.definition(instruction.operands[0]);
    return definition?.op === 'not' ? definition.operands[0] : undefined;
  },
  and: ({ instruction, numbers }) => decided(instruction, numbers, 1),
  or: ({ instruction, numbers }) => decided(instruction, numbers, 0),
  select({ instruction, numbers }) {
    const [, yes, no] = instruction.operands;
    if (yes !== undefined && yes.id === no?.id) return yes;
    if (numbers[0] === undefined) return undefined;
    return numbers[0] === 0 ? no : yes;
  },
  cast({ instruction }) {
    const [x] = instruction.operands;
    return x?.type.dtype === instruction.results[0]?.type.dtype ? x : undefined;
  },
};

/** x, if the value is -x. */
function negatedBy(value: Value, editor: GraphEditor): Value | undefined {
  const definition = editor.definition(value);
  return definition?.op === 'neg' ? definition.operands[0] : undefined;
}

/** `and` and `or`: the neutral truth leaves the other operand, its opposite decides. */
function decided(
  { operands }: Instruction,
  numbers: readonly (number | undefined)[],
  neutral: number,
): Value | undefined {
  const at = numbers.findIndex((n) => n !== undefined);
  if (at === -1) return undefined;
  return numbers[at] === neutral ? operands[1 - at] : operands[at];
}
