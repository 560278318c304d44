/** The bundle behind an import: what the command line writes, and kept while it is the same. */
import { cpSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { builtBundle, forgetOld } from '../../../compiler/plugin/built-bundle.ts';
import { requestOf } from '../../../compiler/plugin/request.ts';
import { filesIn } from '../../support/bundlers.ts';
import { writeFiles } from '../../support/bundles.ts';
import { gatework } from '../../support/command-line.ts';

const { folder, remove } = writeFiles(
  new Map([
    ['cells.gate', 'layer ours(n) {\n  weight W: [n, width(x)]\n  emit W[x]\n}'],
    [
      'net.gate',
      `import "./cells.gate"
model net {
  input text: characters(V)[T]
  output next = text<t-1> -> embed(3) -> rnn(4) -> ours(5) -> softmax(V)
  loss crossEntropy(next, text)
  train adam(rate = 0.01)
}`,
    ],
    ['names.txt', 'anna\nemma\nnora\n'],
  ]),
);
afterAll(() => remove());
const at = (name: string): string => join(folder, name);
const cache = at('kept');

function ran(...args: readonly string[]): void {
  expect(gatework(...args)).toMatchObject({ status: 0 });
}

it('is that of gatework build, and is built once', { timeout: 120_000 }, async () => {
  const data = ['--data', at('names.txt'), '--batch', '3', '--steps', '1', '--seed', '1'];
  ran('train', at('net.gate'), ...data, '--out', at('out'));
  const [weights, vocabulary] = [at('out/model.safetensors'), at('out/model.json')];
  const given = ['--weights', weights, '--vocabulary', vocabulary, '--precision', 'f16'];
  ran('build', at('net.gate'), ...given, '-o', at('bundle'));

  const id = `${at('net.gate')}?weights=out/model.safetensors&vocabulary=out/model.json`;
  const request = requestOf(id, { precision: 'f16' }, false);
  const reads = new Set<string>();
  const built = async (): Promise<string> =>
    builtBundle(request, cache, {
      reads: (file) => reads.add(file),
      warns: (diagnostics) => expect(diagnostics).toEqual([]),
    });
  const first = await built();
  expect(filesIn(first)).toEqual(filesIn(at('bundle')));
  expect([...reads].sort()).toEqual([at('cells.gate'), at('net.gate'), vocabulary, weights].sort());

  const written = statSync(join(first, 'index.js')).mtimeMs;
  expect(await built()).toBe(first);
  expect(statSync(join(first, 'index.js')).mtimeMs).toBe(written);

  const bytes = readFileSync(weights);
  bytes.set([1], bytes.length - 1);
  writeFileSync(weights, bytes);
  const second = await built();
  expect(second).not.toBe(first);
  writeFileSync(at('cells.gate'), readFileSync(at('cells.gate'), 'utf8').replace('W[x]', '-W[x]'));
  expect([first, second]).not.toContain(await built());
});

it('goes when nobody has asked for it in a month', () => {
  cpSync(at('names.txt'), at('old/then/names.txt'));
  cpSync(at('names.txt'), at('old/now/names.txt'));
  const then = new Date(Date.now() - 40 * 86_400_000);
  utimesSync(at('old/then'), then, then);
  forgetOld(at('old'));
  expect([...filesIn(at('old')).keys()]).toEqual(['now/names.txt']);
});
