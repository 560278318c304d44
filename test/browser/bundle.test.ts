/**
 * A bundle in a browser, as static files: in a page, in a worker and in a service worker, on every
 * backend, under policies that forbid WebAssembly, without a GPU, and with one that is lost. It
 * gives the bits of Node everywhere but on the GPU, whose results the accuracy rule judges.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emitWasm } from '../../compiler/6-emit/wasm/emit.ts';
import { targetOf } from '../../compiler/7-bundle/target.ts';
import { present } from '../../compiler/base/bug.ts';
import { compileBundle } from '../../compiler/cli/bundle/compile.ts';
import { bundleFiles } from '../../compiler/cli/bundle/files.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { inferenceGraph } from '../../compiler/pipeline.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { drawer, drawFloats, floats, ints, type Arrays } from '../../compiler/verify/arrays.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type BrowserTask,
  type TestBrowser,
} from '../support/browser.ts';
import { filesOf, loaded, modelOf, type Files } from '../support/bundles.ts';
import type { BundleAnswer, BundleTask } from './pages/bundle.ts';

const [width, classes] = [4, 5];
const lengths = [7, 3];
const examples = lengths.map((length, row) => {
  return [...drawFloats(drawer(row + 1), [length, width]).data];
});
const model = await modelOf('lstm(8) -> dense(5)', { dims: { D: width } });
const web = await filesOf(model);

/** What Node gives on WebAssembly, as bits, of the runs that a page makes. */
async function inNode(files: Files): Promise<number[][][]> {
  const bundle = await loaded(files, 'wasm');
  const runs = [examples, examples, examples.toReversed()].map(async (rows) => {
    const answers = await bundle.run(rows.map((x) => ({ x: Float32Array.from(x) })));
    return (answers as readonly Record<string, Output>[]).map(({ y }) => {
      return [...new Uint32Array(Float32Array.from(y?.data ?? []).buffer)];
    });
  });
  return Promise.all(runs);
}

/** With the WebAssembly of the scalar form in place of SIMD's. */
async function scalarFiles(): Promise<Files> {
  const bundle = compileBundle(model, targetOf('node'), 'f32');
  const wasm = emitWasm(bundle.parts.linear, { form: 'scalar', threads: false, profile: false });
  return bundleFiles(model, { ...bundle, wasm }, { sources: false });
}

/** What is wrong with these bits by the accuracy rule. */
function inaccurate(bits: readonly (readonly number[])[]): string[] {
  const time = Math.max(...lengths);
  const padded = (rows: readonly (readonly number[])[], perStep: number): number[] =>
    rows.flatMap((row) => [...row, ...new Array<number>(time * perStep - row.length).fill(0)]);
  const cut = (results: Arrays): Arrays => {
    const { data = [] } = results.get('y') ?? {};
    const rows = lengths.map((length, row) => {
      const start = row * time * classes;
      return [...data.slice(start, start + length * classes)];
    });
    return new Map([['y', floats([rows.flat().length], rows.flat())]]);
  };
  const [plain, kernels] = [inferenceGraph(model.model), inferenceGraph(model.model, 'kernels')];
  const given = new Map([
    ['x', floats([lengths.length, time, width], padded(examples, width))],
    ['lengths', ints([lengths.length], lengths)],
    ...plain.parameters.flatMap(({ name, role }) => {
      const zeros = new Array<number>(lengths.length * 8).fill(0);
      return role === 'state' ? [[name, floats([lengths.length, 8], zeros)] as const] : [];
    }),
    ...model.weights,
  ]);
  const run = (graph: typeof plain, precision: 'f32' | 'f64'): Arrays =>
    cut(interpret(graph, given, { precision }));
  const found = bits.flatMap((row) => [...new Float32Array(Uint32Array.from(row).buffer)]);
  return inaccuracies(
    new Map([['y', floats([found.length], found)]]),
    [run(plain, 'f32'), run(kernels, 'f32')],
    run(plain, 'f64'),
  );
}

/** As a server has them, under `/model/`. */
function served(files: Files): Record<string, string | Uint8Array> {
  return Object.fromEntries([...files].map(([name, content]) => [`/model/${name}`, content]));
}

const missing = whyNoBrowser();
const places = ['page', 'worker', 'service worker'] as const;
const address = '/model/index.js';

// Service workers import nothing later on.
const serviceScript = `import { load } from '${address}';
import { ask } from '/ask.js';
self.onmessage = ({ data, ports: [port] }) => {
  ask(load, data).then((answer) => port.postMessage({ answer }), (error) => {
    port.postMessage({ error: String(error?.stack ?? error) });
  });
};`;

const servicePage = `export async function main(task) {
  const how = { type: 'module', updateViaCache: 'none' };
  const { installing, waiting, active } = await navigator.serviceWorker.register('/service.js', how);
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => { port1.onmessage = resolve; });
  (installing ?? waiting ?? active).postMessage(task, [port2]);
  const { data } = await answered;
  if ('error' in data) throw new Error(data.error);
  return data.answer;
}`;

