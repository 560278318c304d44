/**
 * Programs as JavaScript give the bits of WebAssembly without vectors and of the kernel
 * interpreter: models at the edges of tiles and random ones, forward and gradients, and training
 * steps that go on from what the last one left.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitJs } from '../../compiler/6-emit/js/emit.ts';
import { emitWasm } from '../../compiler/6-emit/wasm/emit.ts';
import { present } from '../../compiler/base/bug.ts';
import { trainingProgram } from '../../compiler/cli/training/program.ts';
import { gradientGraph, idRanges, kernelProgram, trainingGraph } from '../../compiler/pipeline.ts';
import { roundedToF32, type Arrays } from '../../compiler/verify/arrays.ts';
import { bindingsOf, data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { fileSpec, spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { Bindings } from '../../runtime/artifact/size.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { JsExecutable } from '../../runtime/js/js-executable.ts';
import { stepFeeds } from '../../runtime/train/step.ts';
import { WasmExecutable } from '../../runtime/wasm/wasm-executable.ts';
import { importText, jsModule } from '../support/js-runs.ts';
import { firstArrays, keptSteps } from '../support/kept-steps.ts';
import { compiled } from '../support/models.ts';
import { edgeCases, specOf } from './arbitraries/edge-cases.ts';

/** The three of them. */
async function openAll(program: Program, bindings: Bindings): Promise<readonly Executable[]> {
  const module = emitWasm(program, { form: 'scalar', threads: false, profile: false });
  return [
    new JsExecutable({ program, bindings, module: jsModule(await importText(emitJs(program))) }),
    await WasmExecutable.create({ program, module, bindings }),
    new KernelInterpreter(program, bindings),
  ];
}

/** By name; a NaN is any. */
function bitsOf(arrays: Arrays): unknown {
  return [...arrays].map(([name, { data: numbers }]) => [name, [...numbers]]);
}

interface Drawn {
  readonly program: Program;
  readonly inputs: Arrays;
  readonly bindings: Bindings;
}

function drawnFrom(one: Spec, numbers: Data, prepare: boolean): Drawn {
  const model = compiled(one.text, { mode: 'training' });
  const graph = gradientGraph(model, 'kernels');
  return {
    program: kernelProgram(graph, { device: 'simd', ids: idRanges(model), prepare }),
    inputs: roundedToF32(drawArrays(model, one, numbers, graph)),
    bindings: bindingsOf(model, numbers),
  };
}

async function check({ program, inputs, bindings }: Drawn): Promise<void> {
  const [printed, ...others] = await openAll(program, bindings);
  const found = bitsOf((await printed?.run(inputs)) ?? new Map());
  for (const other of others) expect(found).toEqual(bitsOf(await other.run(inputs)));
  expect(bitsOf((await printed?.run(inputs)) ?? new Map())).toEqual(found);
}

const optimizers = ['adam(rate = 0.05)', 'sgd(rate = 0.1, momentum = 0.9)'] as const;

/** Steps of training, on parameters that stay where the program runs. */
async function trained(one: Spec, numbers: Data, optimizer: string): Promise<void> {
  const text = one.text.replace(/\}\s*$/, `  train ${optimizer}\n}\n`);
  const model = compiled(text, { mode: 'training' });
  const rule = present(model.training.optimizer, 'an optimizer');
  const graph = trainingGraph(model, { optimizer: rule, clipNorm: 0.5 }, 'kernels');
  const bindings = bindingsOf(model, numbers);
  const feeds = stepFeeds(trainingProgram(model, bindings, 'f32'), false);
  const first = firstArrays(drawArrays(model, one, numbers, graph));
  const ids = idRanges(model);
  const program = kernelProgram(graph, { device: 'simd', ids, feeds, prepare: false });
  const results = program.results.map(({ name }) => name);
  const [printed = [], ...others] = await Promise.all(
    (await openAll(program, bindings)).map((executable) =>
      keptSteps(executable, results, { first, feeds, bindings, steps: 3 }),
    ),
  );
  for (const other of others) expect(printed.map(bitsOf)).toEqual(other.map(bitsOf));
}

const runs = (count: number): number => Number(process.env['RUNS'] ?? count);

describe('JavaScript gives the same bits', { timeout: 600_000 }, () => {
  it.each(edgeCases)('$name', async (one) => {
    const numbers: Data = { seed: 7, weightScale: 0.5, time: one.time, lengths: one.lengths };
    await check(drawnFrom(specOf(one), numbers, true));
  });

  it.each([
    ['an lstm wider than a tile', 'lstm(36)'],
    ['an rnn of odd width', 'rnn(65, activation = relu)'],
    ['both directions', 'bidirectional(gru(20), depth = 2) -> softmax(9)'],
    ['as deep as wide', 'lstm(12, depth = 3) -> dense(17)'],
  ])('%s', async (_, layers) => {
    const text = `model m { input x: float[T, 19]\n output y = x -> ${layers} }`;
    const lengths = [5, 0, 1, 5, 5, 3, 2, 5, 4, 5, 5];
    await check(drawnFrom(specOf({ text }), { seed: 3, weightScale: 0.3, time: 5, lengths }, true));
    const one: Data = { seed: 4, weightScale: 0.3, time: 1, lengths: [1] };
    await check(drawnFrom(specOf({ text }), one, false));
  });

  it('random models', async () => {
    const models = fc.oneof(spec({ dropout: true }), spec({ dropout: true, widths: 4 }));
    const law = fc.asyncProperty(models, data, fc.boolean(), async (drawn, numbers, prepare) => {
      await check(drawnFrom(drawn, numbers, prepare));
    });
    await fc.assert(law, { seed: 504, numRuns: runs(12) });
  });

  it('training steps of random models', async () => {
    const law = fc.asyncProperty(
      fileSpec({ dropout: true, heads: 1, train: false }),
      data,
      fc.constantFrom(...optimizers),
      trained,
    );
    await fc.assert(law, { seed: 505, numRuns: runs(8) });
  });
});
