/** The folder of a trained model as SPEC: the spec and the imports that are stored in it count. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatework } from '../../support/command-line.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

const shop = new Workshop();
const out = shop.path('out');
const cells = shop.file(
  'cells.gate',
  'layer mine(n) { emit tanh(W[x]) weight W: [n, width(x)] }\n',
);
const text = `import "./cells.gate"\n${nameSpec}`.replace('-> softmax', '-> mine(4) -> softmax');
const spec = shop.file('names.gate', text);

beforeAll(async () => {
  const data = shop.file('names.txt', someNames);
  await trainIn({ spec, data, out, flags: { steps: 1 } });
  rmSync(cells);
  writeFileSync(spec, 'changed since');
});
afterAll(() => shop.remove());

test('check finds its imports and widths', () => {
  const { status, stdout, stderr } = gatework('check', out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^ok: letters, \d+ parameters\n$/);
});

test('fmt prints its spec, and writes to no file that it was read from', () => {
  const { status, stdout } = gatework('fmt', out);
  expect(status).toBe(0);
  expect(stdout).toContain('mine(4)');
  expect(gatework('fmt', out, '--write').status).toBe(2);
  expect(readFileSync(spec, 'utf8')).toBe('changed since');
});
