/**
 * The work that is timed, for any backend: a graph, what stays where it runs from call to call,
 * what goes in with each call, and what comes out. Numbers are random, from fixed seeds.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { RandomStream } from '../../../runtime/train/random.ts';
import { adoptStates } from '../../adopt/states.ts';
import { present } from '../../base/bug.ts';
import { evaluateDim, evaluateShape } from '../../graph/dim.ts';
import { countFlops } from '../../graph/flops.ts';
import type { Model } from '../../graph/model.ts';
import { bindPolynomial, polynomialValue } from '../../graph/polynomial.ts';
import type { Graph, GraphParameter } from '../../graph/types.ts';
import { inferenceGraph, type GraphUse } from '../../pipeline.ts';
import { stepGraph, updatesOf } from '../step-graph.ts';
import { requireRoom } from '../too-large.ts';
import { initialised } from '../weights.ts';
import type { Subject } from './subject.ts';

export interface Workload {
  readonly graph: Graph;
  /** Parameters that stay, each with the result that is its next value, or with itself. */
  readonly feeds: ReadonlyMap<string, string>;
  /** First values of those. */
  readonly kept: ReadonlyMap<string, NdArray>;
  /** What goes in with the call of this number, the first being 1. */
  readonly inputs: (call: number) => ReadonlyMap<string, NdArray>;
  /** Results that are read after each call. */
  readonly wanted: readonly string[];
}

const seed = 1;

export async function workload(subject: Subject, use: GraphUse): Promise<Workload> {
  const { bindings, mode } = subject;
  const model = mode === 'run' ? adoptStates(subject.model) : subject.model;
  const graph = graphOf(model, mode, use);
  requireRoom(
    'weights and inputs',
    new Map(graph.parameters.map((p) => [p.name, evaluateShape(p.value.type.shape, bindings)])),
  );
  const weights = await initialised(model, seed, bindings);
  const arrays = new Map(
    graph.parameters.map((p, site) => {
      const weight = weights.get(p.name);
      const array = weight === undefined ? valueOf(p, model, subject, site) : inF32(weight);
      return [p.name, array];
    }),
  );
  const feeds = feedsOf(graph, model, mode);
  const given = [...arrays].filter(([name]) => !feeds.has(name));
  const controls = new Set(graph.parameters.filter((p) => p.role === 'control').map((p) => p.name));
  return {
    graph,
    feeds,
    kept: new Map([...arrays].filter(([name]) => feeds.has(name))),
    inputs: (call) => {
      const inputs = new Map(given);
      if (controls.has('step')) inputs.set('step', scalar(call));
      if (controls.has('random')) inputs.set('random', key(call));
      return inputs;
    },
    wanted: mode === 'train' ? ['loss'] : model.outputs.map((o) => o.name),
  };
}

/** Of one call; of the equations as they stand, whatever a backend makes of them. */
export function flopsOf({ model, mode, bindings }: Subject): number {
  const graph = graphOf(mode === 'run' ? adoptStates(model) : model, mode, 'interpreter');
  const flops = polynomialValue(bindPolynomial(countFlops(graph), bindings));
  return present(flops, 'a dimension of the graph');
}

function graphOf(model: Model, mode: Subject['mode'], use: GraphUse): Graph {
  return mode === 'train' ? stepGraph(model, use) : inferenceGraph(model, use);
}

function feedsOf(graph: Graph, model: Model, mode: Subject['mode']): Map<string, string> {
  if (mode === 'train') return updatesOf(graph);
  const feeds = new Map(model.weights.map((w) => [w.name, w.name]));
  if (mode === 'stream') for (const { initial, final } of model.states) feeds.set(initial, final);
  return feeds;
}

/** `site` keeps the random numbers of two inputs apart. */
function valueOf(p: GraphParameter, model: Model, subject: Subject, site: number): NdArray {
  const { dtype, shape } = p.value.type;
  const sizes = evaluateShape(shape, subject.bindings);
  const count = sizes.reduce((product, n) => product * n, 1);
  const random = new RandomStream(seed, 0, site);
  if (dtype === 'float') {
    const data = new Float32Array(count);
    if (p.role === 'input') for (let i = 0; i < count; i++) data[i] = 2 * random.uniform() - 1;
    return { dtype, shape: sizes, data };
  }
  const limit = model.inputs.find((i) => i.name === p.name)?.size;
  const below = limit === undefined ? 1 : evaluateDim(limit, subject.bindings);
  const steps = p.role === 'control' ? lengthOf(p.name, model, subject) : 0;
  const data = Int32Array.from({ length: count }, () => steps || random.below(below));
  return { dtype: 'int', shape: sizes, data };
}

/** Every sequence is as long as its time. */
function lengthOf(name: string, model: Model, { bindings }: Subject): number {
  const time = [...model.inputs, ...model.outputs].find((v) => v.lengths === name)?.time;
  return bindings.get(time ?? '') ?? 0;
}

function inF32({ dtype, shape, data }: NdArray): NdArray {
  return { dtype, shape, data: Float32Array.from(data) };
}

function scalar(value: number): NdArray {
  return { dtype: 'float', shape: [], data: Float32Array.of(value) };
}

function key(call: number): NdArray {
  return { dtype: 'int', shape: [2], data: Int32Array.of(seed, call) };
}
