/** What the training commands print: one JSON document, or text for people; progress apart. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatework } from '../../support/command-line.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

/** Each process takes a second to start, on a busy machine several. */
const slow = 180_000;

const shop = new Workshop();
afterAll(() => shop.remove());

const spec = shop.file('letters.gate', nameSpec);
const data = shop.file('names.txt', someNames);
const out = shop.path('letters');

beforeAll(async () => {
  await trainIn({ spec, data, out });
}, slow);

test(
  'train prints one document, and nothing else where stderr is no terminal',
  () => {
    const args = ['train', spec, '--data', data, '--out', shop.path('json'), '--steps', '3'];
    const { status, stdout, stderr } = gatework(...args, '--json');
    expect(status, stderr).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      interrupted: false,
      model: 'letters',
      steps: 3,
      epochs: 0,
      validation: { metrics: {} },
      files: { weights: shop.path('json/model.safetensors') },
    });
    const told = gatework(...args, '--force').stdout;
    expect(told).toMatch(
      /^letters: trained for 3 steps \(0 epochs\) in [\d.]+ s\n {2}training {4}loss /,
    );
    expect(gatework(...args, '--force', '--quiet')).toMatchObject({ stdout: '', stderr: '' });
  },
  slow,
);

test(
  'eval, sample and score answer for people and for programs',
  () => {
    const evaluated = gatework('eval', out, '--data', data, '--json');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ ok: true, model: 'letters' });
    expect(gatework('eval', out, '--data', data).stdout).toMatch(
      /^letters: loss [\d.]+, accuracy [\d.]+%, perplexity [\d.]+, over \d+ tokens\n$/,
    );
    const sampled = gatework('sample', out, '--count', '3', '--prefix', 'ha', '--top-k', '2');
    expect(sampled.stdout.split('\n').filter((line) => line.startsWith('ha'))).toHaveLength(3);
    const scored = gatework('score', out, 'anna', 'nnaa', '--data', data, '--json');
    const document: unknown = JSON.parse(scored.stdout);
    expect(document).toHaveProperty('scores.length', 2 + someNames.split('\n').length);
    const told = gatework('score', out, 'anna', 'axa').stdout;
    expect(told).toContain('log P');
    expect(told).toContain('not in the vocabulary, counted as <UNK>: "x"');
  },
  slow,
);

test(
  'a step that takes more memory than it may is status 3',
  () => {
    const args = ['train', spec, '--data', data, '--out', shop.path('large'), '--memory', '10kB'];
    const { status, stderr } = gatework(...args);
    expect(stderr).toMatch(/error\[T6401\]: a training step takes at least .* 10.0 kB/);
    expect(status).toBe(3);
  },
  slow,
);

test(
  'a command line that makes no sense is status 2, bad input 1',
  () => {
    expect(gatework('train', spec).status).toBe(2);
    expect(gatework('score', out).status).toBe(2);
    expect(gatework('sample', out, '--temperature', '-1').status).toBe(2);
    expect(
      gatework('train', spec, '--data', data, '--out', out, '--resume', '--weights', 'w').status,
    ).toBe(2);
    const missing = gatework('eval', out, '--data', shop.path('gone.txt'), '--json');
    expect(missing.status).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'R7401' }],
    });
  },
  slow,
);
