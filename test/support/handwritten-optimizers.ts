/** Optimizers written by hand, for tests below the language. */
import { add, constant, div, mul, pow, sqrt, sub } from '../../compiler/graph/build.ts';
import type { OptimizerRule } from '../../compiler/graph/model.ts';
import { present } from '../../compiler/base/bug.ts';

/** The rate halves at each step. */
export const handwrittenSgd: OptimizerRule = {
  name: 'sgd',
  states: [],
  rate: (b, step) => mul(b, constant(b, 0.2), pow(b, constant(b, 0.5), step)),
  update: (b, { weight, gradient, rate }) => ({
    weight: sub(b, weight, mul(b, gradient, rate)),
    states: [],
  }),
};

/** Adam (Kingma and Ba 2015), with the usual constants. */
export const handwrittenAdam: OptimizerRule = {
  name: 'adam',
  states: ['m', 'v'],
  rate: (b) => constant(b, 0.01),
  update(b, { weight, gradient, states, rate, step }) {
    const one = constant(b, 1);
    const [beta1, beta2] = [constant(b, 0.9), constant(b, 0.999)];
    const m = add(b, mul(b, present(states[0], 'm'), beta1), mul(b, gradient, sub(b, one, beta1)));
    const v = add(
      b,
      mul(b, present(states[1], 'v'), beta2),
      mul(b, mul(b, gradient, gradient), sub(b, one, beta2)),
    );
    const mean = div(b, m, sub(b, one, pow(b, beta1, step)));
    const variance = div(b, v, sub(b, one, pow(b, beta2, step)));
    const below = add(b, sqrt(b, variance), constant(b, 1e-8));
    return { weight: sub(b, weight, mul(b, rate, div(b, mean, below))), states: [m, v] };
  },
};
