/** A Model around a graph that was built by hand, as the elaborator would describe it. */
import type { Model } from '../../compiler/graph/model.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { recurrentGraph, type RecurrentOptions } from './recurrent-graphs.ts';

const span = { source: { name: 'test', text: '' }, start: 0, end: 0 };

/** `loss: false` leaves the loss out of the results. */
export function recurrentModel(options: RecurrentOptions, { loss }: { loss: boolean }): Model {
  const full = recurrentGraph(options);
  const graph: Graph = loss
    ? full
    : { ...full, results: full.results.filter((r) => r.name !== 'loss') };
  const named = (role: string): Graph['parameters'] =>
    graph.parameters.filter((p) => p.role === role);
  const states = named('state');
  return {
    name: options.cell,
    graph,
    inputs: named('input').map((p) => ({
      name: p.name,
      element: 'float',
      type: p.value.type,
      time: 'T',
      span,
    })),
    weights: named('weight').map((p) => ({
      name: p.name,
      shape: p.value.type.shape,
      initializer: { kind: 'glorot' },
      layer: options.cell,
      span,
    })),
    states: states.map((p, i) => ({
      initial: p.name,
      final: `final${i}`,
      type: p.value.type,
      layer: options.cell,
      time: 'T',
    })),
    outputs: graph.results
      .filter((r) => r.name === 'y')
      .map((r) => ({ name: 'y', type: r.value.type, time: 'T', span })),
    metrics: [],
    training: { settings: new Map() },
    layers: [],
    instances: Array.from({ length: options.layers }, (_, layer) => ({
      path: `${options.cell}.l${layer}`,
      stage: options.cell,
      definition: options.cell,
      recurrent: true,
      layer,
      direction: options.reverse ? 'reverse' : 'forward',
    })),
    singleStage: false,
  };
}
