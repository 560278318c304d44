/** Cases: the same for a seed, of all kinds, and arrays that fit the model. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawInputs } from '../../../compiler/verify/draw-inputs.ts';
import {
  caseArbitrary,
  drawCases,
  limitsOf,
  type CaseData,
} from '../../../compiler/verify/verify-case.ts';
import { plainTraining, subjectOf } from '../../support/verify-subjects.ts';

const subject = subjectOf(`model m {
  input ids: words(W)[T]
  input x: float[T, D]
  input label: class(4)[T]
  output y = concat(ids -> embed(2), x) -> lstm(3) -> softmax(4)
  loss crossEntropy(y, label)
}`);
const limits = limitsOf(subject.model);

describe('cases', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawCases(limits, 4, 20)).toEqual(drawCases(limits, 4, 20));
    expect(drawCases(limits, 4, 20)).not.toEqual(drawCases(limits, 5, 20));
    expect(drawCases(limits, 4, 20).slice(0, 7)).toEqual(drawCases(limits, 4, 7));
  });

  it('begin with one of ordinary numbers and one of NaN, and come to all kinds', () => {
    const cases = drawCases(limits, 1, 200);
    expect(cases.slice(0, 2).map((c) => c.numbers)).toEqual(['ordinary', 'nonFinite']);
    expect(new Set(cases.map((c) => c.numbers)).size).toBe(7);
    expect(cases.some((c) => c.lengths.includes(0))).toBe(true);
    expect(cases.some((c) => c.time === 1)).toBe(true);
  });

  it('shrink to one row, one step and ordinary numbers', () => {
    const { counterexample } = fc.check(
      fc.property(caseArbitrary(limits), () => false),
      { seed: 3 },
    );
    const [smallest] = counterexample ?? [];
    expect(smallest).toMatchObject({ time: 1, lengths: [0], weightScale: 1, numbers: 'ordinary' });
  });

  it('give wide models few rows and steps', () => {
    expect(limitsOf(subjectOf('lstm(400)').model)).toMatchObject({ rows: 2, time: 2 });
  });
});

describe('inputs of a case', () => {
  const { graph } = subject.graph('gradients', 'interpreter');
  const data: CaseData = {
    ...{ seed: 1, time: 4, lengths: [4, 9, 0], widths: [2, 3, 1], weightScale: 1 },
    ...{ numbers: 'ordinary', states: false, training: plainTraining },
  };

  it('have the shapes of the model and ids below their number', () => {
    const inputs = drawInputs(subject, graph, data);
    expect(inputs.get('x')?.shape).toEqual([3, 4, 2]);
    expect([...(inputs.get('lengths')?.data ?? [])]).toEqual([4, 4, 0]);
    expect(Math.max(...(inputs.get('ids')?.data ?? []))).toBeLessThanOrEqual(3);
    expect(Math.min(...(inputs.get('label')?.data ?? []))).toBeGreaterThanOrEqual(-1);
    expect(inputs.get('lstm.c0')?.data.every((x) => x === 0)).toBe(true);
  });

  it.each([
    ['tiny', (x: number) => Math.abs(x) < 1e-24],
    ['saturating', (x: number) => Math.abs(x) >= 20],
    ['repeated', (x: number) => Math.abs(x) === 0.75],
  ] as const)('are %s where that is drawn, in f32', (numbers, is) => {
    const x = drawInputs(subject, graph, { ...data, numbers }).get('x');
    expect(x?.data.every((value) => is(value) && Math.fround(value) === value)).toBe(true);
  });

  it('hold NaN and infinity in a mode of its own, targets excepted', () => {
    const inputs = drawInputs(subject, graph, {
      ...data,
      lengths: [4, 4, 4, 4],
      numbers: 'nonFinite',
    });
    expect(inputs.get('x')?.data.some((x) => !Number.isFinite(x))).toBe(true);
    expect(inputs.get('lstm.Wc')?.data.every((x) => Number.isFinite(x))).toBe(true);
  });
});
