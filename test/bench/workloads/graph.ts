/** A workload through Gatework's compiler: its graph, what goes in, and what is carried on. */
import { evaluateShape } from '../../../compiler/graph/dim.ts';
import { countFlops } from '../../../compiler/graph/flops.ts';
import type { Model } from '../../../compiler/graph/model.ts';
import { bindPolynomial, polynomialValue } from '../../../compiler/graph/polynomial.ts';
import type { Graph, GraphParameter } from '../../../compiler/graph/types.ts';
import {
  compile,
  inferenceGraph,
  trainingGraph,
  type GraphUse,
} from '../../../compiler/pipeline.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Bindings } from '../../../runtime/artifact/size.ts';
import { streamInputs } from './draw.ts';
import { given, type Arrays } from './blocks.ts';
import { training, type Sizes, type Workload } from './workloads.ts';

export interface CompiledWorkload {
  readonly workload: Workload;
  readonly model: Model;
  readonly graph: Graph;
  /** Parameters that stay from call to call: the result that each becomes, or itself. */
  readonly feeds: ReadonlyMap<string, string>;
  /** The result that the caller reads. */
  readonly wanted: string;
}

export function compileWorkload(workload: Workload, use: GraphUse): CompiledWorkload {
  const { name, spec, mode } = workload;
  const { model, diagnostics } = compile(
    { name: `${name}.gate`, text: spec },
    { mode: mode === 'train' ? 'training' : 'inference' },
  );
  if (model === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const graph = mode === 'train' ? stepOf(model, use) : inferenceGraph(model, use);
  const feeds = feedsOf(workload, model, graph);
  return { workload, model, graph, feeds, wanted: mode === 'train' ? 'loss' : 'y' };
}

/** Floating-point operations of a call; a multiply-add counts two. */
export function flopsOf(workload: Workload, sizes: Sizes): number {
  const { graph } = compileWorkload(workload, 'interpreter');
  const flops = polynomialValue(bindPolynomial(countFlops(graph), bindingsOf(sizes)));
  if (flops === undefined) throw new Error(`${workload.name} has a dimension that is not bound`);
  return flops;
}

export function bindingsOf({ batch, time }: Sizes): Bindings {
  return new Map([
    ['B', batch],
    ['T', time],
  ]);
}

export interface Given {
  /** First values of what stays. */
  readonly kept: ReadonlyMap<string, NdArray>;
  /** After how many calls the inputs are the same again, but for the number of a training step. */
  readonly turns: number;
  /** What goes in with each call, the first being 0. */
  readonly inputs: (call: number) => ReadonlyMap<string, NdArray>;
}

export function givenTo(compiled: CompiledWorkload, arrays: Arrays, sizes: Sizes): Given {
  const { workload, graph, feeds } = compiled;
  const values = new Map(graph.parameters.map((p) => [p.name, valueOf(p, arrays, sizes)]));
  const kept = new Map([...values].filter(([name]) => feeds.has(name)));
  const constant = [...values].filter(([name]) => !feeds.has(name));
  const steps = workload.mode === 'stream' ? stepsOf(arrays, sizes) : [];
  const hasStep = values.has('step');
  return {
    kept,
    turns: Math.max(1, steps.length),
    inputs: (call) => {
      const inputs = new Map(constant);
      const x = steps[call % steps.length];
      if (x !== undefined) inputs.set('x', x);
      if (hasStep)
        inputs.set('step', { dtype: 'float', shape: [], data: Float32Array.of(call + 1) });
      return inputs;
    },
  };
}

function stepOf(model: Model, use: GraphUse): Graph {
  const { optimizer } = model.training;
  if (optimizer === undefined) throw new Error(`${model.name} has no optimizer`);
  return trainingGraph(model, { optimizer, clipNorm: training.clipNorm }, use);
}

function feedsOf({ mode }: Workload, model: Model, graph: Graph): Map<string, string> {
  if (mode === 'train') {
    const next = graph.results.map((r) => r.name).filter((name) => name.startsWith('next/'));
    return new Map(next.map((name) => [name.slice('next/'.length), name]));
  }
  const feeds = new Map(model.weights.map((w) => [w.name, w.name]));
  if (mode === 'stream') for (const { initial, final } of model.states) feeds.set(initial, final);
  return feeds;
}

/** What was drawn under the parameter's name; lengths are those of the batch, all else is 0. */
function valueOf(p: GraphParameter, arrays: Arrays, sizes: Sizes): NdArray {
  const { dtype, shape } = p.value.type;
  const sides = evaluateShape(shape, bindingsOf(sizes));
  const count = sides.reduce((product, side) => product * side, 1);
  const drawn = arrays.get(p.name);
  // Inputs of a stream are cut out below.
  if (drawn?.data.length === count) return drawn;
  if (dtype === 'int') {
    const value = p.name === 'lengths' ? sizes.time : 0;
    return { dtype, shape: sides, data: new Int32Array(count).fill(value) };
  }
  return { dtype, shape: sides, data: new Float32Array(count) };
}

/** The inputs of a stream one by one. */
function stepsOf(arrays: Arrays, { batch, time }: Sizes): readonly NdArray[] {
  const x = given(arrays, 'x');
  const size = x.length / streamInputs;
  return Array.from({ length: streamInputs }, (_, i) => ({
    dtype: 'float',
    shape: [batch, time, size / batch / time],
    data: x.slice(i * size, (i + 1) * size),
  }));
}
