/** Clipping and Adam in jax-js, with the gradients in one function to trace. */
import { training } from '../workloads/workloads.ts';
import type { Equations, Weights } from './jax-equations.ts';
import type { Jax, JaxArray } from './jax-types.ts';

export interface TrainingState {
  readonly weights: Weights;
  /** Adam's two means, of the weights' shapes. */
  readonly first: Weights;
  readonly second: Weights;
}

export interface TrainingResult extends TrainingState {
  readonly loss: JaxArray;
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** `count` is 1 at the first step. */
export function trainingStep(
  jax: Jax,
  equations: Equations,
): (state: TrainingState, count: JaxArray, text: JaxArray, next: JaxArray) => TrainingResult {
  const { numpy, tree } = jax;
  const gradientOf = jax.valueAndGrad((weights: Weights, text: JaxArray, next: JaxArray) =>
    equations.loss(weights, text, next),
  );
  return (state, count, text, next) => {
    const [loss, raw] = gradientOf(tree.ref(state.weights), text, next);
    const gradients = clipped(jax, raw);
    const first = tree.map(
      (m, g) => m.ref.mul(beta1).add(g.ref.mul(1 - beta1)),
      state.first,
      gradients,
    );
    const second = tree.map(
      (v, g) => v.ref.mul(beta2).add(numpy.square(g.ref).mul(1 - beta2)),
      state.second,
      gradients,
    );
    const rate = numpy.power(beta1, count.ref).mul(-1).add(1);
    const spread = numpy.sqrt(numpy.power(beta2, count.ref).mul(-1).add(1));
    const weights = tree.map(
      (w, m, v) => {
        const step = m.ref.mul(training.rate).div(rate.ref);
        return w.ref.sub(step.div(numpy.sqrt(v.ref).div(spread.ref).add(epsilon)));
      },
      state.weights,
      first,
      second,
    );
    return { loss, weights, first, second };
  };
}

/** As PyTorch's clip_grad_norm_. */
function clipped(jax: Jax, gradients: Weights): Weights {
  const { numpy, tree } = jax;
  const squares = tree.leaves(gradients).map((g) => numpy.sum(numpy.square(g.ref)));
  const norm = numpy.sqrt(squares.reduce((sum, s) => sum.add(s)));
  const factor = numpy.minimum(numpy.power(norm.add(1e-6), -1).mul(training.clipNorm), 1);
  return tree.map((g) => g.ref.mul(factor.ref), gradients);
}
