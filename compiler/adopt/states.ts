/**
 * States of a model that is one recurrent stage, in PyTorch's layout: initial states `h0` (and
 * `c0`) and final states `hn` (`cn`), each [layers × directions, B, H], layer by layer, forward
 * before reverse. The graph slices and stacks them, so that gradients answer in the same layout.
 */
import { present } from '../base/bug.ts';
import { concat, reshape, slice } from '../graph/build.ts';
import { fixed, sameShape } from '../graph/dim.ts';
import type { LayerInstance, Model, ModelState } from '../graph/model.ts';
import type { Builder, Graph, TensorType, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';

/** The same model when it is not a single recurrent stage, or its states differ in shape. */
export function adoptStates(model: Model): Model {
  const stacks = model.singleStage ? stateStacks(model) : [];
  if (stacks.length === 0) return model;
  const states = stacks.map((stack): ModelState => {
    const [first] = stack.parts;
    return {
      initial: `${stack.name}0`,
      final: `${stack.name}n`,
      type: stackedType(stack),
      layer: first?.layer ?? '',
      time: first?.time ?? '',
    };
  });
  return { ...model, graph: withStacks(model.graph, stacks), states };
}

/** One state of the cell in all its layers and directions. */
interface Stack {
  /** `h`, `c`. */
  readonly name: string;
  readonly parts: readonly ModelState[];
}

function stackedType({ parts }: Stack): TensorType {
  const [first] = parts;
  return {
    dtype: first?.type.dtype ?? 'float',
    shape: [fixed(parts.length), ...(first?.type.shape ?? [])],
  };
}

/** Empty when they cannot be stacked. */
function stateStacks(model: Model): readonly Stack[] {
  const instances = new Map(model.instances.map((i) => [i.path, i]));
  const stacks = new Map<string, { state: ModelState; instance: LayerInstance }[]>();
  for (const state of model.states) {
    const instance = instances.get(state.layer);
    if (instance === undefined) return [];
    const name = foreignStateName(state, instance);
    stacks.set(name, [...(stacks.get(name) ?? []), { state, instance }]);
  }
  const result = [...stacks]
    .sort(([a], [b]) => stateOrder(a) - stateOrder(b))
    .map(([name, members]) => ({
      name,
      parts: members.sort((a, b) => place(a.instance) - place(b.instance)).map((m) => m.state),
    }));
  const uniform = result.every(({ parts }) =>
    parts.every((p) => sameShape(p.type.shape, parts[0]?.type.shape ?? [])),
  );
  return uniform ? result : [];
}

/** PyTorch's letters in the order of the cell's layout; without one, the state's own name. */
function foreignStateName(state: ModelState, instance: LayerInstance): string {
  const own = state.initial.slice(instance.path.length + 1).replace(/0$/, '');
  const order = instance.layout?.settings.get('states') ?? [];
  const at = order.findIndex((term) => term.input === own);
  return ['h', 'c'][at] ?? own;
}

function stateOrder(name: string): number {
  return name === 'h' ? 0 : 1;
}

function place(instance: LayerInstance): number {
  return instance.layer * 2 + (instance.direction === 'reverse' ? 1 : 0);
}

function withStacks(graph: Graph, stacks: readonly Stack[]): Graph {
  const b = new GraphBuilder();
  const initials = new Set(stacks.flatMap((s) => s.parts.map((p) => p.initial)));
  const finals = new Set(stacks.flatMap((s) => s.parts.map((p) => p.final)));
  const values = new Map<string, Value>();
  for (const p of graph.parameters) {
    if (!initials.has(p.name)) values.set(p.name, b.parameter(p.name, p.value.type, p.role));
  }
  for (const stack of stacks) {
    const stacked = b.parameter(`${stack.name}0`, stackedType(stack), 'state');
    stack.parts.forEach((part, i) => values.set(part.initial, takeRow(b, stacked, i)));
  }
  const results = b.inline(
    graph,
    graph.parameters.map((p) => present(values.get(p.name), `a value for ${p.name}`)),
  );
  const byName = new Map(graph.results.map((r, i) => [r.name, results[i]]));
  return b.finish(graph.name, [
    ...[...byName].flatMap(([name, value]) =>
      finals.has(name) || value === undefined ? [] : [{ name, value }],
    ),
    ...stacks.map((stack) => ({
      name: `${stack.name}n`,
      value: concat(
        b,
        stack.parts.map((p) => asRow(b, present(byName.get(p.final), `result ${p.final}`))),
        0,
      ),
    })),
  ]);
}

function takeRow(b: Builder, stacked: Value, row: number): Value {
  const one = slice(b, stacked, 0, fixed(row), fixed(1));
  return reshape(b, one, stacked.type.shape.slice(1));
}

function asRow(b: Builder, state: Value): Value {
  return reshape(b, state, [fixed(1), ...state.type.shape]);
}
