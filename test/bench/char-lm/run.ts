/**
 * Times one training step of a small language model in one session of the tests' browser: with
 * TensorFlow.js in several ways, and with Gatework. Prints JSON. `npx tsx
 * test/bench/char-lm/run.ts [--steps N] [--warm-up N] [--only NAME]…`, names as in the output.
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  type Files,
  type Json,
  type TestBrowser,
} from '../../support/browser.ts';
import { browserCpuTime } from './cpu-time.ts';
import { compileTask } from './gatework-program.ts';
import type { Counts } from './measure.ts';
import { firstLoss, sizes, type Report } from './task.ts';
import type { TensorFlowRun, Variant } from './tfjs-page.ts';

interface Contestant {
  readonly name: string;
  readonly run: (browser: TestBrowser, counts: Counts) => Promise<Report>;
}

const variants: readonly Variant[] = [
  'trainOnBatch',
  'fit',
  'minimize',
  'variableGrads',
  'variableGrads, one submit',
  'trainOnBatch, tf.oneHot',
];

const contestants: readonly Contestant[] = [
  ...variants.map((variant) => tensorFlow(`tfjs webgpu: ${variant}`, 'webgpu', variant)),
  tensorFlow('tfjs cpu: trainOnBatch', 'cpu', 'trainOnBatch'),
  { name: 'gatework webgpu', run: runGatework },
];

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
  },
});
await main();

async function main(): Promise<void> {
  const counts = { warmUp: Number(values['warm-up']), steps: Number(values.steps) };
  const wanted = contestants.filter(({ name }) => values.only?.includes(name) ?? true);
  const browser = await openBrowser();
  const results: object[] = [];
  for (const contestant of wanted) results.push(await resultOf(contestant, browser, counts));
  await browser.close();
  const [cpu] = cpus();
  const machine = `${cpus().length} cores, ${cpu?.model ?? 'unknown'}`;
  const tensorFlowVersion = versionOf('@tensorflow/tfjs-backend-webgpu');
  const about = { date: new Date().toISOString(), machine, chromium: browser.version };
  console.log(
    JSON.stringify({ ...about, tfjs: tensorFlowVersion, sizes, counts, results }, null, 2),
  );
}

async function resultOf(
  { name, run }: Contestant,
  browser: TestBrowser,
  counts: Counts,
): Promise<object> {
  console.error(`${name} …`);
  try {
    const report = await run(browser, counts);
    const milliseconds = report.milliseconds.map(rounded);
    const cpuMilliseconds = rounded(report.cpuMilliseconds);
    // Others at work on the machine make every number here larger.
    const [load = NaN] = loadavg();
    return {
      name,
      median: median(milliseconds),
      ...report,
      milliseconds,
      cpuMilliseconds,
      load: rounded(load),
      // A contestant for whom this is false has computed something else.
      agrees: Math.abs((report.losses[0] ?? NaN) - firstLoss) < 1e-4,
      refusals: report.refusals.slice(0, 3),
    };
  } catch (error) {
    return { name, failure: error instanceof Error ? error.message : String(error) };
  }
}

function tensorFlow(name: string, backend: 'webgpu' | 'cpu', variant: Variant): Contestant {
  return {
    name,
    run: (browser, counts) => {
      const argument: TensorFlowRun = { backend, variant, ...counts };
      const files = {
        '/tf.min.js': packaged('@tensorflow/tfjs', 'dist/tf.min.js'),
        '/tf-backend-webgpu.min.js': packaged(
          '@tensorflow/tfjs-backend-webgpu',
          'dist/tf-backend-webgpu.min.js',
        ),
      };
      return runPage(browser, 'tfjs-page', { ...argument }, files);
    },
  };
}

async function runGatework(browser: TestBrowser, counts: Counts): Promise<Report> {
  // A program is plain data: what JSON makes of it is the same again.
  const argument = JSON.parse(JSON.stringify({ ...compileTask(), ...counts })) as Json;
  return runPage(browser, 'gatework-page', argument);
}

/** What the `main` of a page of this folder reports. */
async function runPage(
  browser: TestBrowser,
  name: string,
  argument: Json,
  files: Files = {},
): Promise<Report> {
  const found = await runInBrowser(browser, {
    where: 'page',
    module: await bundleModule(`export { main } from './test/bench/char-lm/${name}.ts';`),
    argument,
    files: { ...files, '/cpu-time': () => String(browserCpuTime()) },
    milliseconds: 900_000,
  });
  // Each page's `main` gives a Report, and JSON holds it whole.
  return found as unknown as Report;
}

function packaged(name: string, file: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, '../node_modules', name, file));
}

function versionOf(name: string): unknown {
  const file: unknown = JSON.parse(packaged(name, 'package.json').toString());
  return typeof file === 'object' && file !== null && 'version' in file ? file.version : undefined;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return rounded((low + high) / 2);
}

function rounded(number: number): number {
  return Math.round(number * 10) / 10;
}
