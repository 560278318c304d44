/**
 * The picture of vanishing gradients: how much the loss at the last time step still says about the
 * state after each earlier one. Gives, for each float carry of each recurrent layer, the result
 * `carryNorm/LAYER/CARRY` [T]: the norm over batch and width of dLoss_T/da<t>; and `loss`, the
 * whole one. Without a loss the sum of the outputs stands for it.
 *
 * Loss_T is had without taking the loss apart: what stands above the recurrent layers treats time
 * steps alike, so the cotangents that it hands down are masked to each row's last step.
 */
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { sameDim, type Dim } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import { scanParts, type ScanParts } from '../graph/scan.ts';
import type { Builder, Graph, GraphResult, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { accumulate } from './accumulate.ts';
import { collectCarries, startBackward } from './reverse.ts';
import { scanRule } from './scan.ts';
import type { TapeEntry } from './tape.ts';

export function stepGradients(model: Model): Graph {
  const graph = withLoss(model);
  const wrt = graph.parameters
    .filter((p) => p.role !== 'control' && p.value.type.dtype === 'float')
    .map((p) => p.name);
  const { builder, forward, cotangents, wanted } = startBackward(graph, { loss: 'loss', wrt });
  const layers = new Set(model.instances.filter((i) => i.recurrent).map((i) => i.path));
  const { below, above, scans } = splitAtLayers(forward.entries, layers);
  const observed: GraphResult[] = [];
  const rule = scanRule(collectCarries(observed));
  accumulate({ builder, entries: above, cotangents, wanted, scanRule: scanRule() });
  for (const value of below.flatMap((entry) => entry.instruction.results)) {
    const cotangent = cotangents.get(value);
    const time = value.type.shape[1];
    const scan = time && scans.find((s) => sameDim(s.time, time));
    if (cotangent !== undefined && scan !== undefined) {
      cotangents.set(value, atLastStep(builder, cotangent, scan));
    }
  }
  accumulate({ builder, entries: below, cotangents, wanted, scanRule: rule });
  const loss = present(forward.results[graph.results.findIndex((r) => r.name === 'loss')], 'loss');
  return builder.finish(`${graph.name}.steps`, [
    { name: 'loss', value: loss },
    ...observed.map(({ name, value }) => ({
      name: name.replace(/^cotangent/, 'carryNorm'),
      value: normOfStep(builder, value),
    })),
  ]);
}

function withLoss({ graph, outputs }: Model): Graph {
  if (graph.results.some((r) => r.name === 'loss')) return graph;
  const b = new GraphBuilder();
  const values = b.inline(
    graph,
    graph.parameters.map((p) => b.parameter(p.name, p.value.type, p.role)),
  );
  const results = graph.results.map((r, i) => ({ ...r, value: present(values[i], r.name) }));
  const names = new Set(outputs.map((o) => o.name));
  const loss = results
    .filter(({ name, value }) => names.has(name) && value.type.dtype === 'float')
    .map(({ value }) => sumOf(b, value))
    .reduce((sum, v) => build.add(b, sum, v), build.constant(b, 0));
  return b.finish(graph.name, [...results, { name: 'loss', value: loss }]);
}

function sumOf(b: Builder, x: Value): Value {
  return build.reduceSum(
    b,
    x,
    x.type.shape.map((_, axis) => axis),
  );
}

interface Layers {
  /** What leads into a recurrent layer, the layers included. */
  readonly below: readonly TapeEntry[];
  /** The rest: from the last layers to the loss. */
  readonly above: readonly TapeEntry[];
  readonly scans: readonly ScanParts[];
}

/** A scan that belongs to no recurrent layer, like that of a loss, is no layer here. */
function splitAtLayers(entries: readonly TapeEntry[], layers: ReadonlySet<string>): Layers {
  const isLayer = ({ instruction }: TapeEntry): boolean =>
    instruction.op === 'scan' && layers.has(instruction.origin?.layer ?? '');
  const leading = new Set<number>();
  const below: TapeEntry[] = [];
  const above: TapeEntry[] = [];
  for (const entry of [...entries].reverse()) {
    const { operands, results } = entry.instruction;
    if (isLayer(entry) || results.some((v) => leading.has(v.id))) {
      for (const v of operands) leading.add(v.id);
      below.unshift(entry);
    } else {
      above.unshift(entry);
    }
  }
  const scans = below.filter(isLayer).map((entry) => scanParts(entry.instruction));
  return { below, above, scans };
}

/** A value [B, T, …] with zeros everywhere but in the last time step of each row. */
function atLastStep(b: Builder, value: Value, { lengths, time }: ScanParts): Value {
  const { shape } = value.type;
  const grid = shape.slice(0, 2);
  const steps = build.broadcast(b, build.iota(b, time), grid, [1]);
  const last = build.sub(b, lengths ?? fullLength(b, time), build.constant(b, 1, 'int'));
  const isLast = build.equal(b, steps, build.broadcast(b, last, grid, lengths ? [0] : []));
  const mask = build.broadcast(b, isLast, shape, [0, 1]);
  return build.select(b, mask, value, build.constant(b, 0));
}

function fullLength(b: Builder, time: Dim): Value {
  return build.cast(b, build.size(b, time), 'int');
}

/** [B, T, …] to [T]. */
function normOfStep(b: Builder, x: Value): Value {
  const axes = x.type.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return build.sqrt(b, build.reduceSum(b, build.mul(b, x, x), axes));
}
