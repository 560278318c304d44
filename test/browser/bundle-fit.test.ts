/**
 * A bundle that is trained in a page: on the processor with the bits of the command line, on a GPU
 * as the accuracy rule judges, and whatever happens to that GPU on the way.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import type { EngineOptions } from '../../compiler/cli/options.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { drawer, drawFloats, type Arrays } from '../../compiler/verify/arrays.ts';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import { fromNdArrays, toNdArrays } from '../../runtime/tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../../runtime/tensors/safetensors.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type TestBrowser,
} from '../support/browser.ts';
import { filesOf, modelOf, type Files } from '../support/bundles.ts';
import { trainIn, Workshop } from '../support/training-runs.ts';
import type { FitAnswer, FitTask } from './pages/fit.ts';

const spec = `model sums {
  input x: float[T, 2]
  input total: float[1]
  output sum = x -> gru(3) -> last -> dense(1)
  loss mse(sum, total)
  train sgd(rate = 0.1, momentum = 0.9), clipNorm = 1
}
`;
const [rows, time, steps] = [1, 5, 6];
const x = drawFloats(drawer(1), [rows, time, 2]);
const total = drawFloats(drawer(2), [rows, 1]);
const examples = [{ x: [...x.data], total: [...total.data] }];
const address = '/model/index.js';
const missing = whyNoBrowser();
const places: readonly [FitTask['gpu'], Backend, number][] = [
  [undefined, 'webgpu', 2],
  [{ lostAfter: 2, forGood: false }, 'webgpu', 4],
  [{ lostAfter: 3, forGood: true }, 'wasm', 2],
];

describe('fit in a page', { timeout: 120_000 }, () => {
  const workshop = new Workshop();
  let browser: TestBrowser | undefined;
  let module = '';
  let files: Files = new Map();
  beforeAll(async () => {
    if (missing !== undefined) return;
    browser = await openBrowser();
    module = await bundleModule(`export { main } from './test/browser/pages/fit.ts';`);
    files = await filesOf(await modelOf(workshop.file('sums.gate', spec), { train: true }));
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    await browser?.close();
    workshop.remove();
  });

  async function fitted(
    task: Partial<Omit<FitTask, 'examples'>>,
    script = `'wasm-unsafe-eval'`,
  ): Promise<FitAnswer> {
    const served = [...files].map(([name, content]) => [`/model/${name}`, content] as const);
    const policy = `default-src 'self'; script-src 'self' ${script}`;
    const answer = await runInBrowser(present(browser, 'a browser'), {
      where: 'page',
      module,
      argument: { address, examples, steps, ...task },
      files: Object.fromEntries(served),
      headers: { 'content-security-policy': policy },
      milliseconds: 60_000,
    });
    // What the page's module gives.
    return answer as unknown as FitAnswer;
  }

  async function byCommandLine(engine: EngineOptions): Promise<Arrays> {
    const data = writeSafetensors(fromNdArrays(new Map(Object.entries({ x, total }))));
    const out = workshop.path(`${engine.backend}-${engine.dtype}`);
    const { result } = await trainIn({
      spec: workshop.path('sums.gate'),
      data: workshop.file('data.safetensors', data),
      out,
      flags: { steps, validation: 0 },
      engine,
    });
    return new Map([...result.weights, ...result.optimizer]);
  }

  const arraysOf = ({ saved }: FitAnswer): Arrays =>
    toNdArrays(readSafetensors(Uint8Array.from(saved), 'saved').tensors);

  it.each([
    ['wasm', `'wasm-unsafe-eval'`],
    ['javascript', ''],
  ] as const)('without a GPU it is on %s under script-src %s', async (backend, script) => {
    const answer = await fitted({ gpu: 'absent' }, script);
    expect(answer.backends).toEqual([backend, backend]);
    expect(answer.same).toBe(true);
    const expected = await byCommandLine({ backend: 'wasm', dtype: 'f32', form: 'simd' });
    expect(arraysOf(answer)).toEqual(expected);
  });

  it.each(places)('on a GPU that is %o', async (gpu, backend, devices) => {
    const answer = await fitted(gpu === undefined ? {} : { gpu });
    expect(answer.backends).toEqual(['webgpu', backend]);
    expect(answer.same).toBe(true);
    expect(answer.devices).toBeGreaterThanOrEqual(devices);
    const [exact, rough] = await Promise.all([
      byCommandLine({ backend: 'interpreter', dtype: 'f64' }),
      byCommandLine({ backend: 'interpreter', dtype: 'f32' }),
    ]);
    const kernels = await byCommandLine({ backend: 'wasm', dtype: 'f32', form: 'scalar' });
    expect(inaccuracies(arraysOf(answer), [rough, kernels], exact)).toEqual([]);
  });
});
