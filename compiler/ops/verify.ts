/**
 * What every graph keeps, checked after every pass: single assignment before use, types as the ops
 * infer them, and the conventions of scan (graph/types.ts). A breach is a CompilerBug that names
 * the pass and carries the graph as text.
 *
 * Graphs are never changed, so what was found right once, a whole graph, a body or an instruction,
 * is not looked at again: a pass costs here what it has written.
 */
import { CompilerBug } from '../base/bug.ts';
import { sameDim, type Dim } from '../graph/dim.ts';
import { printGraph, printInstruction, printType } from '../graph/print.ts';
import type { Attributes, Graph, Instruction, TensorType, Value } from '../graph/types.ts';
import { opNamed } from './all.ts';
import { axisOf, sameType } from './operands.ts';
import { scanAttributes, splitOperands } from './scan.ts';

const rightGraphs = new WeakSet<Graph>();

/**
 * By their attributes, which copies of an instruction under other numbers share: those that were
 * found right in all that does not depend on where they stand.
 */
const rightInstructions = new WeakMap<Attributes, Instruction>();

/** Returns the graph, so that a pass can end with it. */
export function verify(graph: Graph, pass: string): Graph {
  try {
    checkGraph(graph);
  } catch (error) {
    if (!(error instanceof CompilerBug)) throw error;
    throw new CompilerBug(pass, `made a wrong graph: ${error.message}`, printGraph(graph));
  }
  return graph;
}

function fail(message: string): never {
  throw new CompilerBug('verify', message);
}

function checkGraph(graph: Graph): void {
  if (rightGraphs.has(graph)) return;
  const defined = new Map<number, TensorType>();
  const define = ({ id, type }: Value): void => {
    if (defined.has(id)) fail(`%${id} is defined twice`);
    defined.set(id, type);
  };
  checkDistinct(graph.parameters, 'parameters');
  checkDistinct(graph.results, 'results');
  for (const { value } of graph.parameters) define(value);
  for (const instruction of graph.instructions) {
    for (const operand of instruction.operands) {
      // Where it is used is told only on failure: printing every instruction would take far longer
      // than checking it.
      const known = defined.get(operand.id);
      if (known !== operand.type) checkUse(operand, known, () => printInstruction(instruction));
    }
    checkInstruction(instruction);
    for (const result of instruction.results) define(result);
  }
  for (const { name, value } of graph.results) {
    checkUse(value, defined.get(value.id), () => `result ${name}`);
  }
  rightGraphs.add(graph);
}

function checkDistinct(named: readonly { readonly name: string }[], what: string): void {
  const names = new Set(named.map(({ name }) => name));
  if (names.size !== named.length) fail(`two ${what} have one name`);
}

function checkUse({ id, type }: Value, known: TensorType | undefined, where: () => string): void {
  if (known === undefined) fail(`%${id} in ${where()} is not defined`);
  if (!sameType(known, type)) {
    fail(`%${id} in ${where()} is ${printType(type)}, was defined as ${printType(known)}`);
  }
}

function checkInstruction(instruction: Instruction): void {
  const known = rightInstructions.get(instruction.attributes);
  if (known !== undefined && isAlike(known, instruction)) return;
  checkTypes(instruction);
  if (instruction.op === 'scan') checkScan(instruction);
  rightInstructions.set(instruction.attributes, instruction);
}

/** Whether they are one and the same to an op's rule; their attributes are one object. */
function isAlike(left: Instruction, right: Instruction): boolean {
  return (
    left.op === right.op &&
    haveSameTypes(left.operands, right.operands) &&
    haveSameTypes(left.results, right.results)
  );
}

function haveSameTypes(left: readonly Value[], right: readonly Value[]): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((v, i) => v.type === right[i]?.type);
}

function checkTypes(instruction: Instruction): void {
  const { op, operands, attributes, results } = instruction;
  const types = opNamed(op).infer(
    operands.map((operand) => operand.type),
    attributes,
  );
  const same = types.length === results.length && types.every((type, i) => fits(type, results[i]));
  if (same) return;
  fail(`${printInstruction(instruction)} should be ${types.map(printType).join(', ')}`);
}

function fits(type: TensorType, value: Value | undefined): boolean {
  return value !== undefined && sameType(type, value.type);
}

/** The body is a graph of its own, and what varies in it has batch as axis 0. */
function checkScan({ operands, attributes }: Instruction): void {
  const scan = scanAttributes(attributes);
  const { body } = scan;
  checkGraph(body);
  const { carries, xs } = splitOperands(operands, scan);
  const batch = axisOf('scan', (carries[0] ?? xs[0])?.type.shape ?? [], 0);
  const varying = new Set(body.parameters.slice(scan.constants).map(({ value }) => value.id));
  for (const { op, operands: inputs, results } of body.instructions) {
    if (!inputs.some(({ id }) => varying.has(id))) continue;
    for (const { id, type } of results) {
      varying.add(id);
      if (!hasBatch(type, batch)) {
        fail(`%${id} = ${op} varies over time in ${body.name} and lacks batch as axis 0`);
      }
    }
  }
}

function hasBatch({ shape }: TensorType, batch: Dim): boolean {
  const [first] = shape;
  return first !== undefined && sameDim(first, batch);
}
