/** Passes give back the graph that they do not change, and are not run on such a graph again. */
import { describe, expect, it } from 'vitest';
import {
  batchProducts,
  gradientPasses,
  productPasses,
} from '../../../compiler/4-simplify/batch-products.ts';
import { runPass, type Pass } from '../../../compiler/4-simplify/run-pass.ts';
import { passes, simplify } from '../../../compiler/4-simplify/simplify.ts';
import { printGraph } from '../../../compiler/graph/print.ts';
import { readGraph } from '../../../compiler/graph/read.ts';
import type { Graph } from '../../../compiler/graph/types.ts';
import { compiled } from '../../support/models.ts';

const model = compiled(`
model m() {
  input x: float[T, 3]
  output y = x -> bidirectional(gru(4), depth = 2) -> softmax(5)
}`);

/** Nothing is left to do: products few, ids dense, everything in use. */
const settled = batchProducts(model.graph);

describe('a settled graph', () => {
  it.each([...passes, ...productPasses, ...gradientPasses])('$name gives it back', ({ run }) => {
    expect(run(settled)).toBe(settled);
  });

  it('is not settled before', () => {
    expect(simplify(model.graph)).not.toBe(model.graph);
    expect(printGraph(settled)).not.toBe(printGraph(model.graph));
  });
});

describe('runPass', () => {
  const graph = readGraph('graph g(%0 x: float[B] input) -> (x: %0) {}');
  const renamed = (name: string): Graph => ({ ...graph, name });

  it('runs a pass once on what it leaves as it is, and shows the graph each time', () => {
    let runs = 0;
    const seen: string[] = [];
    const pass: Pass = { name: 'idle', run: (found) => (runs++, found) };
    const check = (found: Graph, name: string): void => {
      seen.push(`${name} ${found.name}`);
    };
    expect(runPass(pass, graph, check)).toBe(graph);
    expect(runPass(pass, graph, check)).toBe(graph);
    expect(runs).toBe(1);
    expect(seen).toEqual(['idle g', 'idle g']);
  });

  it('runs it again on what it changes, and on any other graph', () => {
    let runs = 0;
    const pass: Pass = { name: 'busy', run: (found) => (runs++, renamed(`${found.name}'`)) };
    const check = (): void => undefined;
    expect(runPass(pass, graph, check).name).toBe("g'");
    expect(runPass(pass, graph, check).name).toBe("g'");
    expect(runPass(pass, renamed('h'), check).name).toBe("h'");
    expect(runs).toBe(3);
  });
});
