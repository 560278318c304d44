/**
 * Reverse mode, graph to graph: the given results and, for each parameter asked for, the cotangent
 * `d/NAME` of the loss. Scans are differentiated through time (scan.ts); every other op by its vjp.
 * The graph holds more than it needs (residuals, products nobody uses): remove dead code
 * afterwards.
 */
import { CompilerBug, present } from '../base/bug.ts';
import { constant } from '../graph/build.ts';
import type { Graph, GraphResult, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { accumulate } from './accumulate.ts';
import { Cotangents } from './cotangents.ts';
import { emitForward, type Forward } from './forward.ts';
import type { ResidualMode } from './residuals.ts';
import { scanRule, type CarryObserver } from './scan.ts';
import { dependents, type TapeEntry } from './tape.ts';

export interface DifferentiateOptions {
  /** A result: float, scalar. */
  readonly loss: string;
  /** Names of float parameters. */
  readonly wrt: readonly string[];
  /** What the backward scans read from memory; `store` if not said. */
  readonly residuals?: ResidualMode;
  /**
   * Adds for each carry of each scan on the way `cotangent/LAYER/CARRY`, [B, T, …]: the derivative
   * of the loss by the state after each time step. LAYER is the scan's layer path, or `scanN`.
   */
  readonly observeCarries?: boolean;
}

export function differentiate(graph: Graph, options: DifferentiateOptions): Graph {
  const started = startBackward(graph, options);
  const { builder, forward, cotangents, parameters } = started;
  const observed: GraphResult[] = [];
  accumulate({
    builder,
    entries: forward.entries,
    cotangents,
    wanted: started.wanted,
    scanRule: scanRule(options.observeCarries === true ? collectCarries(observed) : undefined),
  });
  return builder.finish(graph.name, [
    ...graph.results.map((r, i) => ({ ...r, value: present(forward.results[i], r.name) })),
    ...options.wrt.map((name) => ({
      name: `d/${name}`,
      value: cotangents.getOrZeros(present(parameters.get(name), name)),
    })),
    ...observed,
  ]);
}

/** A graph with its forward half emitted and the loss seeded. */
export interface StartedBackward {
  readonly builder: GraphBuilder;
  readonly forward: Forward;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly cotangents: Cotangents;
  /** Ids of the values that depend on what derivatives are taken by. */
  readonly wanted: ReadonlySet<number>;
}

export function startBackward(
  graph: Graph,
  { loss, wrt, residuals = 'store' }: DifferentiateOptions,
): StartedBackward {
  const builder = new GraphBuilder();
  const parameters = new Map(
    graph.parameters.map((p) => [p.name, builder.parameter(p.name, p.value.type, p.role)]),
  );
  const forward = emitForward(builder, graph, [...parameters.values()], residuals);
  const lossValue = forward.results[graph.results.findIndex((r) => r.name === loss)];
  if (lossValue?.type.dtype !== 'float' || lossValue.type.shape.length !== 0) {
    throw new CompilerBug('differentiate', `${loss} is not a result that is a float scalar`);
  }
  const ids = wrt.map((name) => {
    const value = parameters.get(name);
    if (value?.type.dtype === 'float') return value.id;
    throw new CompilerBug('differentiate', `${name} is not a float parameter`);
  });
  const cotangents = new Cotangents(builder);
  cotangents.add(lossValue, constant(builder, 1));
  return { builder, forward, parameters, cotangents, wanted: dependents(forward.entries, ids) };
}

/** Collects what is observed as results of the graph, under names used once. */
export function collectCarries(results: GraphResult[]): CarryObserver {
  const scans: TapeEntry[] = [];
  return (scan, carry, value) => {
    if (!scans.includes(scan)) scans.push(scan);
    const layer = scan.instruction.origin?.layer ?? `scan${scans.indexOf(scan)}`;
    const name = `cotangent/${layer}/${carry}`;
    const taken = results.filter((r) => r.name === name || r.name.startsWith(`${name}/`)).length;
    results.push({ name: taken === 0 ? name : `${name}/${taken}`, value });
  };
}
