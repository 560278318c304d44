/**
 * The adding problem over 100 time steps: an lstm learns it, an rnn of the same width, trained as
 * long, does not. Always answering 1 has a mean squared error of 1/6.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addingTask, learn } from '../support/learning-tasks.ts';

const spec = readFileSync(join(import.meta.dirname, '../../specs/zoo/adding.gate'), 'utf8');
const task = addingTask({ time: 100, batch: 16, seed: 7 });
const minutes = 60_000;

test(
  'an lstm adds two numbers that stand up to 100 time steps apart',
  async () => {
    const { loss, steps } = await learn(spec, task, { steps: 1200, seed: 1, until: 0.005 });
    expect(loss, `after ${steps} updates`).toBeLessThan(0.02);
  },
  10 * minutes,
);

test(
  'an rnn does not',
  async () => {
    const rnn = spec.replace('lstm(width)', 'rnn(width)');
    expect(rnn).not.toBe(spec);
    const { loss } = await learn(rnn, task, { steps: 1200, seed: 1, until: 0.005 });
    expect(loss).toBeGreaterThan(0.12);
  },
  10 * minutes,
);
