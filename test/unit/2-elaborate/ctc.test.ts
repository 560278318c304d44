/** CTC against the sum over all alignments, written out for a few steps. */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { ints } from '../../../compiler/verify/arrays.ts';
import { runModel } from '../../support/model-runs.ts';
import { drawn, required } from '../../support/op-runs.ts';

const text = (loss: string): string => `model m {
  input x: float[T, 3]
  input target: class(3)[Ty]
  output y = x -> softmax
  loss ${loss}
}`;

/** Losses of each row alone, for labels that the blank, 0, fills up. */
function lossesOf(x: NdArray, lengths: readonly number[], labels: readonly number[][]): number[] {
  const [, time = 0] = x.shape;
  return labels.map((said, row) => {
    const data = x.data.slice(row * time * 3, (row + 1) * time * 3);
    const given = {
      x: { ...x, shape: [1, time, 3], data },
      lengths: ints([1], [required(lengths[row])]),
      target: ints([1, 2], [said[0] ?? 0, said[1] ?? 0]),
      'lengths/Ty': ints([1], [said.length]),
    };
    const results = runModel(text('ctc(y, target)'), {
      sizes: { B: 1, T: time, Ty: 2 },
      arrays: given,
    });
    const y = required(results.get('y'));
    const steps = Array.from({ length: required(lengths[row]) }, (_, t) => [
      ...y.data.slice(3 * t, 3 * t + 3),
    ]);
    const expected = -Math.log(likelihood(steps, said));
    const loss = required(results.get('loss')?.data[0]);
    if (Number.isFinite(expected)) expect(loss).toBeCloseTo(expected, 12);
    else expect(loss).toBe(0);
    return loss;
  });
}

/** Sums over every sequence of classes that says the labels: repetitions first, then blanks go. */
function likelihood(p: readonly (readonly number[])[], labels: readonly number[]): number {
  let total = 0;
  for (let code = 0; code < 3 ** p.length; code++) {
    const path = p.map((_, t) => Math.floor(code / 3 ** t) % 3);
    const said = path.filter((k, t) => k !== path[t - 1]).filter((k) => k !== 0);
    if (said.join() !== labels.join()) continue;
    total += path.reduce((product, k, t) => product * required(p[t]?.[k]), 1);
  }
  return total;
}

const labellings = [[], [1], [2], [1, 2], [2, 1], [1, 1], [2, 2]];

describe('CTC', () => {
  it.each([1, 2, 3, 4, 5])('is -log of the probability of all alignments, %i steps', (time) => {
    const x = drawn('float', [labellings.length, time, 3], time);
    const possible = lossesOf(
      x,
      labellings.map(() => time),
      labellings,
    ).filter((loss) => loss > 0);
    // A label takes a step, and one said twice a blank between; what does not fit gives 0.
    expect(possible).toHaveLength(time === 1 ? 3 : time === 2 ? 5 : 7);
  });

  it('is the mean over the rows of a batch, each with its own lengths', () => {
    const x = drawn('float', [3, 4, 3], 8);
    const lengths = [4, 2, 3];
    const labels = [[1, 2], [2], [1, 1]];
    const alone = lossesOf(x, lengths, labels);
    const arrays = {
      x,
      lengths: ints([3], lengths),
      target: ints([3, 2], [1, 2, 2, 0, 1, 1]),
      'lengths/Ty': ints([3], [2, 1, 2]),
    };
    const { data } = required(
      runModel(text('ctc(y, target)'), { sizes: { B: 3, T: 4, Ty: 2 }, arrays }).get('loss'),
    );
    expect(data[0]).toBeCloseTo(alone.reduce((sum, loss) => sum + loss, 0) / 3, 12);
  });

  it('takes another class for the blank', () => {
    const x = drawn('float', [1, 3, 3], 9);
    // Class k of x is class k - 1 of the turned one, so that the blank, 0, becomes 2.
    const data = x.data.map((_, i) => required(x.data[i - (i % 3) + ((i + 1) % 3)]));
    const loss = (call: string, input: NdArray, label: number): number | undefined =>
      runModel(text(call), {
        sizes: { B: 1, T: 3, Ty: 1 },
        arrays: { x: input, target: ints([1, 1], [label]) },
      }).get('loss')?.data[0];
    const turned = loss('ctc(y, target, blank = 2)', { ...x, data }, 0);
    expect(turned).toBeCloseTo(required(loss('ctc(y, target)', x, 1)), 12);
  });
});
