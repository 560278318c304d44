/**
 * Laws of dropout: the same seed and step give the same mask, others another; as many numbers fall
 * as the rate says, and the others are divided by what is kept; variational masks are the same at
 * all time steps; two dropouts of a model are independent; and in inference it is the identity.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../compiler/verify/arrays.ts';
import { run } from '../support/central-differences.ts';
import { compiled, expectSameResults } from '../support/models.ts';
import { required } from '../support/op-runs.ts';
import { data, drawArrays } from '../../compiler/verify/arbitraries/data.ts';
import { spec } from '../../compiler/verify/arbitraries/models.ts';

const [rows, time, width] = [4, 10, 25];
const count = rows * time * width;

/** The layer applied to ones. */
function dropped(layer: string, seed: number, step: number, mode: Mode = 'training'): NdArray {
  const { graph } = compiled(layer, { mode });
  const inputs = new Map([
    ['x', floats([rows, time, width], new Array<number>(count).fill(1))],
    ['lengths', ints([rows], new Array<number>(rows).fill(time))],
    ['random', ints([2], [seed, step])],
  ]);
  const wanted = graph.parameters.map((p): [string, NdArray] => {
    return [p.name, required(inputs.get(p.name))];
  });
  return required(interpret(graph, new Map(wanted), { precision: 'f64' }).get('y'));
}

type Mode = 'training' | 'inference';

const rate = fc.constantFrom(0.1, 0.25, 0.5, 0.8);
const variational = fc.boolean();
const seed = fc.nat({ max: 2 ** 31 - 1 });
const step = fc.integer({ min: 1, max: 1e6 });

const layer = (r: number, v: boolean): string => `dropout(${r}, variational = ${v})`;

describe('dropout', () => {
  it('falls as its seed and step say', () => {
    fc.assert(
      fc.property(rate, variational, seed, step, (r, v, s, k) => {
        const once = dropped(layer(r, v), s, k);
        expect(dropped(layer(r, v), s, k)).toEqual(once);
        expect(dropped(layer(r, v), s, k + 1)).not.toEqual(once);
        expect(dropped(layer(r, v), s === 0 ? 1 : s - 1, k)).not.toEqual(once);
      }),
      { seed: 401, numRuns: 25 },
    );
  });

  it('drops as many as the rate says, and scales up the others', () => {
    fc.assert(
      fc.property(rate, variational, seed, step, (r, v, s, k) => {
        const { data: y } = dropped(layer(r, v), s, k);
        const zeros = y.filter((value) => value === 0).length;
        // Five standard deviations of a binomial count; a variational mask has fewer draws.
        const draws = v ? rows * width : count;
        expect(Math.abs(zeros / count - r)).toBeLessThan(5 * Math.sqrt((r * (1 - r)) / draws));
        for (const value of y) if (value !== 0) expect(value).toBeCloseTo(1 / (1 - r), 12);
      }),
      { seed: 402, numRuns: 25 },
    );
  });

  it('has one mask for all time steps if it is variational, and only then', () => {
    fc.assert(
      fc.property(rate, variational, seed, step, (r, v, s, k) => {
        const { data: y } = dropped(layer(r, v), s, k);
        const same = y.every((value, i) => {
          const first = Math.floor(i / (time * width)) * time * width + (i % width);
          return value === y[first];
        });
        expect(same).toBe(v);
      }),
      { seed: 403, numRuns: 25 },
    );
  });

  it('draws anew at each place of a model', () => {
    const { data: y } = dropped('concat(dropout(0.5), dropout(0.5))', 1, 1);
    const pairs = Array.from({ length: count }, (_, i) => {
      const start = Math.floor(i / width) * 2 * width + (i % width);
      return y[start] === y[start + width];
    });
    // Two independent masks agree half of the time.
    const agreeing = pairs.filter(Boolean).length / count;
    expect(Math.abs(agreeing - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(count));
  });

  it('is the identity in inference, in any model', () => {
    expect(dropped('dropout(0.5)', 1, 1, 'inference').data.every((v) => v === 1)).toBe(true);
    fc.assert(
      fc.property(spec({ dropout: true }), data, (drawn, numbers) => {
        const text = drawn.text.replaceAll(/dropout(\(| = )(0\.\d+)/g, 'dropout$10');
        const [dropping, plain] = [drawn.text, text].map((t) => compiled(t));
        if (dropping === undefined || plain === undefined) throw new Error('two models expected');
        const inputs = drawArrays(plain, drawn, numbers, plain.graph);
        expect(inputs.has('random')).toBe(false);
        fc.pre(!drawn.text.startsWith('oneHot'));
        expectSameResults(run(dropping.graph, inputs), run(plain.graph, inputs), 0);
      }),
      { seed: 404, numRuns: 60 },
    );
  });
});
