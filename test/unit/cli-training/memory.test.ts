/** A budget of memory: what is kept for the way back, and what is refused, follow from the plan. */
import { describe, expect, it } from 'vitest';
import { present } from '../../../compiler/base/bug.ts';
import { chooseResiduals, largestSizes } from '../../../compiler/cli/training/memory.ts';
import { runSettings } from '../../../compiler/cli/training/settings.ts';
import { peakMemory } from '../../../compiler/cli/peak-memory.ts';
import { stepGraph, updatesOf } from '../../../compiler/cli/step-graph.ts';
import { byteCount } from '../../../compiler/cli/options.ts';
import { bindPolynomial, polynomialValue } from '../../../compiler/graph/polynomial.ts';
import { idRanges, kernelProgram } from '../../../compiler/pipeline.ts';
import type { BatchSource } from '../../../runtime/train/batches.ts';
import { faultOf } from '../../support/fault.ts';
import { ints } from '../../../compiler/verify/arrays.ts';
import { compiled } from '../../support/models.ts';

const model = compiled(
  `model m() {
    input text: characters(9)[T]
    output next = text<t-1> -> embed(4) -> lstm(16) -> softmax(9)
    loss crossEntropy(next, text)
    train adam(rate = 0.01)
  }`,
  { mode: 'training' },
);
const settings = runSettings([model.training.settings]);
const sizes = new Map([
  ['B', 8],
  ['T', 50],
]);

describe('a budget of memory', () => {
  it('changes nothing where a step fits', () => {
    expect(chooseResiduals(model, settings, sizes, 1e9)).toEqual({ residuals: 'store' });
  });

  it('computes again what would not fit, and says so', () => {
    const whole = 430_000;
    const choice = chooseResiduals(model, settings, sizes, whole);
    expect(choice.residuals).toBe('recompute');
    expect(choice.note).toMatch(/^a training step takes [\d.]+ kB, more than 430.0 kB/);
  });

  it('is held against the plan for where the step runs', () => {
    const on = { device: 'simd' } as const;
    const graph = stepGraph(model, 'kernels', settings);
    const options = { ...on, ids: idRanges(model), feeds: updatesOf(graph) };
    const plan = polynomialValue(bindPolynomial(peakMemory(kernelProgram(graph, options)), sizes));
    const bytes = present(plan, 'a number of bytes');
    expect(chooseResiduals(model, settings, sizes, bytes, on)).toEqual({ residuals: 'store' });
    const choice = chooseResiduals(model, settings, sizes, bytes - 1, on);
    expect(choice.residuals).toBe('recompute');
  });

  it('refuses a step that does not fit either way, with the numbers', () => {
    const refused = faultOf(() => chooseResiduals(model, settings, sizes, 1000));
    expect(refused.code).toBe('T6401');
    expect(refused.message).toMatch(/takes at least [\d.]+ kB, and --memory allows 1.0 kB/);
  });

  it('is held against the largest batch', () => {
    const lengths = [3, 7, 5];
    const batches: BatchSource = {
      carries: false,
      count: () => lengths.length,
      batch: (_epoch, i) => {
        const time = lengths[i] ?? 0;
        const text = ints([2, time], new Array<number>(2 * time).fill(0));
        const inputs = new Map([['text', text]]);
        return { inputs, rows: 2, tokens: 2 * time, fresh: true };
      },
    };
    const found = largestSizes(model, batches, new Map());
    expect([...found]).toEqual([
      ['B', 2],
      ['T', 7],
    ]);
  });
});

describe('a number of bytes', () => {
  it.each([
    ['512MB', 512e6],
    ['1.5GB', 1.5e9],
    ['300', 300],
    ['2 kB', 2000],
  ])('%s', (text, bytes) => {
    expect(byteCount(text)).toBe(bytes);
  });

  it.each(['', 'many', '5 TB', '-3MB'])('is not %j', (text) => {
    expect(() => byteCount(text)).toThrow('expected a number of bytes');
  });
});
