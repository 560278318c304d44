/**
 * Laws of what happens to a model's graphs: the same spec gives the same text twice; a printed
 * graph reads back as itself; every pass keeps the numbers; and f32 stays as close to f64 as its
 * rounding allows.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph as plainGradientGraph } from '../../compiler/3-differentiate/gradient-graph.ts';
import { passes } from '../../compiler/4-simplify/simplify.ts';
import { evaluateDim, type Bindings } from '../../compiler/graph/dim.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { printGraph } from '../../compiler/graph/print.ts';
import { readGraph } from '../../compiler/graph/read.ts';
import { scanParts } from '../../compiler/graph/scan.ts';
import type { Graph, Instruction } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { verify } from '../../compiler/ops/verify.ts';
import { gradientGraph } from '../../compiler/pipeline.ts';
import { mapped } from '../../compiler/verify/batches.ts';
import { run } from '../support/central-differences.ts';
import { compiled, expectSameResults } from '../support/models.ts';
import { bindingsOf, data, drawArrays } from '../../compiler/verify/arbitraries/data.ts';
import { spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';

function graphsOf(drawn: Spec): { model: Model; graphs: readonly Graph[] } {
  const model = compiled(drawn.text, { mode: 'training' });
  return { model, graphs: [model.graph, plainGradientGraph(model)] };
}

describe('the graphs of a spec', { timeout: 120_000 }, () => {
  it('are the same text each time', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), (drawn) => {
        const texts = [1, 2].map(() => graphsOf(drawn).graphs.map(printGraph));
        expect(texts[0]).toEqual(texts[1]);
      }),
      { seed: 301, numRuns: 60 },
    );
  });

  it('read back as they are printed', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), (drawn) => {
        for (const graph of graphsOf(drawn).graphs) {
          const text = printGraph(graph);
          const back = verify(readGraph(text), 'read');
          expect(back).toEqual(graph);
          expect(printGraph(back)).toBe(text);
        }
      }),
      { seed: 302, numRuns: 60 },
    );
  });

  it('give the same numbers after each pass', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), data, (drawn, numbers) => {
        const { model, graphs } = graphsOf(drawn);
        for (const graph of graphs) {
          const inputs = drawArrays(model, drawn, numbers, graph);
          const bindings = bindingsOf(model, numbers);
          const results = (g: Graph) => interpret(g, inputs, { precision: 'f64', bindings });
          const expected = results(graph);
          let current = graph;
          for (const pass of passes) {
            current = verify(pass.run(current), pass.name);
            expectSameResults(results(current), expected, 1e-12);
          }
        }
      }),
      { seed: 303, numRuns: 100 },
    );
  });
});

describe('f32', { timeout: 120_000 }, () => {
  /**
   * Each instruction rounds by at most 2^-24 of its result's size. Weights and inputs are small
   * enough here that no instruction enlarges the errors of its operands, so they add up along the
   * longest chain of instructions.
   */
  it('is as close to f64 as its rounding allows', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), data, (drawn, numbers) => {
        const model = compiled(drawn.text, { mode: 'training' });
        const graph = gradientGraph(model);
        const exact = drawArrays(model, drawn, { ...numbers, weightScale: 0.2 }, graph);
        const inputs = mapped(exact, (a) =>
          a.dtype === 'float' ? { ...a, data: Float64Array.from(a.data, Math.fround) } : a,
        );
        const bound = longestChain(graph, bindingsOf(model, numbers)) * 2 ** -24;
        const single = interpret(graph, inputs, { precision: 'f32' });
        expectSameResults(single, run(graph, inputs), bound);
      }),
      { seed: 304, numRuns: 150 },
    );
  });

  /** Arithmetic instructions from a parameter to a result, time steps included. */
  function longestChain(graph: Graph, bindings: Bindings): number {
    const lengths = new Map<number, number>();
    for (const instruction of graph.instructions) {
      const before = instruction.operands.map((v) => lengths.get(v.id) ?? 0);
      const length = Math.max(0, ...before) + chainOf(instruction, bindings);
      for (const result of instruction.results) lengths.set(result.id, length);
    }
    return Math.max(0, ...lengths.values());
  }

  function chainOf(instruction: Instruction, bindings: Bindings): number {
    if (exactOps.includes(instruction.op)) return 0;
    if (instruction.op !== 'scan') return 1;
    const { time, body } = scanParts(instruction);
    return evaluateDim(time, bindings) * longestChain(body, bindings);
  }

  const exactOps = [
    ...['broadcast', 'reshape', 'transpose', 'concat', 'slice', 'pad', 'reverse', 'gather'],
    ...['select', 'neg', 'max', 'min', 'less', 'lessEqual', 'equal', 'and', 'or', 'not', 'sign'],
  ];
});
