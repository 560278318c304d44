/**
 * A bundle of a model in an app that goes through a bundler: what comes out gives the same bits, in
 * Node and in Chromium. Vite and webpack bring the files along that the bundle names by address;
 * after Rollup, esbuild and Vite for servers they are copied by hand, or inlined from the start.
 * With the plugin the app imports the spec itself, and nothing is left behind.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { drawer, drawFloats } from '../../compiler/verify/arrays.ts';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import type { BundleAnswer } from '../browser/pages/bundle.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type TestBrowser,
} from '../support/browser.ts';
import { bundlers, filesIn, type Bundler } from '../support/bundlers.ts';
import { filesOf, loaded, modelOf, writeFiles, type Files } from '../support/bundles.ts';

const examples = [7, 3].map((length, row) => [...drawFloats(drawer(row + 1), [length, 4]).data]);
const model = await modelOf('lstm(8) -> dense(5)', { dims: { D: 4 } });
const web = await filesOf(model);
const forms = {
  web,
  inline: await filesOf(model, { inline: true }),
  spec: new Map<string, string | Uint8Array>([
    ['net.gate', 'lstm(8) -> dense(5)'],
    ['net.safetensors', present(web.get('model.safetensors'), 'the weights')],
  ]),
};
const beside = ['model.wasm', 'model.safetensors', 'golden.safetensors'];

const app = `import { load } from './model/index.js';
globalThis.loadModel = load;
`;
const appOfSpec = `import model, { load } from './model/net.gate?weights=./net.safetensors';
if (model.load !== load) throw new Error('two models');
globalThis.loadModel = load;
`;
const page = '<!doctype html><script type="module" src="./app.js"></script>';

// As scripts of an app are begun, since those of webpack are no modules.
const inPage = `import { ask } from './test/browser/pages/bundle.ts';
export async function main({ classic, ...task }) {
  const script = document.createElement('script');
  if (!classic) script.type = 'module';
  script.src = task.address;
  const done = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error('the script does not load'));
  });
  document.head.append(script);
  await done;
  return ask(globalThis.loadModel, task);
}`;

const inNode = `const [address, backend, examples] = JSON.parse(process.argv[1]);
await import(address);
const model = await globalThis.loadModel({ backend });
const answers = await model.run(examples.map((x) => ({ x: Float32Array.from(x) })));
const bits = answers.map(({ y: { data } }) => [...new Uint32Array(data.slice().buffer)]);
const { ok } = await model.selfTest();
console.log(JSON.stringify({ backend: model.backend, ok, bits }));`;

const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'`;

interface Built {
  readonly folder: string;
  readonly entry: string;
  /** Where the script is, so that files can be put beside it. */
  readonly place: string;
}

const folders: (() => void)[] = [];
/** Bundles of the plugin, for all bundlers that make the same of them. */
const kept = writeFiles(new Map());
afterAll(() => kept.remove());

async function built(bundler: Bundler, files: Files): Promise<Built> {
  const inside = [...files].map(([name, content]) => [`app/model/${name}`, content] as const);
  const isSpec = files === forms.spec;
  const own = [
    ['app/app.js', isSpec ? appOfSpec : app],
    ['app/index.html', page],
    // Of the app that Node is to run.
    ['package.json', '{ "type": "module" }'],
  ] as const;
  const written = writeFiles(new Map([...inside, ...own]));
  const { folder } = written;
  folders.push(() => written.remove());
  const out = join(folder, 'out');
  mkdirSync(out);
  const plugin = isSpec ? { cacheDir: kept.folder } : undefined;
  await bundler.build(join(folder, 'app'), out, plugin);
  const found = [...filesIn(out).keys()].find((name) => bundler.entry.test(name));
  const entry = present(found, 'a script');
  return { folder, entry, place: join(out, entry, '..') };
}

/** By hand, where the bundler leaves them behind. */
function copied({ folder, place }: Built, { follows }: Bundler): void {
  if (follows) return;
  for (const name of beside) cpSync(join(folder, 'app/model', name), join(place, name));
}

