/**
 * Faults planted in programs, found again: a large spec shrinks to one layer of one or two units,
 * and the first primitive that departs and the part of the compiler at fault are named.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import type { Precision } from '../../../compiler/ops/op.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { gradientGraph, inferenceGraph } from '../../../compiler/pipeline.ts';
import { inaccuracies } from '../../../compiler/verify/accuracy.ts';
import {
  bindingsOf,
  data,
  drawArrays,
  type Data,
} from '../../../compiler/verify/arbitraries/data.ts';
import { spec, type InputKind, type Spec } from '../../../compiler/verify/arbitraries/models.ts';
import { roundedToF32, type Arrays } from '../../../compiler/verify/arrays.ts';
import { culprit, type CulpritQuestion } from '../../../compiler/verify/culprit.ts';
import { departuresOf } from '../../../compiler/verify/culprit/departures.ts';
import { probesOf, withProbes } from '../../../compiler/verify/culprit/probes.ts';
import { oracle } from '../../../compiler/verify/culprit/references.ts';
import type { GraphRunner } from '../../../compiler/verify/runner.ts';
import { smallerSpec } from '../../../compiler/verify/smaller-spec.ts';
import type { Graph } from '../../../compiler/graph/types.ts';
import { scanParts } from '../../../compiler/graph/scan.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { compiled } from '../../support/models.ts';
import {
  inexact,
  kernelRunner,
  noBarriers,
  programOf,
  shortSums,
  swappedColumns,
  wasmRunner,
  wrongSigns,
  type Planted,
} from '../../support/planted-faults.ts';

/** Takes a while to be made small. */
const large = `model m(width = 4, classes = 3) {
  input x: float[T, 6]
  input label: class(classes)[T]
  a = x -> bidirectional(lstm(width)) -> residual(gru(2 * width))
  output y = a -> dropout(0.2) -> softmax(classes)
  loss crossEntropy(y, label)
  train adam(rate = 0.1), batch = 4
}`;

const middling = `model m {
  input x: float[T, 6]
  output y = x -> bidirectional(rnn(4)) -> dense(3)
  loss 2 * mse(y, x -> dense(3))
}`;

type Case = Pick<CulpritQuestion, 'model' | 'graph' | 'plain' | 'inputs' | 'bindings'>;

/** One row of two time steps; gradients, or outputs alone. */
function caseOf(text: string, gradients = true): Case {
  const model = compiled(text, { mode: 'training' });
  const graphOf = gradients ? gradientGraph : inferenceGraph;
  const [graph, plain] = [graphOf(model, 'kernels'), graphOf(model, 'interpreter')];
  const numbers: Data = { seed: 7, weightScale: 0.8, time: 2, lengths: [2] };
  const kinds = model.inputs.map(({ name, element }): [string, InputKind] => [
    name,
    element === 'float' || element === 'class' ? element : 'ids',
  ]);
  const drawn: Spec = { text, inputs: new Map(kinds), hasLoss: false };
  const inputs = roundedToF32(drawArrays(model, drawn, numbers, graph));
  return { model, graph, plain, inputs, bindings: bindingsOf(model, numbers) };
}

async function isWrong(runner: GraphRunner, one: Case): Promise<boolean> {
  const { graph, plain = graph, inputs, bindings } = one;
  const run = (g: Graph, precision: Precision): Arrays =>
    interpret(g, inputs, { precision, bindings });
  const found = await runner.run(one);
  return inaccuracies(found, [run(plain, 'f32'), run(graph, 'f32')], run(plain, 'f64')).length > 0;
}

interface PlantedCase {
  readonly name: string;
  readonly wrong: GraphRunner;
  readonly kernels: GraphRunner;
  readonly planted: Planted;
  readonly gradients?: boolean;
  /** `middling` if not said. */
  readonly text?: string;
  readonly expected: {
    readonly spec: string;
    readonly phase: 'schedule' | 'emitter';
    readonly op: string;
    /** The loop in whose body it is, and its time step. */
    readonly loop?: readonly [string, number];
    readonly kernels: readonly string[];
  };
}

const simd: Planted = { device: 'simd' };
const steps: Planted = { device: 'parallel', schedule: 'persistent' };
const unlayered = 'model m {\n  input x: float[T, 1]\n  output y = x\n}\n';

