/** A workload as WebAssembly, and what its program asks of the machine. */
import { formOf, wasmFeatures, type WasmForm } from '../../../runtime/wasm/features.ts';
import type { ThreadPool } from '../../../runtime/wasm/thread-pool.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { layOut } from '../../../runtime/session/layout.ts';
import { emitWasm } from '../../6-emit/wasm/emit.ts';
import { idRanges, kernelProgram } from '../../pipeline.ts';
import { sharedPool } from '../wasm/engine.ts';
import { allowRelaxedSimd } from '../wasm/relaxed.ts';
import { driver, type Call } from './driver.ts';
import { measure, type Watch } from './measure.ts';
import { measurePeak } from './peak.ts';
import { peakProgram, threadsSize } from './peak-program.ts';
import { meanTimes } from './profile.ts';
import type { Measured } from './result.ts';
import type { Subject } from './subject.ts';
import { workload, type Workload } from './workload.ts';

export interface WasmBenchOptions {
  readonly reps: number | undefined;
  readonly profile: boolean;
  readonly threads?: number;
  readonly form?: WasmForm;
}

export async function measureWasm(
  subject: Subject,
  options: WasmBenchOptions,
  watch: Watch,
): Promise<Measured & { readonly peak: number }> {
  const on = await openWasmBench(options);
  const work = await workload(subject, 'kernels');
  const program = programOf(subject, work);
  const executable = await open(program, on, subject, false);
  const call =
    subject.mode === 'stream'
      ? await streamer(executable, work, subject)
      : await driver(executable, work);
  const times = await measure(call, options.reps, watch);
  const bytes = executable.allocatedBytes;
  executable.close();
  const profile = options.profile ? await timeKernels(program, on, subject, work) : undefined;
  return {
    ...times,
    dispatches: layOut({ ...program, prepare: [] }, subject.bindings).dispatches.length,
    kernels: program.kernels.length,
    bytes,
    peak: await peakOf(on),
    ...(profile === undefined ? {} : { profile }),
  };
}

interface WasmBench {
  readonly form: WasmForm;
  readonly pool: ThreadPool | undefined;
}

async function openWasmBench({ threads = 1, form }: WasmBenchOptions): Promise<WasmBench> {
  allowRelaxedSimd();
  return { form: form ?? formOf(wasmFeatures()), pool: await sharedPool(threads) };
}

function programOf({ model, mode }: Subject, work: Workload): Program {
  return kernelProgram(work.graph, {
    ids: idRanges(model),
    // What stays as it is has no next value.
    feeds: new Map([...work.feeds].filter(([name, from]) => name !== from)),
    device: 'simd',
    prepare: mode !== 'train',
  });
}

function open(
  program: Program,
  { form, pool }: WasmBench,
  { bindings }: Pick<Subject, 'bindings'>,
  profile: boolean,
): Promise<WasmExecutable> {
  const module = emitWasm(program, { form, threads: pool !== undefined, profile });
  return WasmExecutable.create({
    program,
    module,
    bindings,
    profile,
    ...(pool === undefined ? {} : { pool }),
  });
}

/** A step as whoever streams would do it: written, run and read in place. */
async function streamer(
  executable: WasmExecutable,
  work: Workload,
  { bindings }: Subject,
): Promise<Call> {
  const session = await executable.session(bindings);
  for (const [name, { data }] of work.kept) session.view(name).set(data);
  session.carry(new Map([...work.feeds].filter(([name, from]) => name !== from)));
  session.prepare();
  const inputs = [...work.inputs(1)].map(([name, { data }]) => ({
    data,
    view: session.view(name),
  }));
  const outputs = work.wanted.map((name) => {
    const view = session.view(name);
    return { view, data: view.slice() };
  });
  return () => {
    for (const { view, data } of inputs) view.set(data);
    session.run();
    for (const { view, data } of outputs) data.set(view);
  };
}

async function timeKernels(program: Program, on: WasmBench, subject: Subject, work: Workload) {
  const executable = await open(program, on, subject, true);
  const times = await meanTimes(await driver(executable, work), () => executable.profile);
  executable.close();
  // What runs only when weights change is no part of a call.
  return times.filter(({ ms }) => ms > 0);
}

async function peakOf(on: WasmBench): Promise<number> {
  const size = threadsSize(on.pool?.threads ?? 1);
  const executable = await open(peakProgram(size), on, { bindings: new Map() }, false);
  const peak = await measurePeak(executable, size);
  executable.close();
  return peak;
}
