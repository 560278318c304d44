/** The backends of this machine, by name, in lanes; and those that it lacks, with the reason. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { formOf, wasmFeatures, type WasmForm } from '../../../runtime/wasm/features.ts';
import { openDevice } from '../../../runtime/webgpu/device.ts';
import type { Backend } from '../../verify/checks/check.ts';
import { backendOf } from '../../verify/local-backends.ts';
import type { Skipped } from '../../verify/outcome.ts';
import type { Oracle } from '../../verify/runner.ts';
import { wasmName } from '../../verify/runners/wasm-runner.ts';
import { adapterLine, openAdapter } from '../gpu/adapter.ts';
import { patienceWith } from '../gpu/forms.ts';
import { note } from '../output.ts';
import { allowRelaxedSimd } from '../wasm/relaxed.ts';
import { pageBackends } from './page/backends.ts';
import { WorkerHost } from './worker-host.ts';

/** The page only where it is asked for: it needs a browser. */
export const families = ['interpreter', 'kernels', 'javascript', 'wasm', 'webgpu', 'page'] as const;

export interface OpenBackends {
  readonly lanes: readonly (readonly Backend[])[];
  readonly skipped: readonly Skipped[];
  readonly oracle: Oracle;
  close(): void;
}

/**
 * Those that `wanted` asks for by name. A thread for each lane, but the GPU, which is its own.
 * `browser` is the file of the page's browser; one is looked for without it.
 */
export async function openBackends(
  wanted: (name: string) => boolean,
  browser?: string,
): Promise<OpenBackends> {
  allowRelaxedSimd();
  const hosts = [new WorkerHost(), new WorkerHost(), new WorkerHost()] as const;
  const [judges, kernels, wasm] = hosts;
  const oracle = {
    f64: judges.runner({ kind: 'interpreter', precision: 'f64' }),
    f32: judges.runner({ kind: 'interpreter', precision: 'f32' }),
  };
  const devices = (['simd', 'software', 'parallel'] as const).map((device) => ({
    device,
    runner: kernels.runner({ kind: 'kernels', device }),
  }));
  const skipped: Skipped[] = [];
  const page = await pageBackends(wanted, browser);
  skipped.push(...page.skipped);
  const lanes = [
    [backendOf(oracle.f64, { isOracle: true }), backendOf(oracle.f32)],
    [
      ...devices.map(({ runner, device }) => backendOf(runner, { kernels: { device } })),
      backendOf(kernels.runner({ kind: 'javascript' }), onProcessor),
    ],
    wasmBackends(wasm, wanted, skipped),
    await webgpuBackends(wanted, skipped),
    page.backends,
  ].map((lane) => lane.filter(({ runner }) => wanted(runner.name)));
  return {
    lanes,
    skipped,
    oracle,
    close: () => {
      for (const host of hosts) host.stop();
      for (const { runner } of lanes.flat()) runner.close?.();
      page.close();
    },
  };
}

const onProcessor = { kernels: { device: 'simd' } } as const;

const forms: readonly WasmForm[] = ['relaxed', 'simd', 'scalar'];

/** Every form, and the best one on two threads and on three. */
function wasmBackends(
  host: WorkerHost,
  wanted: (name: string) => boolean,
  skipped: Skipped[],
): readonly Backend[] {
  const features = wasmFeatures();
  const has = { relaxed: features.relaxed, simd: features.simd, scalar: true };
  const best = formOf(features);
  const without = (name: string, reason: string): [] => {
    if (wanted(name)) skipped.push({ backend: name, reason });
    return [];
  };
  const single = forms.flatMap((form) =>
    has[form]
      ? [backendOf(host.runner({ kind: 'wasm', form, threads: 1 }), onProcessor)]
      : without(wasmName(form, 1), 'this engine has no such instructions'),
  );
  const twin = host.runner({ kind: 'wasm', form: best, threads: 1 });
  const shared = [2, 3].flatMap((threads) =>
    features.threads
      ? [backendOf(host.runner({ kind: 'wasm', form: best, threads }), { ...onProcessor, twin })]
      : without(wasmName(best, threads), 'memory cannot be shared by threads here'),
  );
  return [...single, ...shared];
}

const schedules = ['steps', 'persistent'] as const;

async function webgpuBackends(
  wanted: (name: string) => boolean,
  skipped: Skipped[],
): Promise<readonly Backend[]> {
  const names = schedules.map((schedule) => `webgpu ${schedule}`).filter(wanted);
  if (names.length === 0) return [];
  try {
    const { webgpuRunner } = await import('../../verify/runners/webgpu-runner.ts');
    const found = await openAdapter();
    note(adapterLine(found));
    const device = await openDevice(found.adapter);
    return schedules.map((schedule) => {
      // As the command line has it for a device in software: see gpu/forms.ts.
      const kind = found.software && schedule === 'steps' ? 'software' : 'parallel';
      const timeoutMs = patienceWith(found.software);
      const runner = webgpuRunner({ schedule, device, kind, timeoutMs });
      return backendOf(runner, {
        kernels: { device: kind, schedule },
        keepsNonFinite: false,
        keepsDenormals: false,
      });
    });
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    skipped.push(...names.map((name) => ({ backend: name, reason: error.message + hint })));
    return [];
  }
}