async function runInNode({ folder, entry }: Built, backend?: Backend): Promise<unknown> {
  const address = pathToFileURL(join(folder, 'out', entry)).href;
  const task = JSON.stringify([address, backend, examples]);
  const options = ['--input-type=module', '-e', inNode, task];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 30_000 });
  return JSON.parse(stdout);
}

const missing = whyNoBrowser();

describe.each(Object.entries(bundlers))('after %s', { timeout: 120_000 }, (_, bundler) => {
  let [browser, module]: [TestBrowser | undefined, string] = [undefined, ''];
  let apps: Readonly<Record<keyof typeof forms, Built>>;
  let bits: unknown;
  beforeEach((context) => {
    if (missing !== undefined && context.task.name.includes('in a page')) context.skip(missing);
  });
  beforeAll(async () => {
    if (missing === undefined && bundler.places.includes('page')) {
      [browser, module] = [await openBrowser(), await bundleModule(inPage)];
    }
    const bundle = await loaded(forms.web, 'wasm');
    const answers = await bundle.run(examples.map((x) => ({ x: Float32Array.from(x) })));
    bits = (answers as readonly Record<string, Output>[]).map(({ y }) => {
      return [...new Uint32Array(Float32Array.from(y?.data ?? []).buffer)];
    });
    const web = await built(bundler, forms.web);
    const inline = await built(bundler, forms.inline);
    apps = { web, inline, spec: await built(bundler, forms.spec) };
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    for (const remove of folders.splice(0)) remove();
  });

  async function runInPage({ folder, entry }: Built, backend: Backend): Promise<BundleAnswer> {
    const all = [...filesIn(join(folder, 'out'))];
    const files = Object.fromEntries(all.map(([name, bytes]) => [`/app/${name}`, bytes]));
    const task = { address: `/app/${entry}`, classic: bundler.classic ?? false };
    const answer = await runInBrowser(present(browser, 'a browser'), {
      where: 'page',
      module,
      argument: { ...task, backend, examples },
      files,
      headers: { 'content-security-policy': policy },
    });
    // What `ask` of the page's module gives.
    return answer as unknown as BundleAnswer;
  }

  it('nothing is said of the machine that it was built on', () => {
    for (const { folder } of Object.values(apps)) {
      // Some write, in a comment, which file each part of a script is from.
      const texts = [...filesIn(join(folder, 'out')).values()].map((b) =>
        Buffer.from(b)
          .toString()
          .replace(/^\/\/.*$/gm, ''),
      );
      expect(
        texts.filter((text) => /file:\/\/\/?[a-z]/i.test(text) || text.includes(folder)),
      ).toEqual([]);
    }
  });

  it('inlined, it is one script', () => {
    const scripts = [...filesIn(join(apps.inline.folder, 'out')).keys()];
    expect(scripts.filter((name) => name !== 'index.html')).toEqual([apps.inline.entry]);
  });

  if (!bundler.follows) {
    it('files that were left behind are told', async () => {
      const failing = runInNode(await built(bundler, forms.web));
      await expect(failing).rejects.toThrow(/model\.safetensors cannot be read[^]*R7802/);
    });
  }

  if (bundler.places.includes('node')) {
    it('it runs in Node', async () => {
      copied(apps.web, bundler);
      for (const one of Object.values(apps)) {
        expect(await runInNode(one, 'wasm')).toEqual({ backend: 'wasm', ok: true, bits });
        const found = await runInNode(one, 'javascript');
        expect(found).toMatchObject({ backend: 'javascript', ok: true });
      }
    });
  }

  if (bundler.places.includes('page')) {
    it.each(['webgpu', 'wasm', 'javascript'] as const)(
      'it runs in a page on %s',
      async (backend) => {
        copied(apps.web, bundler);
        for (const one of Object.values(apps)) {
          const { ok, backends, runs } = await runInPage(one, backend);
          expect({ ok, backends }).toEqual({ ok: true, backends: [backend, backend] });
          if (backend === 'wasm') expect(runs[0]).toEqual(bits);
        }
      },
    );
  }
});
