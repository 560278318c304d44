/**
 * Kernels mean what their graph means: random models, forward and gradients, on the kernel
 * interpreter against the f64 oracle, by the accuracy rule. Memory is poisoned and every access is
 * checked, so what is read before it is written, or past its end, shows.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedule } from '../../compiler/5-schedule/schedule.ts';
import type { Bindings } from '../../compiler/graph/dim.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { verifyProgram } from '../../compiler/kernel/verify-program.ts';
import { gradientGraph, inferenceGraph } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { inaccuracies } from '../support/accuracy.ts';
import { mapped } from '../support/batches.ts';
import { compiled } from '../support/models.ts';
import { bindingsOf, data, drawArrays } from './arbitraries/data.ts';
import { spec } from './arbitraries/models.ts';

type Arrays = ReadonlyMap<string, NdArray>;

/** Numbers that f32 holds, so that all see the same. */
function rounded(arrays: Arrays): Arrays {
  return mapped(arrays, (array) =>
    array.dtype === 'float'
      ? { ...array, data: Float64Array.from(array.data, Math.fround) }
      : array,
  );
}

async function disagreements(
  kernels: Graph,
  plain: Graph,
  inputs: Arrays,
  bindings: Bindings,
  backward: boolean,
): Promise<string[]> {
  const program = verifyProgram(schedule(kernels));
  const options = { poison: true, backward };
  const found = await new KernelInterpreter(program, bindings, options).run(inputs);
  const run = (graph: Graph, precision: 'f32' | 'f64') =>
    interpret(graph, inputs, { precision, bindings });
  return inaccuracies(found, [run(plain, 'f32'), run(kernels, 'f32')], run(plain, 'f64'));
}

describe('kernels', { timeout: 600_000 }, () => {
  it('agree with the oracle on random models and their gradients', async () => {
    await fc.assert(
      fc.asyncProperty(
        spec({ dropout: true }),
        data,
        fc.boolean(),
        async (drawn, numbers, back) => {
          const model = compiled(drawn.text, { mode: 'training' });
          for (const graphOf of [inferenceGraph, gradientGraph]) {
            const [kernels, plain] = [graphOf(model, 'kernels'), graphOf(model)];
            const inputs = rounded(drawArrays(model, drawn, numbers, kernels));
            const bindings = bindingsOf(model, numbers);
            expect(await disagreements(kernels, plain, inputs, bindings, back)).toEqual([]);
          }
        },
      ),
      { seed: 501, numRuns: Number(process.env['RUNS'] ?? 60) },
    );
  });
});
