/** `run` and `grad` on WebAssembly against the interpreter, by the accuracy rule; threads. */
import { describe, expect, test } from 'vitest';
import { computeGrad, computeRun, type Arrays } from '../../../compiler/cli/compute.ts';
import type { EngineOptions } from '../../../compiler/cli/options.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { inaccuracies } from '../../../compiler/verify/accuracy.ts';
import { drawer, drawFloats, ints } from '../../../compiler/verify/arrays.ts';
import { nudged } from '../../../compiler/verify/nudge.ts';
import { compiled } from '../../support/models.ts';

type Inputs = Readonly<Record<string, NdArray>>;

const interpreted = (dtype: 'f32' | 'f64'): EngineOptions => ({ backend: 'interpreter', dtype });
const wasm: EngineOptions = { backend: 'wasm', dtype: 'f32' };

const text = `model next {
  input text: characters(7)[T]
  output next = text<t-1> -> embed(3) -> lstm(7) -> softmax(7)
  loss crossEntropy(next, text)
}`;

/** Sequences of so many features, some of them shorter, and a seed for each output. */
function floatInputs(lengths: readonly number[], time: number, widths: readonly number[]): Inputs {
  const draw = drawer(lengths.length * 10 + time);
  const rows = lengths.length;
  const [width = 0, ...outputs] = widths;
  return {
    x: drawFloats(draw, [rows, time, width]),
    lengths: ints([rows], lengths),
    ...Object.fromEntries(outputs.map((out) => ['dy', drawFloats(draw, [rows, time, out])])),
  };
}

function textInputs(lengths: readonly number[], time: number): Inputs {
  const ids = Array.from({ length: lengths.length * time }, (_, i) => (i * i + i) % 7);
  return {
    text: ints([lengths.length, time], ids),
    lengths: ints([lengths.length], lengths),
  };
}

const cases: readonly (readonly [string, string, Inputs])[] = [
  ['lstm', 'lstm(8) -> dense(5)', floatInputs([6, 0, 2], 6, [3, 5])],
  ['gru', 'gru(7)', floatInputs([6, 6, 1, 0, 5], 6, [3, 7])],
  ['two directions', 'bidirectional(lstm(5)) -> dense(3)', floatInputs([4, 0, 7], 7, [4, 3])],
  ['depth', 'lstm(4, depth = 3)', floatInputs([3, 2], 3, [4, 4])],
  ['one step', 'lstm(6)', floatInputs([1, 0], 1, [3, 6])],
  ['one row', 'gru(16)', floatInputs([5], 5, [8, 16])],
  ['no row', 'lstm(6)', floatInputs([], 4, [3, 6])],
  ['no step', 'rnn(6)', floatInputs([0, 0], 0, [3, 6])],
  ['ids', text, textInputs([5, 0, 3], 5)],
];

function compute(
  how: typeof computeRun,
  spec: string,
  inputs: Inputs,
  engine: EngineOptions,
): Promise<Arrays> {
  const input = fromNdArrays(new Map(Object.entries(inputs)));
  return how(compiled(spec), { engine, input, init: 1 });
}

/** With inputs that are off in their last bits. */
function moved(inputs: Inputs, seed: number): Inputs {
  return Object.fromEntries(nudged(new Map(Object.entries(inputs)), seed));
}

async function inaccurate(
  how: typeof computeRun,
  spec: string,
  inputs: Inputs,
  engine: EngineOptions,
): Promise<string[]> {
  const exact = await compute(how, spec, inputs, interpreted('f64'));
  // One run may be exact by chance, as a sum whose terms cancel.
  const rounded = await Promise.all(
    [inputs, moved(inputs, 1), moved(inputs, 2)].map((near) => {
      return compute(how, spec, near, interpreted('f32'));
    }),
  );
  return inaccuracies(await compute(how, spec, inputs, engine), rounded, exact);
}

describe('wasm agrees with the interpreter', () => {
  test.each(cases)('%s', async (_, spec, inputs) => {
    const { dy, ...forward } = inputs;
    expect(await inaccurate(computeRun, spec, forward, wasm)).toEqual([]);
    const seeded = dy === undefined ? forward : { ...forward, dy };
    expect(await inaccurate(computeGrad, spec, seeded, wasm)).toEqual([]);
  });

  test.each(['scalar', 'simd', 'relaxed'] as const)('in the form %s', async (form) => {
    const [, spec, inputs] = cases[2] ?? ['', '', {}];
    expect(await inaccurate(computeGrad, spec, inputs, { ...wasm, form })).toEqual([]);
  });
});

describe('two threads', () => {
  test.each(cases)('give the same bits as one: %s', async (_, spec, inputs) => {
    const [alone, together] = await Promise.all(
      [1, 2].map((threads) => compute(computeGrad, spec, inputs, { ...wasm, threads })),
    );
    expect(together).toEqual(alone);
  });
});
