/**
 * Chromium for tests: the headless build that @sparticuz/chromium carries, with WebGPU on its
 * SwiftShader, driven by playwright-core. It needs no GPU, no browser and no libraries of the
 * machine, and shows nothing. What is run is a bundled module, in a page or in a worker of it;
 * arguments and results are JSON. Every wait has a bound, after which it throws.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A browser that is open until `close`. */
export interface TestBrowser {
  /** `143.0.7499.0`. */
  readonly version: string;
  /** An empty page of its own, at the origin of a server or elsewhere. */
  openPage(url: string): Promise<Page>;
  close(): Promise<void>;
}

export interface BrowserTask {
  readonly where: 'page' | 'worker';
  /** Text of a module that exports `main(argument)`, as `bundleModule` makes it. */
  readonly module: string;
  readonly argument: Json;
  /** What the module may fetch or import besides, as for `servePage`. */
  readonly files?: Files;
  /** Of every answer, such as a policy. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `main` as a whole; 30 s if not said. */
  readonly milliseconds?: number;
}

/** Texts and bytes under their paths (`/module.js`); a function is asked at each request. */
export type Files = Readonly<Record<string, string | Uint8Array | (() => string)>>;

export interface PageServer {
  /** `http://127.0.0.1:40123`, where a page counts as secure and so may use WebGPU. */
  readonly origin: string;
  close(): Promise<void>;
}

const flags = [
  // Chromium's own sandbox needs rights that containers and root do not have.
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // /dev/shm is small in containers.
  '--disable-dev-shm-usage',
];

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Undefined where the browser can run; otherwise why it cannot. */
export function whyNoBrowser(): string | undefined {
  const { platform, arch } = process;
  if (platform === 'linux' && arch === 'x64') return undefined;
  return `the browser of the tests is for linux on x64, and this is ${platform} on ${arch}`;
}

/** With the GPU in software that it brings along, or with none at all. */
export async function openBrowser(gpu = true): Promise<TestBrowser> {
  const folder = await unpacked();
  const browser = await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: gpu ? flags : [...flags.filter((flag) => !/gpu/.test(flag)), '--disable-gpu'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
    timeout: 30_000,
  });
  return {
    version: browser.version(),
    openPage: (url) => openPage(browser, url),
    // By itself kills a browser that has not closed after 30 s.
    close: () => within(40_000, 'closing the browser', browser.close()),
  };
}

/**
 * The browser as one file that anybody can begin: a script in the folder that brings its libraries
 * and its driver for WebGPU along.
 */
export async function browserScript(folder: string): Promise<string> {
  const home = await unpacked();
  const [file, driver] = [join(folder, 'chromium.sh'), '--use-webgpu-adapter=swiftshader'];
  const lines = [
    '#!/bin/sh',
    `export LD_LIBRARY_PATH='${join(home, 'al2023/lib')}'`,
    `export FONTCONFIG_PATH='${join(home, 'fonts')}'`,
    `exec '${join(home, 'chromium')}' ${driver} "$@"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}

/**
 * Imports the task's module in a new page, or in a module worker of one, and gives what its `main`
 * returns or resolves to. Throws what `main` throws, followed by what stood on the page's console,
 * where WebGPU says what it did not like. Numbers that JSON cannot hold arrive as null.
 */
export async function runInBrowser(browser: TestBrowser, task: BrowserTask): Promise<Json> {
  const { where, module, argument, files = {}, headers = {}, milliseconds = 30_000 } = task;
  const own = {
    '/module.js': module,
    '/argument.json': JSON.stringify(argument),
    '/answer.js': answerScript,
    '/worker.js': workerScript,
  };
  const server = await servePage({ ...files, ...own }, headers);
  try {
    const page = await browser.openPage(server.origin);
    const said: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    try {
      const work = page.evaluate<unknown>(where === 'page' ? askPage : askWorker);
      return answerOf(await within(milliseconds, `main in the ${where}`, work));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error([message, ...said].join('\n'), { cause: error });
    } finally {
      await within(10_000, 'closing the page', page.context().close());
    }
  } finally {
    await server.close();
  }
}

/**
 * One module for a browser, from TypeScript source whose imports are seen from the root of the
 * repository: `export { main } from './test/browser/pages/double.ts'`. Stays in memory.
 */
export async function bundleModule(entrySource: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entrySource, resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'chrome140',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map((file) => file.text).join('\n');
}

/** Serves files on a free port of this machine alone, and an empty page under `/`. */
export async function servePage(
  files: Files,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  const all = new Map(
    Object.entries<Files[string]>({ '/': emptyPage, '/favicon.ico': '', ...files }),
  );
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const content = all.get(path);
    const type = contentTypes[extname(path)] ?? 'text/html; charset=utf-8';
    const status = content === undefined ? 404 : 200;
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(typeof content === 'function' ? content() : content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening', { signal: AbortSignal.timeout(10_000) });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close', { signal: AbortSignal.timeout(10_000) });
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const emptyPage = '<!doctype html><meta charset="utf-8"><title>Gatework</title>';

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

// The same in a page and in a worker. The worker imports the module only once it runs, since an
// import that fails at the top of a worker is an event without a message.
const answerScript = `
export async function answer() {
  try {
    const { main } = await import('./module.js');
    const argument = await (await fetch('./argument.json')).json();
    return { result: JSON.stringify(await main(argument)) };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
}`;

const workerScript = `import { answer } from './answer.js'; postMessage(await answer());`;

const askPage = `import('/answer.js').then(({ answer }) => answer())`;

const askWorker = `new Promise((resolve) => {
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
  worker.onerror = ({ message }) => resolve({ error: 'the worker failed: ' + message });
})`;

function answerOf(answer: unknown): Json {
  if (typeof answer !== 'object' || answer === null) throw new Error('the page gave no answer');
  if ('error' in answer) throw new Error(String(answer.error));
  const result = 'result' in answer ? answer.result : undefined;
  if (typeof result !== 'string') throw new Error('main gave nothing that JSON can hold');
  // JSON.parse gives JSON.
  return JSON.parse(result) as Json;
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await within(10_000, 'opening a page', browser.newContext());
  const page = await within(10_000, 'opening a page', context.newPage());
  await page.goto(url, { timeout: 10_000 });
  return page;
}

async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} took more than ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The folder with the unpacked browser, once for each installation of the package. The package
 * unpacks into the temporary folder, file by file, and takes a half-written file for a whole one.
 * So a process of its own unpacks into a fresh folder, which gets its name when it is complete;
 * where two test files come at the same time, the second one finds the name taken.
 */
async function unpacked(): Promise<string> {
  const home = join(
    dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
    '../..',
  );
  // The package's own file, whose form is known.
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const cache = join(home, '../../.cache');
  const folder = join(cache, `sparticuz-chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  try {
    const program = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      // With the name of a host that has as few libraries as a container, it unpacks those too.
      env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      timeout: 120_000,
    });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
