/** Each backend in turn: what it takes for the subject, or why it could not be asked. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { checkEngine, loadEngine } from '../engine.ts';
import type { Backend } from '../options.ts';
import { note } from '../output.ts';
import { driver } from './driver.ts';
import { measure } from './measure.ts';
import type { BenchResult, Measured, Skipped } from './result.ts';
import type { Subject } from './subject.ts';
import { flopsOf, workload } from './workload.ts';

export interface BenchOptions {
  readonly reps: number | undefined;
  readonly profile: boolean;
}

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
      const { peak, ...measured } = await measureOn(backend, subject, options);
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
): Promise<Measured & { readonly peak?: number }> {
  checkEngine({ backend, dtype: 'f32' });
  if (backend !== 'webgpu') return measureInterpreter(subject, options);
  const { measureWebgpu, openBenchDevice } = await import('./gpu.ts');
  const { measurePeak } = await import('./peak.ts');
  const on = await openBenchDevice();
  const measured = await measureWebgpu(on, subject, options);
  return { ...measured, peak: await measurePeak(on) };
}

async function measureInterpreter(subject: Subject, { reps }: BenchOptions): Promise<Measured> {
  const { model, bindings } = subject;
  const work = await workload(subject, 'interpreter');
  const engine = { backend: 'interpreter', dtype: 'f32' } as const;
  const executable = await loadEngine(work.graph, engine, { model, bindings });
  return measure(await driver(executable, work), reps);
}

/** What the machine lacks is no fault of the spec. */
function isOfMachine(error: unknown): error is RuntimeFault {
  return error instanceof RuntimeFault && error.code.startsWith('T');
}
