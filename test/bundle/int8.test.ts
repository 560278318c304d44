/**
 * Bundles whose weights are codes of 8 bits: they give the bits of a run of the command line with
 * the numbers that the codes stand for, whatever of a model has a matrix.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTensors } from '../../compiler/cli/tensors.ts';
import { storeWeights } from '../../compiler/cli/bundle/weights-file.ts';
import { compileBundle } from '../../compiler/cli/bundle/compile.ts';
import type { BundleModel } from '../../compiler/cli/bundle/open-model.ts';
import { targetOf } from '../../compiler/7-bundle/target.ts';
import { drawer, drawFloats } from '../../compiler/verify/arrays.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { toNdArrays } from '../../runtime/tensors/convert.ts';
import { agreesWithFresh, own, sequences } from '../support/bundle-runs.ts';
import { filesOf, loaded, modelOf, writeFiles, type Files } from '../support/bundles.ts';

/** The model with the weights that a bundle's file holds, as the command line reads them. */
function held(model: BundleModel, files: Files): BundleModel {
  const { folder, remove } = writeFiles(files);
  try {
    const weights = toNdArrays(readTensors(join(folder, 'model.safetensors')));
    expect([...weights.keys()].sort()).toEqual([...model.weights.keys()].sort());
    return { ...model, weights };
  } finally {
    remove();
  }
}

/** Rows that share what they load, one left over, one alone: single ones read codes. */
const batches = [[5, 0, 1, 3, 2], [4], [1]];

const specs = [
  ['lstm(8) -> dense(5)', 3],
  ['bidirectional(gru(5), depth=2) -> softmax(4)', 4],
  ['rnn(6, activation=relu) -> residual(dense(6))', 2],
  ['lstm(1)', 1],
  ['layerNorm() -> lstm(13) -> dense(1)', 5],
  // One matrix in three products, one of them of another.
  [
    `cell twice(n) {
       state h: [n]
       weight U: [n, n]
       h<t> = tanh(W[x<t>] + U[h<t-1>] + U[U[h<t-1>]] + b)
       emit h<t>
     }
     model shared() {
       input x: float[T, 3]
       output y = x -> twice(7) -> dense(6)
     }`,
    3,
  ],
] as const;

describe('a bundle of codes and the command line', { timeout: 300_000 }, () => {
  const cases = specs.flatMap(([spec, width]) =>
    [0, Infinity].map((codesFrom) => [spec, width, codesFrom] as const),
  );

  it.each(cases)('%s of width %d, products of codes from %d bytes on', async (...given) => {
    const [spec, width, codesFrom] = given;
    const model = await modelOf(spec, { dims: spec.includes('model') ? {} : { D: width } });
    const files = await filesOf(model, { target: 'node', precision: 'int8', codesFrom });
    const same = held(model, files);
    expect(same.weights).not.toEqual(model.weights);
    for (const [backend, form] of [
      ['wasm', 'simd'],
      ['javascript', 'scalar'],
    ] as const) {
      const bundle = await loaded(files, backend);
      for (const steps of batches) {
        const { batch, examples } = sequences(width, steps);
        const answers = (await bundle.run(examples)) as Record<string, Output>[];
        expect(answers.map(({ y }) => y?.data)).toEqual(await own(same, batch, form, steps));
      }
      expect((await bundle.selfTest()).ok).toBe(true);
    }
  });
});

