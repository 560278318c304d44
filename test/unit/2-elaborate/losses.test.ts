/** Losses and their metrics against their definitions, computed from the outputs. */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { runModel } from '../../support/model-runs.ts';
import { drawn, required } from '../../support/op-runs.ts';

const time = 3;
const rows = 2;
/** The second row ends after two steps. */
const lengths = ints([rows], [3, 2]);
const x = drawn('float', [rows, time, 2], 1);

interface Position {
  /** Of each class, or each output alone. */
  readonly y: readonly number[];
  readonly at: number;
}

/** Outputs of the valid time steps, row by row. */
function positions(y: NdArray): Position[] {
  const [, , width = 0] = y.shape;
  return [...lengths.data].flatMap((length, row) =>
    Array.from({ length }, (_, step) => {
      const at = row * time + step;
      return { y: [...y.data.slice(at * width, (at + 1) * width)], at };
    }),
  );
}

interface Judged {
  readonly loss: number;
  readonly metric: (name: string) => number;
  readonly y: NdArray;
}

function judge(pipeline: string, loss: string, type: string, target: NdArray): Judged {
  const text = `model m {
    input x: float[T, 2]
    input target: ${type}
    output y = x -> ${pipeline}
    loss ${loss}
  }`;
  const given = { sizes: { B: rows, T: time, Ty: 2 }, arrays: { x, lengths, target } };
  const results = runModel(text, given);
  const scalar = (name: string): number => required(results.get(name)?.data[0]);
  return { loss: scalar('loss'), metric: scalar, y: required(results.get('y')) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

function logOf(p: number | undefined): number {
  return Math.log(required(p));
}

/** The last one is past its sequence, and one is missing. */
const classes = ints([rows, time], [2, 0, 1, 1, -1, 2]);

describe('cross entropy', () => {
  const known = (y: NdArray): { readonly y: readonly number[]; readonly label: number }[] =>
    positions(y)
      .map((p) => ({ y: p.y, label: required(classes.data[p.at]) }))
      .filter(({ label }) => label >= 0);

  // With and without logits at hand.
  it.each(['softmax(3)', 'softmax(3) -> identity', 'softmax(3) -> reverse'])(
    'of %s is the mean of -log p over the targets there are',
    (layer) => {
      const { y, loss, metric } = judge(layer, 'crossEntropy(y, target)', 'class(3)[T]', classes);
      expect(loss).toBeCloseTo(mean(known(y).map((p) => -logOf(p.y[p.label]))), 12);
      expect(metric('nats/count')).toBe(4);
      expect(metric('nats/sum') / 4).toBeCloseTo(loss, 12);
      const right = known(y).filter((p) => p.y.indexOf(Math.max(...p.y)) === p.label);
      expect(metric('accuracy/sum')).toBe(right.length);
    },
  );

  it('leaves out the ignored class', () => {
    const { y, loss } = judge(
      'softmax(3)',
      'crossEntropy(y, target, ignore = 1)',
      'class(3)[T]',
      classes,
    );
    const counted = known(y).filter((p) => p.label !== 1);
    expect(loss).toBeCloseTo(mean(counted.map((p) => -logOf(p.y[p.label]))), 12);
  });

  it('smooths labels towards the uniform distribution', () => {
    const call = 'crossEntropy(y, target, smoothing = 0.1)';
    const { y, loss, metric } = judge('softmax(3)', call, 'class(3)[T]', classes);
    const each = known(y).map((p) => {
      const uniform = mean(p.y.map((v) => -logOf(v)));
      return 0.9 * -logOf(p.y[p.label]) + 0.1 * uniform;
    });
    expect(loss).toBeCloseTo(mean(each), 12);
    // What is reported per symbol is without smoothing.
    expect(metric('nats/sum')).toBeCloseTo(4 * mean(known(y).map((p) => -logOf(p.y[p.label]))), 12);
  });

  it('is 0 where no target counts', () => {
    const none = ints([rows, time], new Array<number>(6).fill(-1));
    const { loss } = judge('softmax(3)', 'crossEntropy(y, target)', 'class(3)[T]', none);
    expect(loss).toBe(0);
  });

  it('neither overflows nor loses digits with large logits', () => {
    const text = `model m {
      input x: float[2]
      input target: class(2)
      output y = x -> softmax
      loss crossEntropy(y, target)
    }`;
    const arrays = { x: floats([1, 2], [1000, -1000]), target: ints([1], [1]) };
    expect(runModel(text, { sizes: { B: 1 }, arrays }).get('loss')?.data[0]).toBe(2000);
  });
});

describe('binary cross entropy', () => {
  const targets = drawn('float', [rows, time, 2], 2, [0, 1]);

  it.each(['sigmoid(2)', 'sigmoid(2) -> identity', 'sigmoid(2) -> reverse'])(
    'of %s is the mean of -(y log p + (1 - y) log(1 - p)) over all numbers',
    (layer) => {
      const call = 'binaryCrossEntropy(y, target)';
      const { y, loss } = judge(layer, call, 'float[T, 2]', targets);
      const each = positions(y).flatMap(({ y: p, at }) =>
        p.map((v, i) => {
          const t = required(targets.data[2 * at + i]);
          return -(t * Math.log(v) + (1 - t) * Math.log(1 - v));
        }),
      );
      expect(loss).toBeCloseTo(mean(each), 12);
    },
  );

  it('of one prediction a row compares it with each time step', () => {
    const { y, loss } = judge(
      'last -> sigmoid(2)',
      'binaryCrossEntropy(y, target)',
      'float[T, 2]',
      targets,
    );
    const each = [...lengths.data].flatMap((length, row) =>
      Array.from({ length: 2 * length }, (_, at) => {
        const p = required(y.data[2 * row + (at % 2)]);
        const t = required(targets.data[2 * time * row + at]);
        return -(t * Math.log(p) + (1 - t) * Math.log(1 - p));
      }),
    );
    expect(loss).toBeCloseTo(mean(each), 12);
  });

  it('takes one of two classes as 0 or 1, and none for a missing one', () => {
    const labels = ints([rows, time], [1, 0, 1, -1, 1, 0]);
    const call = 'binaryCrossEntropy(y, target)';
    const { y, loss, metric } = judge('sigmoid(1)', call, 'class(2)[T]', labels);
    const each = positions(y).flatMap(({ y: [p = NaN], at }) => {
      const label = required(labels.data[at]);
      return label < 0 ? [] : [-Math.log(label === 1 ? p : 1 - p)];
    });
    expect(metric('accuracy/count')).toBe(4);
    expect(loss).toBeCloseTo(mean(each), 12);
  });
});

describe('mean squared error', () => {
  it('is a mean over all numbers of the valid positions', () => {
    const targets = drawn('float', [rows, time, 2], 3);
    const { y, loss } = judge('dense(2)', 'mse(y, target)', 'float[T, 2]', targets);
    const each = positions(y).flatMap(({ y: v, at }) =>
      v.map((p, i) => (p - required(targets.data[2 * at + i])) ** 2),
    );
    expect(loss).toBeCloseTo(mean(each), 12);
  });
});

describe('several losses', () => {
  it('add up, each with its factor', () => {
    const one = (loss: string): number =>
      judge('dense(2)', loss, 'float[T, 2]', drawn('float', [rows, time, 2], 3)).loss;
    const alone = one('mse(y, target)');
    expect(one('0.25 * mse(y, target) + mse(y, target) / 2')).toBeCloseTo(0.75 * alone, 12);
    expect(one('mse(y, target)\n    loss mse(y, target)')).toBeCloseTo(2 * alone, 12);
  });
});
