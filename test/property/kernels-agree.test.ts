/**
 * Kernels mean what their graph means: random models, forward and gradients and every further
 * result such as metrics, on the kernel interpreter against the f64 oracle, by the accuracy rule.
 * Memory is poisoned and every access is checked, so what is read before it is written, or past its
 * end, shows.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceKind, ScheduleMode } from '../../compiler/5-schedule/forms.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import {
  gradientGraph,
  idRanges,
  kernelProgram,
  resultGraph,
  type GraphUse,
} from '../../compiler/pipeline.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { roundedToF32, type Arrays } from '../../compiler/verify/arrays.ts';
import { compiled } from '../support/models.ts';
import { bindingsOf, data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';

/** Every result that the model has, whether a driver asks for it or not. */
function wholeGraph(model: Model, use: GraphUse): Graph {
  return resultGraph(
    model,
    model.graph.results.map((r) => r.name),
    use,
  );
}

/** Of widths that are no multiple of 4, or that are: kernels then go by four elements at once. */
const models = fc.oneof(spec({ dropout: true }), spec({ dropout: true, widths: 4 }));

interface Run {
  readonly schedule: ScheduleMode;
  readonly device: DeviceKind;
  /** Whether workgroups run from the last to the first, so that their order shows. */
  readonly backward: boolean;
}

const run: fc.Arbitrary<Run> = fc.record({
  schedule: fc.constantFrom('steps', 'persistent'),
  device: fc.constantFrom('simd', 'software', 'parallel'),
  backward: fc.boolean(),
});

async function disagreements(
  model: Model,
  graphOf: (model: Model, use: GraphUse) => Graph,
  [drawn, numbers]: readonly [Spec, Data],
  { schedule, device, backward }: Run,
): Promise<string[]> {
  const [kernels, plain] = [graphOf(model, 'kernels'), graphOf(model, 'interpreter')];
  const inputs = roundedToF32(drawArrays(model, drawn, numbers, kernels));
  const bindings = bindingsOf(model, numbers);
  const program = kernelProgram(kernels, { ids: idRanges(model), schedule, device });
  const options = { poison: true, backward };
  const found = await new KernelInterpreter(program, bindings, options).run(inputs);
  const oracle = (graph: Graph, precision: 'f32' | 'f64'): Arrays =>
    interpret(graph, inputs, { precision, bindings });
  return inaccuracies(found, [oracle(plain, 'f32'), oracle(kernels, 'f32')], oracle(plain, 'f64'));
}

describe('kernels', { timeout: 600_000 }, () => {
  it('agree with the oracle on random models, their gradients and their metrics', async () => {
    await fc.assert(
      fc.asyncProperty(models, data, run, async (drawn, numbers, how) => {
        const model = compiled(drawn.text, { mode: 'training' });
        for (const graphOf of [wholeGraph, gradientGraph]) {
          expect(await disagreements(model, graphOf, [drawn, numbers], how)).toEqual([]);
        }
      }),
      { seed: 501, numRuns: Number(process.env['RUNS'] ?? 20) },
    );
  });
});
