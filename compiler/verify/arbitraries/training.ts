/** How a random model says that it is trained: any optimizer and schedule, its own among them. */
import fc from 'fast-check';
import { optimizerArbitrary } from '../training/draw.ts';

export interface TrainStatement {
  /** `train adam(rate = 0.1), clipNorm = 1`. */
  readonly text: string;
}

/** Rules that a spec may define; both are smooth, so that differences can judge what they do. */
export const ownRules: Readonly<Record<string, string>> = {
  bounded: `optimizer bounded(rate = 0.1, beta = 0.9) {
  state m
  m<t> = beta * m<t-1> + (1 - beta) * g
  emit w - rate * tanh(m<t>)
}`,
  halving: 'schedule halving(peak, every = 2) { emit peak * 0.5 ^ floor((k - 1) / every) }',
};

const optimizer = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: optimizerArbitrary },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'bounded(rate = 0.1)',
      'bounded(beta = 0)',
      'bounded(rate = halving(0.1))',
      'sgd(rate = halving(0.1, every = 1))',
    ),
  },
);

const settings = fc.subarray(['clipNorm = 0.5', 'clipValue = 0.2', 'residuals = recompute']);

export const trainStatement: fc.Arbitrary<TrainStatement> = fc
  .tuple(optimizer, settings)
  .map(([call, given]) => ({ text: `train ${[call, ...given].join(', ')}` }));
