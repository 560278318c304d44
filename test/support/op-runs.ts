/** Single ops and small graphs for tests: short ways to write them down, run and compare them. */
import { expect } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { fixed, type Bindings } from '../../compiler/graph/dim.ts';
import type { Attributes, Graph, TensorType, Value } from '../../compiler/graph/types.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import type { Precision } from '../../compiler/ops/op.ts';
import type { ElementType, NdArray } from '../../runtime/artifact/nd-array.ts';
import { countOf, drawer, floats, ints } from '../../compiler/verify/arrays.ts';

export function bools(shape: readonly number[], values: readonly number[]): NdArray {
  return { dtype: 'bool', shape, data: Uint8Array.from(values) };
}

/** The same numbers for the same seed: floats and ints from `low` to below `high`. */
export function drawn(
  dtype: ElementType,
  shape: readonly number[],
  seed: number,
  [low, high]: readonly [number, number] = dtype === 'bool' ? [0, 2] : [-2, 2],
): NdArray {
  const draw = drawer(seed);
  const values = Array.from({ length: countOf(shape) }, () => low + draw() * (high - low));
  if (dtype === 'float') return floats(shape, values);
  const whole = values.map(Math.floor);
  return dtype === 'int' ? ints(shape, whole) : bools(shape, whole);
}

export function typeOf(array: NdArray): TensorType {
  return { dtype: array.dtype, shape: array.shape.map(fixed) };
}

/** A graph of fixed shapes over the operands, which it names by position. */
export function graphOver(
  operands: readonly NdArray[],
  build: (b: GraphBuilder, values: readonly Value[]) => readonly Value[],
): Graph {
  const b = new GraphBuilder();
  const values = operands.map((operand, i) => b.parameter(String(i), typeOf(operand), 'input'));
  const results = build(b, values);
  return b.finish(
    'test',
    results.map((value, i) => ({ name: String(i), value })),
  );
}

/** Runs a graph on operands in the order of its parameters; results in order. */
export function run(
  graph: Graph,
  operands: readonly NdArray[],
  precision: Precision = 'f64',
  bindings: Bindings = new Map(),
): NdArray[] {
  const names = graph.parameters.map(({ name }) => name);
  const inputs = new Map(operands.map((operand, i) => [names[i] ?? `extra ${i}`, operand]));
  const results = interpret(graph, inputs, { precision, bindings });
  return graph.results.map(({ name }) => required(results.get(name)));
}

export function evaluateOp(
  op: string,
  operands: readonly NdArray[],
  attributes: Attributes = {},
  precision: Precision = 'f64',
): NdArray[] {
  const graph = graphOver(operands, (b, values) => b.emitMany(op, values, attributes));
  return run(graph, operands, precision);
}

/** The elements of the only result. */
export function valuesOf(
  op: string,
  operands: readonly NdArray[],
  attributes: Attributes = {},
  precision: Precision = 'f64',
): number[] {
  return [...required(evaluateOp(op, operands, attributes, precision)[0]).data];
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a test lacks a value');
  return value;
}

/** Equal shapes and elements, these within `tolerance` of the larger of 1 and their size. */
export function expectClose(found: NdArray, expected: NdArray, tolerance: number): void {
  expect(found.shape).toEqual(expected.shape);
  found.data.forEach((value, i) => {
    const wanted = expected.data[i] ?? NaN;
    if (Object.is(value, wanted) || value === wanted) return;
    const error = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    expect(error, `element ${i}: ${value}, expected ${wanted}`).toBeLessThanOrEqual(tolerance);
  });
}
