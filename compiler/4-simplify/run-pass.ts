/** How the lists of passes run one of theirs: not where it is known to change nothing. */
import type { Graph } from '../graph/types.ts';

export interface Pass {
  readonly name: string;
  /** A function of the graph alone; gives the graph itself where it changes nothing. */
  readonly run: (graph: Graph) => Graph;
}

/** Sees the graph after each pass. */
export type Check = (graph: Graph, pass: string) => void;

/** By what a pass does: the graphs that it leaves as they are. */
const settled = new WeakMap<Pass['run'], WeakSet<Graph>>();

export function runPass(pass: Pass, graph: Graph, check: Check): Graph {
  const known = settled.get(pass.run) ?? new WeakSet();
  settled.set(pass.run, known);
  const result = known.has(graph) ? graph : pass.run(graph);
  if (result === graph) known.add(graph);
  check(result, pass.name);
  return result;
}
