/**
 * `gatework verify --backends page`: programs of the compiler, run by the runtime in a headless
 * browser, hold what all backends hold. Needs `npm run build`, which makes the page's script.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pageBackends } from '../../compiler/cli/verify/page/backends.ts';
import { CasePoint } from '../../compiler/verify/case-point.ts';
import { localOracle } from '../../compiler/verify/local-backends.ts';
import type { CaseData } from '../../compiler/verify/verify-case.ts';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { browserScript, whyNoBrowser } from '../support/browser.ts';
import { gatework } from '../support/command-line.ts';
import { plainTraining, subjectOf } from '../support/verify-subjects.ts';

const missing = whyNoBrowser();
const folder = mkdtempSync(join(tmpdir(), 'gatework-test-'));

describe('verify in a page', { timeout: 280_000 }, () => {
  let browser = '';
  beforeAll(async () => {
    // The first time on a machine the browser is unpacked.
    if (missing === undefined) browser = await browserScript(folder);
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a row for WebAssembly and one for WebGPU', () => {
    const limits = ['--runs', '1', '--time', '200s', '--browser', browser];
    const run = gatework('verify', 'rnn(2)', '--backends', 'page', ...limits);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    for (const name of ['page wasm', 'page webgpu']) {
      // Values, gradients and training were all there.
      expect(run.stdout).toMatch(new RegExp(`^${name} +1 ✓ \\S+ +1 ✓ \\S+ +2 ✓ \\S+ +\\d`, 'm'));
    }
    expect(run.stdout).toMatch(/: all held\n$/);
  });

  it('begins a page again that was closed, and hands on faults with their code', async () => {
    const data: CaseData = {
      ...{ seed: 5, time: 3, lengths: [3, 1], widths: [2, 3, 1], weightScale: 1 },
      ...{ numbers: 'ordinary', states: true, training: plainTraining },
    };
    const point = new CasePoint(subjectOf('lstm(2)'), data, localOracle());
    const page = await pageBackends((name) => name === 'page wasm', browser);
    try {
      const [backend] = page.backends;
      if (backend === undefined) throw new Error('a backend expected');
      const { runner } = backend;
      const first = await point.run(runner, 'values');
      runner.close?.();
      expect(await point.run(runner, 'values')).toEqual(first);
      const job = { ...point.jobFor(runner, 'values'), inputs: new Map() };
      const error: unknown = await runner.run(job).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(RuntimeFault);
      expect(error).toMatchObject({ code: 'R7002' });
    } finally {
      page.close();
    }
  });
});
