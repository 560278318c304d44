/** The loss of the last time step alone, traced back to the state after each step. */
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../compiler/3-differentiate/reverse.ts';
import { stepGradients } from '../../../compiler/3-differentiate/step-gradients.ts';
import { simplify } from '../../../compiler/4-simplify/simplify.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { run } from '../../support/central-differences.ts';
import { drawInputs, type CellKind } from '../../support/recurrent-graphs.ts';
import { recurrentModel } from '../../support/recurrent-models.ts';

const cells: readonly CellKind[] = ['rnn', 'lstm'];

describe.each(cells)('%s', (cell) => {
  const options = { cell, lengths: true, reverse: false, layers: 2 } as const;
  const model = recurrentModel(options, { loss: true });
  const sizes = { batch: 2, time: 4, lengths: [4, 2] };

  it('is what a loss of the last step alone gives', () => {
    const inputs = drawInputs(model.graph, drawer(3), sizes);
    const found = run(simplify(stepGradients(model)), inputs);
    // The loss is sum(y * target) and the squares of the final states, so that a target that is
    // zero before the last step makes it the loss of the last step.
    const masked = new Map([...inputs, ['target', lastSteps(inputs.get('target'), sizes.lengths)]]);
    const observed = run(
      differentiate(model.graph, { loss: 'loss', wrt: ['x'], observeCarries: true }),
      masked,
    );
    const names = [...observed.keys()].filter((n) => n.startsWith('cotangent'));
    expect(names.length).toBe(cell === 'lstm' ? 4 : 2);
    for (const name of names) {
      const norms = found.get(name.replace('cotangent', 'carryNorm'));
      const expected = normsOf(observed.get(name));
      expect(norms?.shape).toEqual([4]);
      expected.forEach((e, i) => expect(norms?.data[i]).toBeCloseTo(e, 12));
    }
  });

  it('takes the outputs where there is no loss', () => {
    const without = recurrentModel(options, { loss: false });
    const inputs = drawInputs(without.graph, drawer(3), { batch: 1, time: 3, lengths: [3] });
    const found = run(stepGradients(without), inputs);
    // The last state is the last output: its cotangent is 1 in both elements.
    expect(found.get(`carryNorm/${cell}.l1/h`)?.data[2]).toBeCloseTo(Math.SQRT2, 12);
  });
});

function lastSteps(target: NdArray | undefined, lengths: readonly number[]): NdArray {
  if (target === undefined) throw new Error('no target');
  const [, time = 0, width = 0] = target.shape;
  const data = Float64Array.from(target.data, (v, i) => {
    const [row, step] = [Math.floor(i / (time * width)), Math.floor(i / width) % time];
    return step === (lengths[row] ?? 0) - 1 ? v : 0;
  });
  return { ...target, data };
}

function normsOf(cotangents: NdArray | undefined): number[] {
  const [rows = 0, time = 0, width = 0] = cotangents?.shape ?? [];
  return Array.from({ length: time }, (_, step) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++) {
        sum += (cotangents?.data[(row * time + step) * width + i] ?? NaN) ** 2;
      }
    }
    return Math.sqrt(sum);
  });
}
