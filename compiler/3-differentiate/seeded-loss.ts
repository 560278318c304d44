/**
 * A loss for a graph that has none: sum(result * seed) over the given results, with each seed a new
 * parameter `dNAME` (`PATH.dNAME` for a result `PATH.NAME`) of the result's shape. Its gradients
 * are the vector-Jacobian products of the results with the seeds.
 */
import { CompilerBug, present } from '../base/bug.ts';
import { add, broadcast, constant, iota, less, mul, reduceSum, select } from '../graph/build.ts';
import type { Model } from '../graph/model.ts';
import type { Builder, Graph, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';

/** `y` gives `dy`, `lstm.l0.forward.cn` gives `lstm.l0.forward.dcn`. */
export function seedName(result: string): string {
  const dot = result.lastIndexOf('.') + 1;
  return `${result.slice(0, dot)}d${result.slice(dot)}`;
}

/**
 * A model's graph with a result `loss`: its own, or that of `seeds`, which are all float outputs
 * and final states if not given.
 */
export function lossGraph(model: Model, seeds?: readonly string[]): Graph {
  const { graph, outputs, states } = model;
  if (graph.results.some((r) => r.name === 'loss')) return graph;
  const lengths = new Map(
    outputs.flatMap((o) => (o.lengths === undefined ? [] : [[o.name, o.lengths]])),
  );
  const answers = [...outputs, ...states.map(({ final, type }) => ({ name: final, type }))];
  const floats = answers.filter(({ type }) => type.dtype === 'float').map(({ name }) => name);
  return withSeededLoss(graph, seeds ?? floats, lengths);
}

/**
 * The graph with its seeds as inputs and a result `loss`; `results` must be floats. `lengths` names
 * the parameter with the lengths of a result that is a sequence: past them a seed means nothing,
 * whatever a caller left there.
 */
export function withSeededLoss(
  graph: Graph,
  results: readonly string[],
  lengths: ReadonlyMap<string, string> = new Map(),
): Graph {
  const b = new GraphBuilder();
  const inputs = graph.parameters.map((p) => b.parameter(p.name, p.value.type, p.role));
  const copies = b.inline(graph, inputs);
  const named = graph.results.map((r, i) => ({
    name: r.name,
    value: present(copies[i], r.name),
  }));
  let loss = constant(b, 0);
  for (const name of results) {
    const value = named.find((r) => r.name === name)?.value;
    if (value?.type.dtype !== 'float') {
      throw new CompilerBug('seeded-loss', `${name} is not a float result`);
    }
    const seed = b.parameter(seedName(name), value.type, 'input');
    const at = inputs.findIndex((_, i) => graph.parameters[i]?.name === lengths.get(name));
    const valid = withinLengths(b, seed, inputs[at]);
    const axes = value.type.shape.map((_, axis) => axis);
    loss = add(b, loss, reduceSum(b, mul(b, value, valid), axes));
  }
  return b.finish(graph.name, [...named, { name: 'loss', value: loss }]);
}

/** Zeros where a sequence [B, T, …] has ended. */
function withinLengths(b: Builder, sequence: Value, lengths: Value | undefined): Value {
  const { shape } = sequence.type;
  const [, time] = shape;
  if (lengths === undefined || time === undefined) return sequence;
  const step = broadcast(b, iota(b, time), shape, [1]);
  const there = less(b, step, broadcast(b, lengths, shape, [0]));
  return select(b, there, sequence, constant(b, 0));
}