const cases: readonly PlantedCase[] = [
  {
    name: "two gates' columns swapped in the weight packing of Wasm",
    wrong: wasmRunner(swappedColumns),
    kernels: kernelRunner(simd),
    planted: simd,
    text: large,
    expected: { spec: 'lstm(1)\n', phase: 'emitter', op: 'dot', kernels: ['pack', 'lstm.dot'] },
  },
  {
    name: 'a function of Wasm off by a thousandth, in a loop',
    wrong: wasmRunner(inexact('tanh')),
    kernels: kernelRunner(simd),
    planted: simd,
    expected: {
      spec: 'rnn(1)\n',
      phase: 'emitter',
      op: 'tanh',
      loop: ['rnn', 0],
      kernels: ['rnn.step'],
    },
  },
  {
    name: 'a wrong sign in the loop back through time',
    wrong: wasmRunner(wrongSigns(/backward/)),
    kernels: kernelRunner(simd),
    planted: simd,
    expected: {
      spec: 'rnn(1)\n',
      phase: 'emitter',
      op: 'sub',
      loop: ['rnn.backward', 1],
      kernels: ['rnn.backward.step'],
    },
  },
  {
    name: 'barriers that a device does not get to see, in a loop',
    wrong: kernelRunner({ ...steps, fault: noBarriers }),
    kernels: kernelRunner(steps),
    planted: steps,
    gradients: false,
    expected: {
      spec: 'rnn(2)\n',
      phase: 'emitter',
      op: 'dot',
      loop: ['rnn', 0],
      kernels: ['rnn.scan'],
    },
  },
  {
    name: 'barriers that the schedule forgot',
    wrong: kernelRunner({ ...steps, fault: noBarriers }),
    kernels: kernelRunner({ ...steps, fault: noBarriers }),
    planted: steps,
    expected: { spec: unlayered, phase: 'schedule', op: 'reduceSum', kernels: ['reduceSum'] },
  },
  {
    name: 'sums one element short, for everyone',
    wrong: wasmRunner(shortSums),
    kernels: kernelRunner({ ...simd, fault: shortSums }),
    planted: simd,
    expected: { spec: unlayered, phase: 'schedule', op: 'reduceSum', kernels: ['reduceSum'] },
  },
];

