/**
 * A device computes what the graph means: small models around the edges of tiles, forward and
 * gradients in one program, on WebGPU against the f64 oracle and against the kernel interpreter,
 * both by the accuracy rule; the same bits at every run and from the text in few letters, in the
 * memory that the layout says; and a training step on parameters that stay on the device.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { compactWgsl } from '../../compiler/6-emit/wgsl/compact.ts';
import { present } from '../../compiler/base/bug.ts';
import { trainingProgram } from '../../compiler/cli/training/program.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { gradientGraph, idRanges, shaderProgram, trainingGraph } from '../../compiler/pipeline.ts';
import { KernelInterpreter } from '../../runtime/interpreter/kernel-interpreter.ts';
import { layOut } from '../../runtime/session/layout.ts';
import { stepFeeds } from '../../runtime/train/step.ts';
import { WebgpuExecutable } from '../../runtime/webgpu/webgpu-executable.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { type Arrays, roundedToF32 } from '../../compiler/verify/arrays.ts';
import { gpuDevice, gpuInSoftware, gpuUnavailable } from '../support/gpu.ts';
import { firstArrays, inaccurateSteps, keptSteps, oracleSteps } from '../support/kept-steps.ts';
import { compiled } from '../support/models.ts';
import { ulpOf } from '../support/ulps.ts';
import { bindingsOf, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { edgeCases, specOf } from './arbitraries/edge-cases.ts';

/** How far the driver in software may be from the kernel interpreter; it is 0 to 2 off. */
const ulpsApart = 8;

const runs = edgeCases.flatMap((one) =>
  (one.schedules ?? (['auto'] as const)).map((schedule) => ({ ...one, schedule })),
);

describe('on a device', { timeout: 300_000 }, () => {
  beforeEach((context) => {
    if (gpuUnavailable !== undefined) context.skip(gpuUnavailable);
  });

  it.each(runs)('$name: outputs and gradients, $schedule', async ({ schedule, ...drawn }) => {
    const model = compiled(drawn.text, { mode: 'training' });
    const [kernels, plain] = [gradientGraph(model, 'kernels'), gradientGraph(model)];
    const numbers: Data = { seed: 7, weightScale: 0.5, time: drawn.time, lengths: drawn.lengths };
    const bindings = bindingsOf(model, numbers);
    const inputs = roundedToF32(drawArrays(model, specOf(drawn), numbers, kernels));
    // What the command line takes for a device in software, which is this one.
    const form = schedule === 'steps' ? 'software' : 'parallel';
    const { program, shaders } = shaderProgram(kernels, {
      schedule,
      device: form,
      ids: idRanges(model),
    });
    const device = present(await gpuDevice(), 'a device');
    const executable = await WebgpuExecutable.create({ program, shaders, device, bindings });
    const found = await executable.run(inputs);
    expect(executable.allocatedBytes).toBe(layOut(program, bindings).bytes);
    const again = await executable.run(inputs);
    executable.close();
    const short = { program, shaders: compactWgsl(program), device, bindings };
    const inFewLetters = await WebgpuExecutable.create(short);
    const same = await inFewLetters.run(inputs);
    inFewLetters.close();

    const f32 = [plain, kernels].map((graph) =>
      interpret(graph, inputs, { precision: 'f32', bindings }),
    );
    const f64 = interpret(plain, inputs, { precision: 'f64', bindings });
    expect(inaccuracies(found, f32, f64)).toEqual([]);
    expect(bitsOf(again)).toEqual(bitsOf(found));
    // Another text may be contracted in another way.
    if (gpuInSoftware) expect(bitsOf(same)).toEqual(bitsOf(found));
    else expect(inaccuracies(same, f32, f64)).toEqual([]);
    if (!gpuInSoftware) return;
    // Both run the same kernels. What a device contracts to fused multiply-adds is another rounding
    // of theirs, which only the rule above can judge; the driver in software contracts none.
    const interpreted = await new KernelInterpreter(program, bindings).run(inputs);
    expect(farthest(found, interpreted)).toBeLessThanOrEqual(ulpsApart);
  });

  it('a training step of the zoo, on parameters that stay there', async () => {
    const file = fileURLToPath(new URL('../../specs/zoo/names.gate', import.meta.url));
    const text = readFileSync(file, 'utf8');
    const model = compiled(text, { mode: 'training', dims: new Map([['V', 17]]) });
    const options = { optimizer: present(model.training.optimizer, 'adam'), clipNorm: 5 };
    const graph = trainingGraph(model, options, 'kernels');
    const numbers: Data = { seed: 3, weightScale: 0.2, time: 7, lengths: [7, 3, 0] };
    const bindings = bindingsOf(model, numbers);
    const feeds = stepFeeds(trainingProgram(model, bindings, 'f32'), false);
    const spec = specOf({ text, kinds: { text: 'ids' } });
    const first = firstArrays(drawArrays(model, spec, numbers, graph));
    const training = { first, feeds, bindings, steps: 1 };
    const { program, shaders } = shaderProgram(graph, { feeds, ids: idRanges(model) });
    const device = present(await gpuDevice(), 'a device');
    const executable = await WebgpuExecutable.create({ program, shaders, device, bindings });
    const results = graph.results.map((r) => r.name);
    const found = await keptSteps(executable, results, training);
    executable.close();
    const plain = trainingGraph(model, options);
    const f32 = [plain, graph].map((g) => oracleSteps(g, training, 'f32'));
    expect(inaccurateSteps(found, f32, oracleSteps(plain, training, 'f64'))).toEqual([]);
  });
});

function bitsOf(arrays: Arrays): unknown {
  return [...arrays].map(([name, { data }]) => [name, [...data]]);
}

/** The largest difference of floats, in f32 units in the last place of the result's scale. */
function farthest(found: Arrays, other: Arrays): number {
  let largest = 0;
  for (const [name, { data }] of other) {
    const here = present(found.get(name), name).data;
    const scale = Math.max(2 ** -126, ...Array.from(data, Math.abs));
    data.forEach((x, i) => {
      largest = Math.max(largest, Math.abs(x - present(here[i], name)) / ulpOf(scale));
    });
  }
  return largest;
}
