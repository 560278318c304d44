/** Random specs: each feature of the language is drawn often; what falls shrinks to one layer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { data } from '../../../compiler/verify/arbitraries/data.ts';
import { spec, type Spec } from '../../../compiler/verify/arbitraries/models.ts';
import { compiled } from '../../support/models.ts';

const draws = fc.sample(spec({ dropout: true }), { numRuns: 500, seed: 11 });

/** What is looked for in the text, and in how many of 500 it is at least. */
const features: readonly (readonly [name: string, pattern: RegExp, least: number])[] = [
  // Cells, and what they do.
  ...['rnn', 'simpleGru', 'gru', 'lstm', 'slideLstm', 'coupledLstm', 'peephole'].map(
    (name) => [name, new RegExp(`\\b${name}\\(`), 15] as const,
  ),
  ['gru with reset = after', /reset = after/, 8],
  ['cell of its own', /cell own\d/, 60],
  ['cell of its own in use', /\bown\d\(/, 60],
  ['two states', /state s1/, 40],
  ['three states', /state s2/, 20],
  ['gate', /Γ\d = σ\(/, 30],
  ['product of values', /v\d = \S+ \* \S+$/m, 15],
  ['branches', /if form == one/, 30],
  ['both directions of a cell of its own', /bidirectional\(own/, 15],
  ['activation of an rnn', /activation = (relu|gelu|elu|softsign)/, 10],
  ['without biases', /bias = false/, 40],
  // Combinators and layers.
  ['bidirectional', /bidirectional\(/, 100],
  ['depth', /depth = [234]/, 80],
  ['stack', /stack\(/, 25],
  ['residual', /residual\(/, 25],
  ['concat of layers', /-> concat\(/, 25],
  ['last', /-> last/, 15],
  ...['mean', 'max', 'sum'].map(
    (how) => [`pool(${how})`, new RegExp(`pool\\(${how}`), 10] as const,
  ),
  ['shift', /shift\(-?\d/, 25],
  ['reverse', /-> reverse|reverse = true/, 50],
  ['layerNorm', /layerNorm/, 25],
  ['dropout', /dropout\(0\.[35]|dropout = 0\.3/, 50],
  ['variational dropout', /variational = true/, 10],
  ['dense', /dense\(/, 50],
  ['layer of its own', /^layer /m, 25],
  ['model as a layer', /-> part\(|\(part\(/, 15],
  ['time index', /<t[-+][12]> ->/, 50],
  // Inputs.
  ['several inputs', /input (x|ids)[^]*input (z|aside|ids)/, 60],
  ['times of their own', /\[Tx, 2\]|\[Ty\]/, 60],
  ['vector without time', /input [xz]: float\[width\]/, 40],
  ['ids', /: ids\(4\)/, 15],
  ['words', /: words\(/, 30],
  ['characters', /: characters\(/, 15],
  ['embed', /embed\(/, 60],
  ['oneHot', /oneHot/, 40],
  // Losses and training.
  ['two outputs', /output y1/, 100],
  ...['crossEntropy', 'binaryCrossEntropy', 'mse', 'ctc'].map(
    (name) => [name, new RegExp(`\\b${name}\\(`), 50] as const,
  ),
  ['weighted losses', /loss 0\.5 \*/, 100],
  ['smoothing', /smoothing = /, 15],
  ['ignored class', /ignore = /, 15],
  ...['sgd', 'adam', 'adamw', 'rmsprop'].map(
    (name) => [`train ${name}`, new RegExp(`train ${name}\\(`), 15] as const,
  ),
  ['optimizer of its own', /^optimizer bounded/m, 10],
  ['schedule', /rate = (cosine|step|exponential|warmup|halving)\(/, 40],
  ['clipping', /clip(Norm|Value) = /, 40],
  ['weight decay', /weightDecay = /, 40],
  ['recomputed residuals', /residuals = recompute/, 25],
];

describe('random specs', () => {
  it.each(features.map(([name, pattern, least]) => ({ name, pattern, least })))(
    'have $name',
    ({ pattern, least }) => {
      const having = draws.filter(({ text }) => pattern.test(text));
      expect(having.length).toBeGreaterThanOrEqual(least);
    },
  );

  it('are bare pipelines as well', () => {
    expect(draws.filter(({ text }) => !text.includes('model')).length).toBeGreaterThan(80);
  });

  it('compile, and train as they say', () => {
    for (const { text } of draws.slice(0, 120)) {
      const { training } = compiled(text, { mode: 'training' });
      const [, name = 'adam'] = /^ {2}train (\w+)/m.exec(text) ?? [];
      expect(training.optimizer?.name).toBe(name);
    }
  });

  it.each([1, 2, 3, 4, 5, 6])('shrink to one layer and one step, seed %i', (seed) => {
    const smallest = smallestOf(seed, () => true);
    expect(smallest).toMatchObject({ text: 'rnn(1)', time: 1, rows: 1 });
  });

  it('shrink to the loss and the optimizer that a fault needs', () => {
    const needs = ({ text }: Spec): boolean => /train adamw/.test(text) && /\bmse\(/.test(text);
    const { text } = smallestOf(3, needs);
    expect(text).toContain('train adamw(rate = 0.1)\n');
    expect(text.match(/->/g)?.length).toBeLessThanOrEqual(1);
    expect(text).not.toMatch(/cell|layer|depth|y1/);
  });
});

/** What is left of a case that falls wherever the spec is such a one. */
function smallestOf(seed: number, falls: (spec: Spec) => boolean): Smallest {
  const cases = fc.tuple(spec({ dropout: true }), data);
  const property = fc.property(cases, ([drawn]) => !falls(drawn));
  const { counterexample } = fc.check(property, { seed, numRuns: 2000 });
  const [[drawn, { time, lengths }] = [{ text: '' }, { time: 0, lengths: [] }]] =
    counterexample ?? [];
  return { text: drawn.text, time, rows: lengths.length };
}

interface Smallest {
  readonly text: string;
  readonly time: number;
  readonly rows: number;
}
