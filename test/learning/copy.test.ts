/**
 * Copy memory with a delay of 50: three symbols out of four are to be said again 50 time steps
 * after they were seen. An lstm learns it, an rnn of the same width, trained as long, does not.
 * Guessing costs ln 4 = 1.39 nats.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyTask, learn } from '../support/learning-tasks.ts';

const spec = readFileSync(join(import.meta.dirname, '../../specs/zoo/copy.gate'), 'utf8');
const size = { shown: 3, delay: 50, symbols: 6, batch: 32, seed: 7 };
const task = copyTask({ ...size, time: size.delay + 2 * size.shown });
const minutes = 60_000;

test(
  'an lstm says again what it saw 50 time steps ago',
  async () => {
    const { loss, metrics, steps } = await learn(spec, task, { steps: 1000, seed: 1, until: 0.01 });
    expect(loss, `after ${steps} updates`).toBeLessThan(0.2);
    expect(metrics['accuracy']).toBeGreaterThan(0.95);
  },
  10 * minutes,
);

test(
  'an rnn does not',
  async () => {
    const rnn = spec.replace('lstm(width, forget = 4)', 'rnn(width)');
    expect(rnn).not.toBe(spec);
    const { loss } = await learn(rnn, task, { steps: 1000, seed: 1, until: 0.01 });
    expect(loss).toBeGreaterThan(0.8);
  },
  10 * minutes,
);
