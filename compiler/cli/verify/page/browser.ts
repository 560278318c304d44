/**
 * Pages of a headless Chromium with the runtime in them, by the package `playwright-core`, which is
 * installed only by those who want it. Their address leads to no server: what they load is handed
 * to them here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, LaunchOptions, Page } from 'playwright-core';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import type { PageAnswer, PageDoor, PageFeatures } from './words.ts';

export interface OpenBrowser {
  readonly features: PageFeatures;
  /** A page of its own, so that one that hangs can be closed without the others. */
  openPage(): Promise<OpenPage>;
  close(): void;
}

export interface OpenPage {
  /** Calls the page's door; faults are the page's. */
  call<K extends keyof PageDoor>(name: K, ...given: Parameters<PageDoor[K]>): Promise<unknown>;
  close(): void;
}

/** T6403 where there is no browser, or no script for it; the hint says what to do. */
export async function openBrowser(executable: string | undefined): Promise<OpenBrowser> {
  const script = pageScript();
  const { chromium } = await import('playwright-core').catch(() => {
    throw new RuntimeFault(
      'T6403',
      'the package playwright-core is not installed',
      'npm install playwright-core, then npx playwright-core install chromium-headless-shell',
    );
  });
  const begin = (options: LaunchOptions): Promise<Browser> =>
    launched((way) => chromium.launch({ ...options, ...way }), executable);
  let browser = await begin({ args: flags });
  let features = await featuresOf(await pageIn(browser, script));
  if (features.webgpu === undefined) {
    // Chromium's own driver in software, which it uses for WebGPU only where it is told to.
    await browser.close();
    browser = await begin({ args: [...flags, '--use-webgpu-adapter=swiftshader'] });
    features = await featuresOf(await pageIn(browser, script));
  }
  return {
    features,
    openPage: async () => {
      const page = await pageIn(browser, script);
      return {
        call: (name, ...given) => called(page, name, given),
        close: () => void page.close().catch(() => undefined),
      };
    },
    close: () => void browser.close().catch(() => undefined),
  };
}

// /dev/shm is small in containers.
const flags = ['--enable-unsafe-webgpu', '--disable-dev-shm-usage'];

/** Ctrl-C ends the command, which ends the browser. */
const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

/** The browser that is named, else playwright's own, else a Chrome of the machine. */
async function launched(
  launch: (way: LaunchOptions) => Promise<Browser>,
  executable: string | undefined,
): Promise<Browser> {
  const ways: readonly LaunchOptions[] =
    executable === undefined ? [{}, { channel: 'chrome' }] : [{ executablePath: executable }];
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      return await launch({ ...way, ...signals, timeout: 30_000 });
    } catch (error) {
      reasons.push(firstLine(error));
    }
  }
  throw new RuntimeFault(
    'T6403',
    `no browser can be begun: ${reasons.join('; ')}`,
    'npx playwright-core install chromium-headless-shell, or name one: --browser PATH',
  );
}

/** Of this machine itself, which counts as a safe origin, so that the page may use WebGPU. */
const address = 'http://localhost/';

async function pageIn(browser: Browser, script: string): Promise<Page> {
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Gatework</title>' }),
  );
  await page.goto(address, { timeout: 10_000 });
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction('globalThis.gatework !== undefined', undefined, { timeout: 10_000 });
  return page;
}

async function featuresOf(page: Page): Promise<PageFeatures> {
  // What `features` of in-page.ts gives.
  const features = (await called(page, 'features', [])) as PageFeatures;
  await page.close();
  return features;
}

async function called(page: Page, name: string, given: readonly unknown[]): Promise<unknown> {
  const words = given.map((value) => JSON.stringify(value)).join(', ');
  const answer = await page.evaluate<PageAnswer<unknown>>(`globalThis.gatework.${name}(${words})`);
  if ('value' in answer) return answer.value;
  const { message, code, hint } = answer.fault;
  throw code === undefined ? new Error(message) : new RuntimeFault(code, message, hint);
}

/** As build.js writes it, in the package that this module is of. */
function pageScript(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const file = join(at, 'dist/compiler/cli/verify/page.js');
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (dirname(at) === at || existsSync(join(at, 'package.json'))) break;
  }
  throw new RuntimeFault('T6403', 'the script for the page is not built', 'npm run build');
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}
