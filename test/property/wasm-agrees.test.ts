/**
 * WebAssembly computes what the graph means, in every form that it is printed in: models at the
 * edges of tiles and random ones, forward and gradients, against the f64 oracle by the accuracy
 * rule; the same bits twice, for any number of threads, as a small module, and in the memory that
 * the layout says.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import { nodeWorker } from '../../compiler/cli/wasm/node-worker.ts';
import { emitWasm } from '../../compiler/6-emit/wasm/emit.ts';
import type { Bindings } from '../../compiler/graph/dim.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { gradientGraph, idRanges, kernelProgram } from '../../compiler/pipeline.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { wasmFeatures, type WasmForm } from '../../runtime/wasm/features.ts';
import { openThreads } from '../../runtime/wasm/threads.ts';
import { WasmExecutable } from '../../runtime/wasm/wasm-executable.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { type Arrays, roundedToF32 } from '../../compiler/verify/arrays.ts';
import { compiled } from '../support/models.ts';
import { bindingsOf, data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { edgeCases, specOf } from './arbitraries/edge-cases.ts';
import { spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';

allowRelaxedSimd();
const forms: readonly WasmForm[] = wasmFeatures().relaxed
  ? ['relaxed', 'simd', 'scalar']
  : ['simd', 'scalar'];

const pool = await openThreads(2, nodeWorker, () => undefined);
afterAll(() => pool?.close());

interface Drawn {
  readonly program: Program;
  readonly inputs: Arrays;
  readonly bindings: Bindings;
  /** What the results may be off by, and what they should be. */
  readonly f32: readonly Arrays[];
  readonly f64: Arrays;
}

function drawnFrom(one: Spec, numbers: Data, prepare: boolean): Drawn {
  const model = compiled(one.text, { mode: 'training' });
  const [kernels, plain] = [gradientGraph(model, 'kernels'), gradientGraph(model)];
  const bindings = bindingsOf(model, numbers);
  const inputs = roundedToF32(drawArrays(model, one, numbers, kernels));
  return {
    program: kernelProgram(kernels, { device: 'simd', ids: idRanges(model), prepare }),
    inputs,
    bindings,
    f32: [plain, kernels].map((graph) => interpret(graph, inputs, { precision: 'f32', bindings })),
    f64: interpret(plain, inputs, { precision: 'f64', bindings }),
  };
}

async function runOn(
  { program, inputs, bindings }: Drawn,
  form: WasmForm,
  threads: 1 | 2,
  small = false,
): Promise<readonly Arrays[]> {
  const module = emitWasm(program, { form, threads: threads > 1, profile: false, small });
  const shared = threads > 1 && pool !== undefined ? { pool } : {};
  const executable = await WasmExecutable.create({ program, module, bindings, ...shared });
  try {
    return [await executable.run(inputs), await executable.run(inputs)];
  } finally {
    executable.close();
  }
}

/** Every form is right, and gives the same bits again, on two threads and as a small module. */
async function check(drawn: Drawn): Promise<void> {
  for (const form of forms) {
    const [found = new Map(), again = new Map()] = await runOn(drawn, form, 1);
    expect(inaccuracies(found, drawn.f32, drawn.f64), form).toEqual([]);
    expect(bitsOf(again), form).toEqual(bitsOf(found));
    const [shared = new Map()] = await runOn(drawn, form, 2);
    expect(bitsOf(shared), `${form} on two threads`).toEqual(bitsOf(found));
    const [small = new Map()] = await runOn(drawn, form, 1, true);
    expect(bitsOf(small), `${form}, small`).toEqual(bitsOf(found));
  }
}

function bitsOf(arrays: Arrays): unknown {
  return [...arrays].map(([name, { data: numbers }]) => [name, [...numbers]]);
}

const wide = [
  ['an lstm wider than a tile', 'lstm(36)'],
  ['an rnn of odd width', 'rnn(65, activation = relu)'],
  ['both directions', 'bidirectional(gru(20), depth = 2) -> softmax(9)'],
  ['as deep as wide', 'lstm(12, depth = 3) -> dense(17)'],
] as const;

describe('WebAssembly', { timeout: 600_000 }, () => {
  it('two threads are there to be compared', () => {
    expect(pool).toBeDefined();
  });

  it.each(edgeCases)('$name', async (one) => {
    const numbers: Data = { seed: 7, weightScale: 0.5, time: one.time, lengths: one.lengths };
    await check(drawnFrom(specOf(one), numbers, true));
  });

  it.each(wide)('%s', async (_, layers) => {
    const text = `model m { input x: float[T, 19]\n output y = x -> ${layers} }`;
    const lengths = [5, 0, 1, 5, 5, 3, 2, 5, 4, 5, 5];
    await check(drawnFrom(specOf({ text }), { seed: 3, weightScale: 0.3, time: 5, lengths }, true));
    await check(
      drawnFrom(specOf({ text }), { seed: 4, weightScale: 0.3, time: 1, lengths: [1] }, false),
    );
  });

  it('random models', async () => {
    const models = fc.oneof(spec({ dropout: true }), spec({ dropout: true, widths: 4 }));
    const law = fc.asyncProperty(models, data, fc.boolean(), async (drawn, numbers, prepare) => {
      await check(drawnFrom(drawn, numbers, prepare));
    });
    await fc.assert(law, { seed: 503, numRuns: Number(process.env['RUNS'] ?? 12) });
  });
});