describe('a planted fault', { timeout: 120_000 }, () => {
  it.each(cases)('$name', async ({ wrong, kernels, planted, gradients, ...rest }) => {
    const { expected } = rest;
    const falls = (text: string): Promise<boolean> => isWrong(wrong, caseOf(text, gradients));
    const whole = rest.text ?? middling;
    expect(await falls(whole)).toBe(true);
    const { text } = await smallerSpec(whole, falls);
    expect(text).toBe(expected.spec);
    const one = caseOf(text, gradients);
    const found = await culprit({
      ...{ ...one, wrong, kernels },
      programOf: (graph) => programOf(one.model, graph, planted),
    });
    const { first } = found;
    expect(found).toMatchObject({ phase: expected.phase, hidden: [] });
    expect(first?.probe.instruction.op).toBe(expected.op);
    const loop = first?.probe.loop;
    const at = loop === undefined ? undefined : [scanParts(loop).body.name, first?.element[1]];
    expect(at).toEqual(expected.loop);
    expect(found.kernels.map((k) => k.name)).toEqual(expected.kernels);
    expect(found.text).toContain(`The ${expected.phase} is at fault`);
    expect(found.text).toContain(`The first to depart is ${expected.op}`);
  });

  it('is found in a large spec as well', async () => {
    const wrong = wasmRunner(inexact('tanh'));
    const found = await culprit({ ...caseOf(large), wrong, kernels: kernelRunner(simd) });
    expect(found.first?.probe.instruction).toMatchObject({
      op: 'tanh',
      origin: { source: 'std/lstm.gate', line: 7, layer: 'lstm.forward' },
    });
  });

  it('that is only there where values are computed together is told of by its kernel', async () => {
    const one = caseOf('rnn(2)');
    const count = one.graph.results.length;
    const wrong = wasmRunner((p) => (p.results.length > count ? p : inexact('tanh')(p)));
    const found = await culprit({
      ...{ ...one, wrong, kernels: kernelRunner(simd) },
      programOf: (graph) => programOf(one.model, graph, simd),
    });
    expect(found.phase).toBe('emitter');
    expect(found.first?.probe.name).toBe('rnn.an');
    const hidden = found.hidden.map((p) => p.instruction.op);
    expect(hidden).toContain('tanh');
    expect(found.text).toMatch(/computed together with what it reads: .*tanh/);
    expect(found.kernels.length).toBeGreaterThan(0);
  });

  it('that hides where one certain value is given out is found among the others', async () => {
    const one = caseOf('rnn(2)');
    const product = probesOf(one.graph).find((p) => p.instruction.op === 'dot')?.name;
    const wrong = wasmRunner((p) =>
      p.results.some((r) => r.name === product) ? p : inexact('tanh')(p),
    );
    const found = await culprit({ ...one, wrong, kernels: kernelRunner(simd) });
    expect(found.first?.probe.instruction.op).toBe('tanh');
    expect(found.hidden.map((p) => p.name)).toEqual([product]);
  });

  it('in how code is run shows as other bits from run to run', async () => {
    let runs = 0;
    const right = wasmRunner();
    const wrong = changedResults(right, () => (runs += 1) * 0.25);
    const found = await culprit({ ...caseOf('rnn(1)'), wrong, kernels: kernelRunner(simd) });
    expect(found.phase).toBe('runtime');
  });

  it('of a bit is found where it should be the twin of another', async () => {
    const one = caseOf('rnn(1) -> dense(1)');
    const wrong = wasmRunner(inexact('tanh'));
    const found = await culprit({ ...one, wrong, twin: wasmRunner() });
    expect(found).toMatchObject({ phase: 'runtime', first: { allowed: 0 } });
    expect(found.first?.probe.instruction.op).toBe('tanh');
    const same = await culprit({ ...one, wrong: wasmRunner(), twin: wasmRunner() });
    expect(same.phase).toBeUndefined();
  });

  it('of the passes is none of the schedule', async () => {
    const one = caseOf('rnn(1)');
    const other = caseOf('rnn(1, activation = sigmoid)');
    const wrong = wasmRunner();
    const found = await culprit({
      ...{ ...one, graph: other.graph, wrong, kernels: kernelRunner(simd) },
      programOf: (graph) => programOf(one.model, graph, simd),
    });
    expect(found).toMatchObject({ phase: 'passes', kernels: [] });
    expect(found.first?.probe.name).toBe('rnn.an');
  });

  it('that leaves no numbers is told in its own words', async () => {
    const failing: GraphRunner = {
      ...wasmRunner(),
      run: () => Promise.reject(new Error('out of bounds in rnn.step')),
    };
    const one = caseOf('rnn(1)');
    const found = await culprit({ ...one, wrong: failing, kernels: kernelRunner(simd) });
    expect(found).toMatchObject({ phase: 'emitter', fault: 'out of bounds in rnn.step' });
    expect(found.text).toContain('out of bounds in rnn.step');
    const both = await culprit({ ...one, wrong: failing, kernels: failing });
    expect(both.phase).toBe('schedule');
  });

  it('is not made up', async () => {
    const found = await culprit({
      ...caseOf(large),
      ...{ wrong: wasmRunner(), kernels: kernelRunner(simd) },
    });
    expect(found).toMatchObject({ phase: undefined, first: undefined, kernels: [] });
    expect(found.text).toContain('did not show again');
  });
});

/** Each float result moved by some amount, another each time. */
function changedResults(runner: GraphRunner, amount: () => number): GraphRunner {
  const moved = (array: NdArray, by: number): NdArray =>
    array.dtype === 'float'
      ? { ...array, data: Float64Array.from(array.data, (value) => value + by) }
      : array;
  return {
    ...runner,
    run: async (job) => {
      const by = amount();
      const results = await runner.run(job);
      return new Map([...results].map(([name, array]) => [name, moved(array, by)]));
    },
  };
}

describe('a graph with all its values given out', { timeout: 120_000 }, () => {
  it('is well formed, and kernels compute all of them', async () => {
    const law = fc.asyncProperty(spec({ dropout: true }), data, async (drawn, numbers) => {
      const model = compiled(drawn.text, { mode: 'training' });
      const graph = gradientGraph(model, 'kernels');
      const probes = probesOf(graph);
      const probed = verify(withProbes(graph, probes), 'probes');
      expect(new Set(probed.results.map((r) => r.name)).size).toBe(probed.results.length);
      const inputs = roundedToF32(drawArrays(model, drawn, numbers, graph));
      const bindings = bindingsOf(model, numbers);
      const reference = oracle(probed, inputs, bindings, undefined);
      for (const runner of [
        kernelRunner(simd),
        kernelRunner({ device: 'parallel' }),
        wasmRunner(),
      ]) {
        const found = await runner.run({ model, graph: probed, inputs, bindings });
        for (const { name } of probes) expect(found.has(name), name).toBe(true);
        expect(departuresOf(probes, found, reference)).toEqual([]);
      }
    });
    await fc.assert(law, { seed: 512, numRuns: 8 });
  });
});
