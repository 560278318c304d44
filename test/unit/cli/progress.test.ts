/** The progress bar of training: what it says, where it is silent, how it keeps to its columns. */
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, test } from 'vitest';
import { progressReporter, progressText, Speedometer } from '../../../compiler/cli/progress.ts';
import type { TrainProgress } from '../../../runtime/train/train-options.ts';

const progress = (step: number): TrainProgress => ({
  step,
  totalSteps: 200,
  epoch: 1,
  loss: 1.93456,
  metrics: { perplexity: 6.921, 'tags.accuracy': 0.9371 },
  rate: 0.001,
  gradientNorm: 0.5,
  tokens: 500,
});

/** A stream that takes what a terminal would be sent. */
function fakeTerminal(
  isTTY: boolean,
  columns = 120,
): { stream: WriteStream; written: () => string } {
  let text = '';
  const through = new PassThrough();
  through.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const stream = Object.assign(Object.create(through), {
    isTTY,
    columns,
    rows: 24,
    getWindowSize: () => [columns, 24],
  }) as unknown;
  if (!isWritable(stream)) throw new Error('not a stream');
  return { stream, written: () => text };
}

function isWritable(value: unknown): value is WriteStream {
  return typeof value === 'object' && value !== null && 'write' in value;
}

describe('progressReporter', () => {
  const report = (isTTY: boolean, quiet: boolean): string => {
    const { stream, written } = fakeTerminal(isTTY);
    const reporter = progressReporter({ quiet, stream });
    reporter.update(progress(1));
    reporter.note('exploding');
    reporter.update(progress(2));
    reporter.stop();
    return written();
  };

  test('draws a bar on a terminal', () => {
    const text = report(true, false);
    expect(text).toContain('2/200');
    expect(text).toContain('loss 1.93');
    expect(text).toContain('exploding\n');
  });

  test('keeps to the columns of the terminal', () => {
    const { stream, written } = fakeTerminal(true, 50);
    const reporter = progressReporter({ quiet: false, stream });
    reporter.update(progress(1));
    reporter.stop();
    expect(written()).toContain('epoch 1 [------------] 1/200  loss 1.93');
    expect(written()).not.toContain('perplexity');
  });

  test('draws none elsewhere, and says nothing when quiet', () => {
    expect(report(false, false)).toBe('exploding\n');
    expect(report(true, true)).toBe('');
  });
});

describe('progressText', () => {
  test('loss, metrics, speed and time left', () => {
    const speed = { tokensPerSecond: 12_345, secondsLeft: 80 };
    expect(progressText(progress(1), speed)).toBe(
      'loss 1.93  perplexity 6.92  tags.accuracy 93.7%  12.3k tokens/s  1m 20s left',
    );
  });

  test('leaves out what is not known yet', () => {
    const unknown = { tokensPerSecond: 0, secondsLeft: Infinity };
    const text = progressText({ ...progress(1), metrics: {}, loss: NaN }, unknown);
    expect(text).toBe('loss NaN');
    const validated = { ...progress(1), metrics: {}, validation: { loss: 2, metrics: {} } };
    expect(progressText(validated, unknown)).toBe('loss 1.93  valid 2.00');
  });

  test('leaves out what is wanted least where the terminal is narrow', () => {
    const whole = { ...progress(1), validation: { loss: 2.0612, metrics: {} } };
    const text = (room: number): string =>
      progressText(whole, { tokensPerSecond: 2991, secondsLeft: 80 }, room);
    expect(text(Infinity)).toBe(
      'loss 1.93  perplexity 6.92  tags.accuracy 93.7%  valid 2.06  2991 tokens/s  1m 20s left',
    );
    expect(text(66)).toBe('loss 1.93  perplexity 6.92  valid 2.06  2991 tokens/s  1m 20s left');
    expect(text(65)).toBe('loss 1.93  perplexity 6.92  2991 tokens/s  1m 20s left');
    expect(text(46)).toBe('loss 1.93  perplexity 6.92  1m 20s left');
    expect(text(30)).toBe('loss 1.93  1m 20s left');
    expect(text(3)).toBe('loss 1.93');
  });
});

test('the speed is that of the last updates', () => {
  const speedometer = new Speedometer();
  expect(speedometer.measure(progress(1), 10).secondsLeft).toBe(Infinity);
  const speed = speedometer.measure(progress(3), 14);
  expect(speed.tokensPerSecond).toBe(125);
  expect(speed.secondsLeft).toBe(197 / 0.5);
});
