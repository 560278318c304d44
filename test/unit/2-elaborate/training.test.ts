/** Optimizers and schedules of the standard library against formulas written out in numbers. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../compiler/graph/dim.ts';
import type { OptimizerRule } from '../../../compiler/graph/model.ts';
import { tensor, type Graph } from '../../../compiler/graph/types.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { compiled, faultsOf } from '../../support/models.ts';
import { required } from '../../support/op-runs.ts';

function model(train: string, definitions = ''): string {
  return `${definitions} model m(best = 0.05) {
    input x: float[T, 2]
    output y = x -> dense(2)
    loss mse(y, x)
    train ${train}
  }`;
}

function ruleOf(train: string, definitions = ''): OptimizerRule {
  return required(compiled(model(train, definitions)).training.optimizer);
}

const gradients = [0.5, -1, 2, 0.25, -0.125];

/** One weight, from 1, after each of the five gradients. */
function updated(train: string): number[] {
  const rule = ruleOf(train);
  const b = new GraphBuilder();
  const parameter = (name: string, width: number[]) =>
    b.parameter(name, tensor('float', width.map(fixed)), 'input');
  const states = rule.states.map((name) => parameter(name, [1]));
  const step = parameter('step', []);
  const next = rule.update(b, {
    weight: parameter('w', [1]),
    gradient: parameter('g', [1]),
    states,
    rate: rule.rate(b, step),
    step,
  });
  const graph = b.finish('step', [
    { name: 'w', value: next.weight },
    ...rule.states.map((name, i) => ({ name, value: required(next.states[i]) })),
  ]);
  return walked(graph, rule.states);
}

function walked(graph: Graph, states: readonly string[]): number[] {
  let current = new Map(
    ['w', ...states].map((name) => [name, floats([1], [name === 'w' ? 1 : 0])]),
  );
  return gradients.map((g, i) => {
    const given = { g: floats([1], [g]), step: floats([], [i + 1]) };
    const inputs = new Map([...current, ...Object.entries(given)]);
    const results = interpret(graph, inputs, { precision: 'f64' });
    current = new Map(
      [...current.keys()].map((name) => {
        return [name, floats([1], [...required(results.get(name)).data])];
      }),
    );
    return required(results.get('w')?.data[0]);
  });
}

/** What a formula of weight, gradient and step gives; it keeps its own state. */
function expected(update: (w: number, g: number, k: number) => number): number[] {
  let w = 1;
  return gradients.map((g, i) => (w = update(w, g, i + 1)));
}

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(required(wanted[i]), 13));
}

describe('optimizers', () => {
  it('sgd', () => {
    expectClose(
      updated('sgd(rate = 0.1)'),
      expected((w, g) => w - 0.1 * g),
    );
    const decayed = expected((w, g) => w - 0.1 * (g + 0.01 * w));
    expectClose(updated('sgd(0.1, weightDecay = 0.01)'), decayed);
  });

  it('sgd with momentum, and as Nesterov has it', () => {
    const moved = (nesterov: boolean): number[] => {
      let m = 0;
      return expected((w, g) => {
        m = 0.9 * m + g;
        return w - 0.1 * (nesterov ? g + 0.9 * m : m);
      });
    };
    expectClose(updated('sgd(0.1, momentum = 0.9)'), moved(false));
    expectClose(updated('sgd(0.1, momentum = 0.9, nesterov = true)'), moved(true));
  });

  it('adam, its decay in the gradient', () => {
    let [m, v] = [0, 0];
    const wanted = expected((w, gradient, k) => {
      const g = gradient + 0.1 * w;
      m = 0.8 * m + 0.2 * g;
      v = 0.9 * v + 0.1 * g * g;
      const [mean, variance] = [m / (1 - 0.8 ** k), v / (1 - 0.9 ** k)];
      return w - (0.01 * mean) / (Math.sqrt(variance) + 1e-6);
    });
    const call = 'adam(rate = 0.01, beta1 = 0.8, beta2 = 0.9, epsilon = 1e-6, weightDecay = 0.1)';
    expectClose(updated(call), wanted);
  });

  it('adamw, its decay apart', () => {
    let [m, v] = [0, 0];
    const wanted = expected((w, g, k) => {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const [mean, variance] = [m / (1 - 0.9 ** k), v / (1 - 0.999 ** k)];
      return w - 0.01 * 0.1 * w - (0.01 * mean) / (Math.sqrt(variance) + 1e-8);
    });
    expectClose(updated('adamw(rate = 0.01, weightDecay = 0.1)'), wanted);
  });

  it('rmsprop, with and without momentum', () => {
    const moved = (momentum: number): number[] => {
      let [v, m] = [0, 0];
      return expected((w, g) => {
        v = 0.99 * v + 0.01 * g * g;
        m = momentum * m + g / (Math.sqrt(v) + 1e-8);
        return w - 0.01 * m;
      });
    };
    expectClose(updated('rmsprop'), moved(0));
    expectClose(updated('rmsprop(momentum = 0.9)'), moved(0.9));
  });

  it('is adam where a spec names none', () => {
    const text = 'model m { input x: float[T, 2] output y = x -> dense(2) }';
    expect(compiled(text).training.optimizer?.name).toBe('adam');
    expect(ruleOf('batch = 4').name).toBe('adam');
  });

  it('may be written by hand', () => {
    const mine = 'optimizer mine(rate = 0.5, half = 2) { emit w - rate / half * g * k }';
    expect(ruleOf('mine', mine).states).toEqual([]);
    const rate = 'schedule falling(peak) { emit peak / k }';
    expectClose(rates('adam(falling(0.3))', rate), [0.3, 0.15, 0.1]);
  });
});