describe('a bundle in a browser', { timeout: 120_000 }, () => {
  let browser: TestBrowser | undefined;
  let module = '';
  let node: Readonly<Record<'wasm' | 'javascript', number[][][]>>;
  beforeAll(async () => {
    if (missing !== undefined) return;
    // The first time on a machine the browser is unpacked.
    browser = await openBrowser();
    module = await bundleModule(`export { main, ask } from './test/browser/pages/bundle.ts';`);
    node = {
      wasm: await inNode(web),
      // JavaScript rounds as the scalar form does.
      javascript: await inNode(await scalarFiles()),
    };
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function ask(
    files: Files,
    task: Partial<BundleTask> & { readonly where?: (typeof places)[number] } = {},
    headers: BrowserTask['headers'] = {},
  ): Promise<BundleAnswer> {
    const { where = 'page', ...rest } = task;
    const service = where === 'service worker';
    const own = service ? { '/ask.js': module, '/service.js': serviceScript } : {};
    const answer = await runInBrowser(present(browser, 'a browser'), {
      where: service ? 'page' : where,
      module: service ? servicePage : module,
      argument: { address, examples, ...rest },
      files: { ...served(files), ...own },
      headers,
      milliseconds: 60_000,
    });
    // What `ask` of the page's module gives.
    return answer as unknown as BundleAnswer;
  }

  /** All runs are as they must be on what was in use. */
  function judge({ ok, runs, backends: [first, last] }: BundleAnswer): void {
    expect(ok).toBe(true);
    expect(runs.length).toBe(3);
    runs.forEach((rows, i) => {
      const backend = i === 0 ? first : last;
      if (backend !== 'webgpu') expect(rows).toEqual(node[present(backend, 'a backend')][i]);
      else expect(inaccurate(i < 2 ? rows : rows.toReversed())).toEqual([]);
    });
  }

  const single = (): Promise<Files> => filesOf(model, { target: 'single-file' });
  const worker = (): Promise<Files> => filesOf(model, { target: 'worker' });

  describe.each(places)('in a %s', (where) => {
    it.each(['webgpu', 'wasm', 'javascript'] as const)('runs on %s', async (backend) => {
      const files = where === 'service worker' ? await worker() : web;
      const answer = await ask(files, { where, backend });
      judge(answer);
      expect(answer.backends).toEqual([backend, backend]);
    });

    it('is one module, and takes what there is', async () => {
      const files = new Map([...(await single())].filter(([name]) => name === 'index.js'));
      const answer = await ask(files, { where });
      judge(answer);
      expect(answer.backends).toEqual(['webgpu', 'webgpu']);
    });

    it.each([
      [`'self' 'wasm-unsafe-eval'`, 'wasm'],
      [`'self'`, 'javascript'],
    ] as const)('under script-src %s takes %s', async (script, backend) => {
      const headers = { 'content-security-policy': `default-src 'self'; script-src ${script}` };
      const kinds = where === 'service worker' ? [worker] : [async () => web, single];
      for (const files of kinds) {
        const answer = await ask(await files(), { where, gpu: 'absent' }, headers);
        judge(answer);
        expect(answer.backends).toEqual([backend, backend]);
      }
    });
  });

  it('says that a policy forbids what was asked for', async () => {
    const headers = { 'content-security-policy': `default-src 'self'; script-src 'self'` };
    const failing = ask(web, { backend: 'wasm' }, headers);
    await expect(failing).rejects.toThrow('wasm does not run here');
  });

  it.each(['absent', 'no-adapter', 'refuses', 'lost-at-once'] as const)(
    'takes WebAssembly where the GPU is %s, and says so where a GPU is asked for',
    async (gpu) => {
      const answer = await ask(web, { gpu });
      judge(answer);
      expect(answer.backends).toEqual(['wasm', 'wasm']);
      const failing = ask(web, { gpu, backend: 'webgpu' });
      await expect(failing).rejects.toThrow('webgpu does not run here');
    },
  );

  it.each(['lost-between', 'lost-within'] as const)('takes another GPU: %s', async (gpu) => {
    for (const files of [web, await single()]) {
      const answer = await ask(files, { gpu });
      judge(answer);
      expect(answer.backends).toEqual(['webgpu', 'webgpu']);
      expect(answer.devices).toBe(2);
    }
  });

  it.each(['gone', 'lost-again'] as const)('goes on without a GPU: %s', async (gpu) => {
    const answer = await ask(web, { gpu });
    judge(answer);
    expect(answer.backends).toEqual(['webgpu', 'wasm']);
    const failing = ask(web, { gpu, backend: 'webgpu' });
    await expect(failing).rejects.toThrow(gpu === 'gone' ? 'no GPU adapter' : 'device was lost');
  });
});
