/**
 * Eleven models as imports of one app: through the plugin and Vite, webpack and esbuild, in Node,
 * in a page and in a worker each runs as the bundle in its own folder does, and others' checkers of
 * packages find nothing in any of these folders.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { bundleModule, openBrowser, runInBrowser, whyNoBrowser } from '../support/browser.ts';
import { bundlers, filesIn } from '../support/bundlers.ts';
import { writeFiles } from '../support/bundles.ts';
import { attw, publintSays, withTarball } from '../support/package-checks.ts';
import { zoo } from '../support/zoo.ts';

const query = (dims: Readonly<Record<string, number>>): string =>
  ['init=1', ...Object.entries(dims).map(([name, size]) => `dim.${name}=${size}`)].join('&');

/** What each answers to the inputs that it carries, by how far that is from the interpreter. */
const askAll = `async (models) => {
  const answers = {};
  for (const [name, { load }] of Object.entries(models)) {
    const model = await load({ backend: 'wasm' });
    const { ok, results } = await model.selfTest();
    answers[name] = { ok, backend: model.backend, errors: results.map(({ error }) => error) };
    model.close();
  }
  return answers;
}`;

const app = [
  ...zoo.map(({ name, dims }, i) => `import m${i} from './${name}.gate?${query(dims)}';`),
  `globalThis.answers = (${askAll})({`,
  ...zoo.map(({ name }, i) => `  '${name}': m${i},`),
  '});',
].join('\n');

const files = new Map([
  ['package.json', '{ "type": "module" }'],
  ['app/app.js', app],
  ['app/index.html', '<!doctype html><script type="module" src="./app.js"></script>'],
  ...zoo.map(({ name, text }) => [`app/${name}.gate`, text] as const),
]);

const inBrowser = `export async function main({ address, classic }) {
  if (!classic) await import(address);
  else {
    const script = Object.assign(document.createElement('script'), { src: address });
    await new Promise((resolve) => { script.onload = resolve; document.head.append(script); });
  }
  return globalThis.answers;
}`;

const { folder, remove } = writeFiles(files);
const kept = join(folder, 'kept');
const missing = whyNoBrowser();

/** The script of the app after a bundler. */
async function built(name: string): Promise<{ out: string; entry: string }> {
  const bundler = present(bundlers[name], name);
  const out = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(out);
  await bundler.build(join(folder, 'app'), out, { cacheDir: kept });
  const entry = [...filesIn(out).keys()].find((file) => bundler.entry.test(file));
  return { out, entry: present(entry, 'a script') };
}

function folderOf(name: string): string {
  const found = readdirSync(kept).find((one) => one.startsWith(`${name}.gate-`));
  return join(kept, present(found, name));
}

async function inNode(program: string): Promise<unknown> {
  const options = [
    '--input-type=module',
    '-e',
    `${program}\nconsole.log(JSON.stringify(answers));`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 60_000 });
  return JSON.parse(stdout);
}

describe('eleven models', { timeout: 120_000 }, () => {
  let apps: Readonly<Record<string, { out: string; entry: string }>> = {};
  let expected: unknown;
  beforeAll(async () => {
    for (const name of ['esbuild', 'vite', 'webpack for pages']) {
      apps = { ...apps, [name]: await built(name) };
    }
    const imports = zoo.map(({ name }) => {
      const address = pathToFileURL(join(folderOf(name), 'index.js')).href;
      return `'${name}': await import('${address}')`;
    });
    expected = await inNode(`const answers = await (${askAll})({ ${imports.join(', ')} });`);
  }, 240_000);
  afterAll(() => remove());

  it('run in Node, each in its folder', () => {
    const good = { ok: true, backend: 'wasm', errors: expect.any(Array) as unknown };
    expect(expected).toEqual(Object.fromEntries(zoo.map(({ name }) => [name, good])));
  });

  it('run in Node after esbuild', async () => {
    const { out, entry } = present(apps['esbuild'], 'the app');
    const address = pathToFileURL(join(out, entry)).href;
    const found = await inNode(
      `await import('${address}'); const answers = await globalThis.answers;`,
    );
    expect(found).toEqual(expected);
  });

  describe.skipIf(missing !== undefined)('in Chromium', () => {
    it.each([
      ['vite', 'page'],
      ['webpack for pages', 'page'],
      ['esbuild', 'page'],
      ['esbuild', 'worker'],
    ] as const)('run after %s in a %s', async (name, where) => {
      const { out, entry } = present(apps[name], 'the app');
      const all = [...filesIn(out)].map(([file, bytes]) => [`/app/${file}`, bytes] as const);
      const browser = await openBrowser();
      try {
        const found = await runInBrowser(browser, {
          where,
          module: await bundleModule(inBrowser),
          argument: { address: `/app/${entry}`, classic: bundlers[name]?.classic ?? false },
          files: Object.fromEntries(all),
        });
        expect(found).toEqual(expected);
      } finally {
        await browser.close();
      }
    });
  });

  it('are sound packages, each in its folder', async () => {
    for (const { name } of zoo) {
      const bundle = folderOf(name);
      const found = [...(await publintSays(bundle)), ...(await withTarball(bundle, attw))];
      expect([name, found]).toEqual([name, []]);
    }
  });
});