describe('products of codes', { timeout: 300_000 }, () => {
  const how = { target: 'node', precision: 'int8', codesFrom: 0 } as const;

  it('read what was prepared, whatever the order of sizes', async () => {
    const files = await filesOf(await modelOf('gru(5) -> dense(9)', { dims: { D: 3 } }), how);
    for (const backend of ['wasm', 'javascript'] as const) {
      await agreesWithFresh(files, backend, 4);
    }
  });

  it('step after step are the whole sequence', async () => {
    const files = await filesOf(await modelOf('lstm(8) -> dense(5)', { dims: { D: 3 } }), how);
    const bundle = await loaded(files, 'wasm');
    const x = Float32Array.from(drawFloats(drawer(5), [6, 3]).data);
    const { y } = (await bundle.run({ x })) as Record<string, Output>;
    const stream = bundle.stream?.();
    const steps = Array.from({ length: 6 }, (_, t) => {
      return [...(stream?.step({ x: x.subarray(3 * t, 3 * t + 3) })['y']?.data ?? [])];
    });
    expect(steps.flat().length).toBe(30);
    steps.flat().forEach((value, i) => expect(value).toBeCloseTo(y?.data[i] ?? NaN, 6));
  });

  it('of ids and embeddings are those of the numbers', async () => {
    const spec = `model m() {
      input x: ids(11)[T]
      output y = x -> embed(5) -> lstm(7) -> softmax(11)
    }`;
    const model = await modelOf(spec);
    const x = Int32Array.from([3, 0, 10, 7, 7]);
    const answers = await Promise.all(
      [0, Infinity].map(async (codesFrom) => {
        const bundle = await loaded(await filesOf(model, { ...how, codesFrom }), 'wasm');
        expect((await bundle.selfTest()).ok).toBe(true);
        return bundle.run({ x });
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  });

  it.each([
    ['tiny', 1e-36],
    ['so small that no scale of f32 is near', 1e-42],
    ['huge', 1e36],
    ['all zeros', 0],
  ])('of rows that are %s are those of the numbers', async (_, size) => {
    const model = await modelOf('rnn(8, activation=identity) -> dense(5)', { dims: { D: 4 } });
    const weights = new Map(
      [...model.weights].map(([name, array]) => {
        const width = array.shape[1] ?? 1;
        const data = Float32Array.from(array.data, (value, i) => {
          return Math.floor(i / width) % 3 === 0 ? value * size : value;
        });
        return [name, { ...array, data }];
      }),
    );
    const files = await filesOf({ ...model, weights }, how);
    const same = held({ ...model, weights }, files);
    const bundle = await loaded(files, 'wasm');
    for (const steps of batches) {
      const { batch, examples } = sequences(4, steps);
      const answers = (await bundle.run(examples)) as Record<string, Output>[];
      expect(answers.map(({ y }) => y?.data)).toEqual(await own(same, batch, 'simd', steps));
    }
  });

  it('are there only in large models, unless it is said', async () => {
    const codes = async (spec: string): Promise<boolean> => {
      const model = await modelOf(spec, { dims: { D: 4 } });
      const { linear } = compileBundle(model, targetOf('node'), 'int8').parts;
      return linear.tensors.some(({ name }) => name.endsWith('.scales'));
    };
    expect(await codes('dense(64)')).toBe(false);
    expect(await codes('dense(700_000) -> dense(2)')).toBe(true);
  });
});

describe('the file', { timeout: 120_000 }, () => {
  it('has matrices as codes with a scale for each row, vectors as they are', async () => {
    const model = await modelOf('lstm(16) -> dense(5)', { dims: { D: 9 } });
    const { bytes } = storeWeights('w', model.weights, 'int8');
    const plain = storeWeights('w', model.weights, 'f32');
    expect(bytes.length).toBeLessThan(plain.bytes.length / 2);
    const files = await filesOf(model, { target: 'node', precision: 'int8' });
    const weights = held(model, files).weights;
    for (const [name, { data, shape }] of model.weights) {
      const [rows = 1] = shape;
      const here = [...(weights.get(name)?.data ?? [])];
      expect(here.length).toBe(data.length);
      if (shape.length === 1) expect(here).toEqual([...data]);
      for (let row = 0; row < rows && shape.length > 1; row++) {
        const at = (i: number): boolean => Math.floor((i * rows) / data.length) === row;
        const most = Math.max(...[...data].map((x, i) => (at(i) ? Math.abs(x) : 0)));
        [...data].forEach((x, i) => {
          if (at(i)) expect(Math.abs(x - (here[i] ?? NaN))).toBeLessThanOrEqual(most / 253);
        });
      }
    }
  });

  it('is smaller, and its module reads no other type', async () => {
    const model = await modelOf('lstm(8)', { dims: { D: 3 } });
    const text = async (precision: 'f32' | 'f16' | 'int8'): Promise<string> =>
      String((await filesOf(model, { target: 'node', precision })).get('index.js'));
    const [plain, half, codes] = [await text('f32'), await text('f16'), await text('int8')];
    expect([plain, half, codes].map((t) => [t.includes('"I8"'), t.includes('"F16"')])).toEqual([
      [false, false],
      [false, true],
      [true, false],
    ]);
    expect(plain.length).toBeLessThan(Math.min(half.length, codes.length));
  });

  it('refuses what is no number, by name', async () => {
    const model = await modelOf('lstm(4)', { dims: { D: 3 } });
    const names = [...model.weights].flatMap(([name, { shape }]) => (shape[1] ? [name] : []));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom(NaN, Infinity, -Infinity, 1e39),
        fc.nat(20),
        (name, value, at) => {
          const array = model.weights.get(name);
          if (array === undefined) throw new Error(`there is no ${name}`);
          const data = Float64Array.from(array.data);
          data[at] = value;
          const weights = new Map([...model.weights, [name, { ...array, data }]]);
          expect(() => storeWeights('w', weights, 'int8')).toThrow(
            `${name} holds ${value}, which int8 cannot`,
          );
        },
      ),
      { numRuns: 30, seed: 4 },
    );
  });

  it('is refused where a bit of it is another', async () => {
    const model = await modelOf('lstm(4)', { dims: { D: 3 } });
    const files = await filesOf(model, { target: 'node', precision: 'int8' });
    const bytes = files.get('model.safetensors') as Uint8Array;
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const damaged = new Map([...files, ['model.safetensors', flipped] as const]);
        await expect(loaded(damaged)).rejects.toMatchObject({ code: 'R7803' });
      }),
      { numRuns: 20, seed: 5 },
    );
  });
});