/** The learning rate at the first steps. */
function rates(train: string, definitions = '', steps: readonly number[] = [1, 2, 3]): number[] {
  const rule = ruleOf(train, definitions);
  const b = new GraphBuilder();
  const step = b.parameter('step', tensor('float', []), 'control');
  const graph = b.finish('rate', [{ name: 'rate', value: rule.rate(b, step) }]);
  return steps.map((k) => {
    const results = interpret(graph, new Map([['step', floats([], [k])]]), { precision: 'f64' });
    return required(results.get('rate')?.data[0]);
  });
}

describe('schedules', () => {
  it('a number stays', () => {
    expect(rates('sgd(0.1)')).toEqual([0.1, 0.1, 0.1]);
    expect(rates('sgd(rate = best / 2)')).toEqual([0.025, 0.025, 0.025]);
  });

  it('cosine falls from the peak to the end as half a cosine, and stays there', () => {
    const steps = [0, 25, 50, 75, 100, 200];
    const found = rates('sgd(cosine(0.2, steps = 100, end = 0.1))', '', steps);
    const wanted = steps.map(
      (k) => 0.1 + 0.05 * (1 + Math.cos((Math.PI * Math.min(k, 100)) / 100)),
    );
    expectClose(found, wanted);
  });

  it('cosine rises in its warm-up', () => {
    const steps = [1, 5, 10, 60, 110];
    const found = rates('sgd(cosine(0.2, steps = 110, warmup = 10))', '', steps);
    expectClose(found, [0.02, 0.1, 0.2, 0.1, 0]);
  });

  it('warmup rises and stays', () => {
    expectClose(rates('sgd(warmup(0.2, warmup = 4))', '', [1, 2, 4, 100]), [0.05, 0.1, 0.2, 0.2]);
  });

  it('step falls by its factor after every so many steps', () => {
    const steps = [1, 10, 11, 20, 21];
    const found = rates('sgd(step(0.8, every = 10, factor = 0.5))', '', steps);
    expectClose(found, [0.8, 0.8, 0.4, 0.4, 0.2]);
    const warm = rates('sgd(step(0.8, every = 10, factor = 0.5, warmup = 4))', '', [1, 4, 11]);
    expectClose(warm, [0.2, 0.8, 0.4]);
  });

  it('exponential falls at every step', () => {
    expectClose(rates('sgd(exponential(0.8, factor = 0.5))'), [0.8, 0.4, 0.2]);
  });
});

describe('settings', () => {
  it('are numbers, words and truth values', () => {
    const { settings } = compiled(
      model('adam, batch = 8, clipNorm = 0.5, lowerCase = true, residuals = recompute'),
    ).training;
    expect(Object.fromEntries(settings)).toEqual({
      batch: 8,
      clipNorm: 0.5,
      lowerCase: true,
      residuals: 'recompute',
    });
  });

  const cell = 'optimizer mine(rate = 0.1)';
  it.each([
    ['an unknown setting', 'adam, bach = 3', '', ['N3003 bach = 3']],
    ['one given twice', 'adam, batch = 3, batch = 4', '', ['N3006 batch = 4']],
    ['an unknown optimizer', 'adamm(0.1)', '', ['N3001 adamm(0.1)']],
    ['a layer', 'lstm(3)', '', ['N3001 lstm(3)']],
    ['a number', '3', '', ['N3001 3']],
    ['an unknown argument', 'adam(rte = 1)', '', ['N3003 rte = 1']],
    ['an argument given twice', 'adam(0.1, rate = 1)', '', ['N3006 rate = 1']],
    ['too many arguments', 'sgd(1, 2, false, 4, 5)', '', ['N3004 5']],
    ['a word that is no choice', 'sgd(nesterov = yes)', '', ['N3010 yes']],
    ['a value for a number', 'adam(beta1 = x)', '', ['N3005 x']],
    ['a value for the rate', 'adam(rate = x)', '', ['N3005 x']],
    ['a function for the rate', 'adam(rate = tanh)', '', ['N3005 tanh']],
    ['an unknown schedule', 'adam(cosinus(0.1))', '', ['N3001 cosinus(0.1)']],
    ['a schedule without an argument', 'adam(cosine(0.1))', '', ['N3002 cosine(0.1)']],
    ['a state that stays', 'mine', `${cell} { state m emit w - g }`, ['N3008 m']],
    ['no result', 'mine', `${cell} { d = g }`, ['N3009 mine']],
    ['an unknown name', 'mine', `${cell} { emit w - q }`, ['N3001 q']],
    ['a weight of its own', 'mine', `${cell} { emit w - bla }`, ['N3001 bla']],
    ['a product', 'mine', `${cell} { emit w - Q[g] }`, ['N3015 Q[g]']],
  ])('report %s', (_, train, definitions, faults) => {
    expect(faultsOf(model(train, definitions))).toEqual(faults);
  });
});
