/** Programs as WebAssembly, in one form and on as many threads as the pool that is given has. */
import type { WasmForm } from '../../../runtime/wasm/features.ts';
import type { ThreadPool } from '../../../runtime/wasm/thread-pool.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { emitWasm } from '../../6-emit/wasm/emit.ts';
import { kernelProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs, programOptions } from './compiled-graphs.ts';
import { keptSteps } from './kept-steps.ts';

export interface WasmRunnerOptions {
  readonly form: WasmForm;
  /** One thread, the caller's, without it. */
  readonly pool?: ThreadPool;
}

/** Faults: those of `WasmExecutable`. The pool is the caller's to close. */
export function wasmRunner({ form, pool }: WasmRunnerOptions): GraphRunner {
  const shared = pool === undefined ? {} : { pool };
  const graphs = new CompiledGraphs(async (job, bindings) => {
    // Where each run changes the weights, nothing of them is good for the next.
    const prepare = job.feeds === undefined;
    const program = kernelProgram(job.graph, { ...programOptions(job), device: 'simd', prepare });
    const module = emitWasm(program, { form, threads: pool !== undefined, profile: false });
    return WasmExecutable.create({ program, module, bindings, ...shared });
  });
  return {
    name: wasmName(form, pool?.threads ?? 1),
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    runSteps: async (job) =>
      keptSteps(await graphs.of(job), { ...job, results: job.graph.results }),
    close: () => graphs.close(),
  };
}

export function wasmName(form: WasmForm, threads: number): string {
  return threads === 1 ? `wasm ${form}` : `wasm ${form}, ${threads} threads`;
}
