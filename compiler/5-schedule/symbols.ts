/** The dimensions of a graph that are still open, in alphabetical order. */
import { symbolsOf } from '../graph/dim.ts';
import { isDim, isGraph, type Graph } from '../graph/types.ts';

export function symbolsIn(graph: Graph): ReadonlySet<string> {
  const symbols = new Set<string>();
  collect(graph, symbols);
  return new Set([...symbols].sort());
}

function collect(graph: Graph, symbols: Set<string>): void {
  for (const { value } of graph.parameters) add(symbolsOf(value.type.shape), symbols);
  for (const { results, attributes } of graph.instructions) {
    for (const { type } of results) add(symbolsOf(type.shape), symbols);
    for (const value of Object.values(attributes)) {
      if (isGraph(value)) collect(value, symbols);
      else if (isDim(value)) add(symbolsOf([value]), symbols);
    }
  }
}

function add(found: Iterable<string>, symbols: Set<string>): void {
  for (const symbol of found) symbols.add(symbol);
}
