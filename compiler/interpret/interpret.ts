/**
 * The graph interpreter, which defines what a program means: in f64 the oracle, in f32 every scalar
 * operation rounded. Named arrays in, named arrays out; pure, and without any state but cached
 * plans.
 */
import { bindInputs, checkBound } from '../../runtime/artifact/bind.ts';
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { ElementData, NdArray } from '../../runtime/artifact/nd-array.ts';
import { CompilerBug } from '../base/bug.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Graph } from '../graph/types.ts';
import type { Evaluation, Precision } from '../ops/op.ts';
import { planOf, type Plan } from './plan.ts';

export interface InterpretOptions {
  readonly precision: Precision;
  /** Dimensions that inputs need not determine. */
  readonly bindings?: Bindings;
}

/** Results by name. Faults of the inputs are those of `bindInputs`; R7003 is an id out of range. */
export function interpret(
  graph: Graph,
  inputs: ReadonlyMap<string, NdArray>,
  options: InterpretOptions,
): Map<string, NdArray> {
  const { precision } = options;
  const forms = graph.parameters.map(({ name, value }) => ({ name, ...value.type }));
  const bindings = bindInputs(forms, inputs, options.bindings ?? new Map());
  const plan = planOf(graph);
  checkBound(plan.symbols, bindings);
  const evaluation: Evaluation = {
    precision,
    bindings,
    runBody: (body, operands) => runPlan(planOf(body), operands, evaluation),
  };
  const operands = graph.parameters.map(({ name }) => {
    const input = inputs.get(name);
    if (input === undefined) throw new CompilerBug('interpret', `no input ${name}`);
    return inPrecision(input, precision);
  });
  const results = runPlan(plan, operands, evaluation);
  return nameResults(graph, inputs, results);
}

/** A graph on the interpreter, as a driver sees it. */
export class Interpreter implements Executable {
  private readonly graph: Graph;
  private readonly options: InterpretOptions;

  constructor(graph: Graph, options: InterpretOptions) {
    this.graph = graph;
    this.options = options;
    planOf(graph);
  }

  run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>> {
    return new Promise((resolve) => {
      resolve(interpret(this.graph, inputs, this.options));
    });
  }
}

function runPlan(
  plan: Plan,
  inputs: readonly NdArray[],
  evaluation: Evaluation,
): readonly NdArray[] {
  const values = new Array<NdArray | undefined>(plan.slots).fill(undefined);
  inputs.forEach((input, slot) => (values[slot] = input));
  for (const { op, operands, attributes, types, first, dead } of plan.steps) {
    const arrays = operands.map((slot) => valueIn(values, slot));
    const results = op.evaluate(arrays, attributes, evaluation, types);
    for (let i = 0; i < results.length; i++) values[first + i] = results[i];
    for (const slot of dead) values[slot] = undefined;
  }
  return plan.results.map((slot) => valueIn(values, slot));
}

function valueIn(values: readonly (NdArray | undefined)[], slot: number): NdArray {
  const value = values[slot];
  if (value === undefined) throw new CompilerBug('interpret', `slot ${slot} is empty`);
  return value;
}

/** Floats of the other precision are converted, so that all arithmetic is on one kind of array. */
function inPrecision(array: NdArray, precision: Precision): NdArray {
  const { dtype, shape, data } = array;
  if (dtype !== 'float') return array;
  if (precision === 'f64') {
    return data instanceof Float64Array ? array : { dtype, shape, data: Float64Array.from(data) };
  }
  return data instanceof Float32Array ? array : { dtype, shape, data: Float32Array.from(data) };
}

/** The caller owns what it gets: nothing is shared with an input or between results. */
function nameResults(
  graph: Graph,
  inputs: ReadonlyMap<string, NdArray>,
  results: readonly NdArray[],
): Map<string, NdArray> {
  const taken = new Set<ElementData>([...inputs.values()].map((input) => input.data));
  const named = new Map<string, NdArray>();
  graph.results.forEach(({ name }, i) => {
    const result = results[i];
    if (result === undefined) throw new CompilerBug('interpret', `no result ${name}`);
    const owned = taken.has(result.data) ? { ...result, data: result.data.slice() } : result;
    taken.add(owned.data);
    named.set(name, owned);
  });
  return named;
}
