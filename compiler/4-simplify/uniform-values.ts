/**
 * Which values of a graph are one number throughout, whatever the inputs: constants, sizes that are
 * fixed, and elementwise ops and layout changes of such. Computed by the ops themselves, in f64.
 */
import { CompilerBug } from '../base/bug.ts';
import { fixedValue } from '../graph/dim.ts';
import { isElementwise } from '../graph/elementwise.ts';
import { isDim, type Graph, type Instruction } from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';
import { zeros } from '../ops/arrays.ts';
import type { Evaluation } from '../ops/op.ts';

/** By value id; 1 and 0 for true and false. */
export type UniformValues = ReadonlyMap<number, number>;

/** `parameters` tells what is known of the graph's own parameters, by their value ids. */
export function uniformValues(graph: Graph, parameters: UniformValues): UniformValues {
  const known = new Map(parameters);
  for (const instruction of graph.instructions) {
    const [result] = instruction.results;
    const value = uniformResult(instruction, known);
    if (result !== undefined && value !== undefined) known.set(result.id, value);
  }
  return known;
}

/** Ops that move elements and make none up. */
const layoutOps: ReadonlySet<string> = new Set(['broadcast', 'reshape', 'transpose', 'slice']);

function uniformResult(instruction: Instruction, known: UniformValues): number | undefined {
  const { op, attributes, operands } = instruction;
  if (op === 'constant') return evaluateScalar(instruction, []);
  if (op === 'size') return isDim(attributes.dim) ? fixedValue(attributes.dim) : undefined;
  if (layoutOps.has(op)) return operands[0] && known.get(operands[0].id);
  if (!isElementwise(op)) return undefined;
  const numbers = operands.map((v) => known.get(v.id)).filter((n) => n !== undefined);
  return numbers.length === operands.length ? evaluateScalar(instruction, numbers) : undefined;
}

function evaluateScalar(instruction: Instruction, numbers: readonly number[]): number | undefined {
  const { op, attributes } = instruction;
  const operands = instruction.operands.map((v, i) => {
    const array = zeros(v.type.dtype, [], 'f64');
    array.data[0] = numbers[i] ?? 0;
    return array;
  });
  const types = instruction.results.map((v) => ({ dtype: v.type.dtype, shape: [] }));
  return opNamed(op).evaluate(operands, attributes, atCompileTime, types)[0]?.data[0];
}

const atCompileTime: Evaluation = {
  precision: 'f64',
  bindings: new Map(),
  runBody: () => {
    throw new CompilerBug('foldConstants', 'a scan is not elementwise');
  },
};
