/** Batches by length: every example once an epoch, little padding, the order of the seed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exampleBatches,
  fixedBatch,
  padExamples,
  planEpoch,
  splitExamples,
} from '../../../../runtime/train/batches.ts';
import { streamBatches } from '../../../../runtime/train/stream.ts';
import { faultOf } from '../../../support/fault.ts';

const text = { name: 'text', kind: 'sequence', lengths: 'lengths' } as const;
const label = { name: 'label', kind: 'value' } as const;

describe('planEpoch', () => {
  test('each example once, full batches but one, the same for the same seed and epoch', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 9 }), fc.nat(5), (sizes, batch, epoch) => {
        const options = { batch, seed: 3 };
        const groups = planEpoch(sizes, epoch, options);
        const seen = groups.flatMap((group) => [...group]).sort((a, b) => a - b);
        expect(seen).toEqual(sizes.map((_, i) => i));
        expect(groups.filter((group) => group.length < batch).length).toBeLessThanOrEqual(1);
        expect(planEpoch(sizes, epoch, options)).toEqual(groups);
      }),
      { seed: 61 },
    );
  });

  test('little is padding, each epoch and seed has its own order', () => {
    const lengths = Array.from({ length: 2000 }, (_, i) => 1 + ((i * 37) % 50));
    const options = { batch: 16, seed: 1 };
    const groups = planEpoch(lengths, 0, options);
    const padded = groups.reduce(
      (sum, group) => sum + group.length * Math.max(...[...group].map((i) => lengths[i] ?? 0)),
      0,
    );
    const real = lengths.reduce((sum, length) => sum + length, 0);
    expect(padded / real).toBeLessThan(1.1);
    expect(planEpoch(lengths, 1, options)).not.toEqual(groups);
    expect(planEpoch(lengths, 0, { ...options, seed: 2 })).not.toEqual(groups);
    // Short and long batches come mixed, not one after the other.
    const firsts = groups.map((group) => lengths[group[0] ?? 0] ?? 0);
    expect(firsts.slice(0, 10)).not.toEqual([...firsts.slice(0, 10)].sort((a, b) => a - b));
  });

  test('without shuffling, in the order of the file', () => {
    const groups = planEpoch([3, 1, 2], 4, { batch: 2, seed: 1, shuffle: false });
    expect(groups).toEqual([Int32Array.of(0, 1), Int32Array.of(2)]);
  });
});

describe('padExamples', () => {
  test('pads to the longest row and gives lengths', () => {
    const batch = padExamples(
      [text, label],
      [
        [Int32Array.of(5, 6, 7), Int32Array.of(1)],
        [Int32Array.of(8), Int32Array.of(0)],
      ],
    );
    expect(batch).toMatchObject({ rows: 2, tokens: 4, fresh: true });
    expect(batch.inputs.get('text')).toEqual({
      dtype: 'int',
      shape: [2, 3],
      data: Int32Array.of(5, 6, 7, 8, 0, 0),
    });
    expect(batch.inputs.get('lengths')?.data).toEqual(Int32Array.of(3, 1));
    expect(batch.inputs.get('label')).toEqual({
      dtype: 'int',
      shape: [2],
      data: Int32Array.of(1, 0),
    });
  });

  test('inputs over one time symbol must be equally long', () => {
    const tags = { name: 'tags', kind: 'sequence', lengths: 'lengths' } as const;
    const wrong = [[Int32Array.of(1, 2), Int32Array.of(1)]];
    const fault = faultOf(() => padExamples([text, tags], wrong));
    expect(fault.code).toBe('R7311');
    expect(fault.message).toMatch(/tags has 1 .* 2$/);
    const other = { ...tags, lengths: 'lengths/S' };
    const batch = padExamples([text, other], wrong);
    expect(batch.inputs.get('lengths/S')?.data).toEqual(Int32Array.of(1));
  });
});

describe('sources', () => {
  test('no example, no row', () => {
    expect(faultOf(() => exampleBatches([text], [], { batch: 1, seed: 1 })).code).toBe('R7202');
    const one = [[Int32Array.of(1)]];
    for (const batch of [0, 1.5, NaN]) {
      expect(faultOf(() => exampleBatches([text], one, { batch, seed: 1 })).code).toBe('R7310');
    }
  });

  test('any batch of any epoch can be had without those before it', () => {
    const examples = Array.from({ length: 9 }, (_, i) => [Int32Array.of(i)]);
    const make = (): ReturnType<typeof exampleBatches> =>
      exampleBatches([text], examples, { batch: 2, seed: 1 });
    const source = make();
    const all = [0, 1].map((epoch) => [0, 1, 2, 3, 4].map((i) => source.batch(epoch, i)));
    expect(make().batch(1, 3)).toEqual(all[1]?.[3]);
    expect(source.count(0)).toBe(5);
  });

  test('a fixed batch is there in every step', () => {
    const data = Float64Array.of(1, 2, 3, 4);
    const source = fixedBatch(new Map([['x', { dtype: 'float', shape: [2, 2, 1], data }]]));
    expect(source.batch(3, 0)).toMatchObject({ rows: 2, tokens: 4, fresh: true });
    expect(source.count(7)).toBe(1);
  });
});

describe('splitExamples', () => {
  test('both sides together are all, and neither is empty', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.nat(),
        (count, fraction, seed) => {
          const { training, validation } = splitExamples(count, fraction, seed);
          expect(training.length).toBeGreaterThan(0);
          expect(validation.length).toBeGreaterThan(0);
          const both = [...training, ...validation].sort((a, b) => a - b);
          expect(both).toEqual(Array.from({ length: count }, (_, i) => i));
        },
      ),
      { seed: 62 },
    );
  });

  test('the fraction holds, the seed decides, more examples move none', () => {
    const { validation } = splitExamples(10_000, 0.1, 1);
    expect(Math.abs(validation.length - 1000)).toBeLessThan(120);
    expect(splitExamples(10_000, 0.1, 2).validation).not.toEqual(validation);
    const larger = splitExamples(20_000, 0.1, 1).validation;
    expect(larger.filter((i) => i < 10_000)).toEqual(validation);
  });

  test('nothing is held back from a single example, or for a fraction of 0', () => {
    expect(splitExamples(1, 0.5, 1)).toEqual({ training: [0], validation: [] });
    expect(splitExamples(3, 0, 1).validation).toEqual([]);
    for (const fraction of [-0.1, 1, NaN]) {
      expect(faultOf(() => splitExamples(3, fraction, 1)).code).toBe('R7310');
    }
  });
});

describe('streamBatches', () => {
  const options = { name: 'text', lengths: 'lengths', batch: 3, truncate: 4 };

  test('every token once, in order, row after row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 9 })),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (sequences, batch, truncate) => {
          const tokens = sequences.flat();
          fc.pre(tokens.length > 0);
          const source = streamBatches(
            sequences.map((ids) => Int32Array.from(ids)),
            { ...options, batch, truncate },
          );
          const rows: number[][] = [];
          for (let i = 0; i < source.count(0); i++) {
            const chunk = source.batch(0, i);
            expect(chunk.fresh).toBe(i === 0);
            const time = chunk.inputs.get('text')?.shape[1] ?? 0;
            expect(time).toBeLessThanOrEqual(truncate);
            chunk.inputs.get('lengths')?.data.forEach((length, row) => {
              const ids = chunk.inputs.get('text')?.data.slice(row * time, row * time + length);
              rows[row] = [...(rows[row] ?? []), ...(ids ?? [])];
            });
          }
          expect(rows.flat()).toEqual(tokens);
        },
      ),
      { seed: 63 },
    );
  });

  test('refuses no text and no steps', () => {
    expect(faultOf(() => streamBatches([], options)).code).toBe('R7202');
    const one = [Int32Array.of(1)];
    expect(faultOf(() => streamBatches(one, { ...options, truncate: 0 })).code).toBe('R7310');
    expect(faultOf(() => streamBatches(one, { ...options, batch: 0 })).code).toBe('R7310');
  });
});
