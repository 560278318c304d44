/** A graph as WebAssembly in this process, on threads that all programs of a command share. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { openWasm } from '../../../runtime/devices/open-wasm.ts';
import type { ThreadPool } from '../../../runtime/wasm/thread-pool.ts';
import { openThreads } from '../../../runtime/wasm/threads.ts';
import { emitWasm } from '../../6-emit/wasm/emit.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { kernelProgram, type KernelOptions } from '../../pipeline.ts';
import type { EngineOptions } from '../options.ts';
import { note } from '../output.ts';
import { nodeWorker } from './node-worker.ts';
import { allowRelaxedSimd } from './relaxed.ts';

/** T6401 and T6407 to T6409 from the engine. */
export async function loadWasm(
  graph: Graph,
  kernels: KernelOptions,
  bindings: Bindings,
  { threads = 1, form }: Pick<EngineOptions, 'threads' | 'form'>,
): Promise<Executable> {
  allowRelaxedSimd();
  // Where each run changes the weights, nothing of them is good for the next.
  const prepare = kernels.feeds === undefined;
  const program = kernelProgram(graph, { ...kernels, device: 'simd', prepare });
  return openWasm({
    program,
    module: (best, shared) => emitWasm(program, { form: best, threads: shared, profile: false }),
    ...(form === undefined ? {} : { form }),
    bindings,
    pool: await sharedPool(threads),
    note: tell,
  });
}

/** The same threads for all programs of that many. */
export function sharedPool(threads: number): Promise<ThreadPool | undefined> {
  const pool = pools.get(threads) ?? openThreads(threads, nodeWorker, tell);
  pools.set(threads, pool);
  return pool;
}

const pools = new Map<number, Promise<ThreadPool | undefined>>();

function tell(message: string): void {
  note(`note: ${message}`);
}
