/**
 * A bundle is the compiler's own program: it gives the bits of a run of the command line, on
 * WebAssembly and as JavaScript, alone, in batches of unequal lengths, and step after step.
 */
import { describe, expect, it } from 'vitest';
import { drawer, drawFloats } from '../../compiler/verify/arrays.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { agreesWithFresh, lengths, own, sequences } from '../support/bundle-runs.ts';
import { filesOf, loaded, modelOf } from '../support/bundles.ts';

const specs = [
  ['lstm(8) -> dense(5)', 3],
  ['bidirectional(gru(5), depth=2) -> softmax(4)', 4],
  ['rnn(6, activation=relu) -> residual(dense(6))', 2],
  ['lstm(1)', 1],
] as const;

describe('a bundle and the command line', { timeout: 300_000 }, () => {
  it.each(specs)('%s', async (spec, width) => {
    const model = await modelOf(spec, { dims: { D: width } });
    const { batch, examples } = sequences(width);
    const files = await filesOf(model, { target: 'node' });
    for (const [backend, form] of [
      ['wasm', 'simd'],
      ['javascript', 'scalar'],
    ] as const) {
      const bundle = await loaded(files, backend);
      expect(bundle.backend).toBe(backend);
      const answers = (await bundle.run(examples)) as Record<string, Output>[];
      const found = answers.map(({ y }) => y?.data);
      expect(found).toEqual(await own(model, batch, form));
      expect(answers.map(({ y }) => y?.shape[0])).toEqual(lengths);
      expect((await bundle.selfTest()).ok).toBe(true);
    }
  });

  it('whatever the order of sizes', async () => {
    const model = await modelOf('gru(5)', { dims: { D: 3 } });
    const files = await filesOf(model, { target: 'node' });
    await agreesWithFresh(files, 'wasm', 8);
  });
});

describe('a stream', { timeout: 120_000 }, () => {
  it.each([
    ['lstm(8) -> dense(5)', 3],
    ['gru(4, depth = 2) -> softmax(3)', 2],
  ] as const)('of %s is the whole sequence', async (spec, width) => {
    const files = await filesOf(await modelOf(spec, { dims: { D: width } }), { target: 'node' });
    const x = Float32Array.from(drawFloats(drawer(5), [6, width]).data);
    const step = (t: number): { x: Float32Array } => ({
      x: x.subarray(t * width, (t + 1) * width),
    });
    for (const backend of ['wasm', 'javascript'] as const) {
      const bundle = await loaded(files, backend);
      const { y } = (await bundle.run({ x })) as Record<string, Output>;
      const first = bundle.stream?.();
      const early = [0, 1, 2].map((t) => first?.step(step(t))['y']);
      // The rest on a stream that begins with a state that was stored.
      const second = bundle.stream?.(structuredClone(first?.state));
      const late = [3, 4, 5].map((t) => second?.step(step(t))['y']);
      const found = [...early, ...late];
      const joined = found.flatMap((one) => [...(one?.data ?? [])]);
      const expected = [...(y?.data ?? [])];
      expect(joined.length).toBe(expected.length);
      joined.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
      expect(found[0]?.shape).toEqual(y?.shape.slice(1));
      expect(second?.step(step(0))['y']?.data).not.toEqual(first?.step(step(0))['y']?.data);
    }
  });

  it('is not there where answers depend on later steps', async () => {
    const model = await modelOf('bidirectional(rnn(3))', { dims: { D: 2 } });
    const files = await filesOf(model, { target: 'node' });
    expect('stream' in (await loaded(files))).toBe(false);
    expect(files.get('index.d.ts')).toMatch(/There is no `stream\(\)`: its answers depend/);
  });
});
