/** Each backend in turn: what it takes for the subject, or why it could not be asked. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { checkEngine, graphUse, loadEngine } from '../engine.ts';
import type { Backend } from '../options.ts';
import { note } from '../output.ts';
import { progressLine } from '../progress-line.ts';
import { driver } from './driver.ts';
import { measure, type Watch } from './measure.ts';
import type { BenchResult, Measured, Skipped } from './result.ts';
import type { Subject } from './subject.ts';
import type { WasmBenchOptions } from './wasm.ts';
import { flopsOf, workload } from './workload.ts';

export type BenchOptions = WasmBenchOptions;

export interface BenchOutcome {
  readonly results: readonly BenchResult[];
  readonly skipped: readonly Skipped[];
}

export async function benchBackends(
  subject: Subject,
  backends: readonly Backend[],
  options: BenchOptions,
): Promise<BenchOutcome> {
  const results: BenchResult[] = [];
  const skipped: Skipped[] = [];
  const flops = flopsOf(subject);
  for (const backend of backends) {
    try {
      note(`${backend}: measuring …`);
      const line = progressLine();
      const watch: Watch = (calls, last) =>
        line.update(`${backend}: ${calls} calls, the last in ${last.toPrecision(3)} ms`);
      const measuring = measureOn(backend, subject, options, watch);
      const { peak, ...measured } = await measuring.finally(() => line.clear());
      const seconds = measured.median / 1000;
      results.push({
        backend,
        mode: subject.mode,
        ...measured,
        gflops: flops / seconds / 1e9,
        tokensPerSecond: subject.tokens / seconds,
        ...(peak === undefined ? {} : { peak }),
      });
    } catch (error) {
      if (!isOfMachine(error)) throw error;
      const hint = error.hint === undefined ? '' : ` (${error.hint})`;
      skipped.push({ backend, reason: `${error.message}${hint}` });
      note(`note: ${backend} was not run: ${error.message}${hint}`);
    }
  }
  return { results, skipped };
}

async function measureOn(
  backend: Backend,
  subject: Subject,
  options: BenchOptions,
  watch: Watch,
): Promise<Measured & { readonly peak?: number }> {
  checkEngine({ backend, dtype: 'f32' });
  if (backend === 'interpreter' || backend === 'javascript') {
    return measurePlain(backend, subject, options, watch);
  }
  if (backend === 'wasm') {
    const { measureWasm } = await import('./wasm.ts');
    return measureWasm(subject, options, watch);
  }
  const { measureWebgpu, openBenchDevice } = await import('./gpu.ts');
  const { measureGpuPeak } = await import('./peak.ts');
  const on = await openBenchDevice();
  const measured = await measureWebgpu(on, subject, options, watch);
  return { ...measured, peak: await measureGpuPeak(on) };
}

/** By the clock alone. */
async function measurePlain(
  backend: Backend,
  subject: Subject,
  { reps }: BenchOptions,
  watch: Watch,
): Promise<Measured> {
  const { model, mode, bindings } = subject;
  const engine = { backend, dtype: 'f32' } as const;
  const work = await workload(subject, graphUse(engine));
  const feeds = mode === 'train' ? { feeds: work.feeds } : {};
  const executable = await loadEngine(work.graph, engine, { model, bindings, ...feeds });
  return measure(await driver(executable, work), reps, watch);
}

/** What the machine lacks is no fault of the spec. */
function isOfMachine(error: unknown): error is RuntimeFault {
  return error instanceof RuntimeFault && error.code.startsWith('T');
}
