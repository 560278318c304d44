/** The list of phases: which parameters and results the graphs that leave it have. */
import { describe, expect, it } from 'vitest';
import { seedName } from '../../compiler/3-differentiate/seeded-loss.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { compile, gradientGraph, inferenceGraph, seedsOf } from '../../compiler/pipeline.ts';
import { modelOf } from './adopt/models.ts';

const tagger = modelOf(`model tagger {
  input tokens: words(9)[T]
  input label: class(3)[T]
  output names = tokens -> embed(4) -> rnn(5) -> softmax(3)
  loss crossEntropy(names, label)
}`);

function parameters(graph: Graph): string[] {
  return graph.parameters.filter((p) => p.role !== 'weight').map((p) => p.name);
}

function results(graph: Graph): string[] {
  return graph.results.map((r) => r.name).sort();
}

describe('graphs', () => {
  it('of inference need no targets', () => {
    const graph = inferenceGraph(tagger);
    expect(parameters(graph)).toEqual(['lengths', 'tokens', 'rnn.a0']);
    expect(results(graph)).toEqual(['names', 'rnn.an']);
  });

  it('of inference keep an input that alone says how long a time is', () => {
    const counting = modelOf(`cell count() {
      state c: [1]
      c<t> = c<t-1> + 1
      emit c<t>
    }
    model m {
      input x: float[T, 2]
      output y = x -> count() -> last
    }`);
    expect(parameters(inferenceGraph(counting))).toContain('x');
  });

  it('of gradients read targets and answer for every weight and state', () => {
    const graph = gradientGraph(tagger);
    expect(parameters(graph)).toEqual(['lengths', 'tokens', 'label', 'rnn.a0']);
    const wrt = ['d/embed.E', 'd/rnn.Wa', 'd/rnn.a0', 'd/rnn.ba', 'd/softmax.W', 'd/softmax.b'];
    expect(results(graph)).toEqual([...wrt, 'loss', 'names', 'rnn.an']);
  });

  it('of gradients read seeds where there is no loss', () => {
    const model = modelOf('rnn(5) -> dense(2)');
    expect(seedsOf(model)).toEqual(['dy', 'rnn.dan']);
    expect(parameters(gradientGraph(model))).toEqual(['lengths', 'x', 'rnn.a0', 'dy', 'rnn.dan']);
    expect(seedsOf(tagger)).toEqual([]);
    expect(seedName('hn')).toBe('dhn');
  });
});

describe('dims', () => {
  const told = (text: string, dims: Readonly<Record<string, number>>): string[] =>
    compile(
      { name: '<pipeline>', text },
      { mode: 'inference', dims: new Map(Object.entries(dims)) },
    ).diagnostics.map((d) => `${d.code} ${d.message}`);

  it('bind what the spec leaves open', () => {
    expect(told('lstm(8)', { D: 3, T: 7, B: 2 })).toEqual([]);
    expect(told('embed(4) -> lstm(8)', { V: 9 })).toEqual([]);
  });

  it('are refused where there is nothing to bind', () => {
    expect(told('lstm(8)', { DD: 3 })).toEqual(['N3103 the spec has no dimension DD']);
  });
});
