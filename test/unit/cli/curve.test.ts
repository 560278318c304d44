/** The loss curve: which points it draws, and that it is an SVG. */
import { describe, expect, test } from 'vitest';
import { curvePoints, drawLossCurve } from '../../../compiler/cli/curve.ts';
import type { LogRecord } from '../../../runtime/train/log.ts';

const shared = { metrics: {}, rate: 0.1, gradientNorm: 1, tokens: 3 };
const step = (n: number, loss: number): LogRecord => ({
  kind: 'step',
  step: n,
  epoch: 1,
  loss,
  ...shared,
});
const epoch = (n: number, loss: number): LogRecord => ({
  kind: 'epoch',
  epoch: n,
  step: n * 50,
  loss,
  metrics: {},
  validation: { loss: loss + 0.1, metrics: {} },
});

describe('curvePoints', () => {
  test('a short log is drawn as it is', () => {
    const points = curvePoints([step(1, 3), step(2, 1), epoch(1, 2), step(3, NaN)]);
    expect(points).toEqual([
      { step: 1, loss: 3, series: 'training' },
      { step: 2, loss: 1, series: 'training' },
      { step: 50, loss: 2.1, series: 'validation' },
    ]);
  });

  test('a long one is smoothed and thinned, its end kept', () => {
    const records = Array.from({ length: 30_000 }, (_, i) => step(i + 1, 2 + (i % 2)));
    const points = curvePoints(records);
    expect(points.length).toBeLessThan(1100);
    expect(points.at(-1)?.step).toBe(30_000);
    expect(points.at(-1)?.loss).toBeCloseTo(2.5, 1);
  });
});

describe('drawLossCurve', () => {
  const records = Array.from({ length: 100 }, (_, i) => step(i + 1, 3 / (i + 1)));

  test('an SVG with title, axes, legend and both lines; the same bytes again', async () => {
    const log = [...records, epoch(1, 0.5), epoch(2, 0.3)];
    const svg = await drawLossCurve(log, 'names <1>');
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    for (const text of ['names &lt;1&gt;', '>step<', '>loss<', '>training<', '>validation<']) {
      expect(svg).toContain(text);
    }
    expect(await drawLossCurve(log, 'names <1>')).toBe(svg);
  });

  test('without validation there is no legend, without steps no picture', async () => {
    expect(await drawLossCurve(records, 't')).not.toContain('>validation<');
    expect(await drawLossCurve([], 't')).toBeUndefined();
  });
});
