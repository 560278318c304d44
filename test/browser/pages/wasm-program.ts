/**
 * Runs in the browser: a small program as WebAssembly, emitted there, on as many threads as the
 * page allows; or on whatever takes its place where there is no WebAssembly.
 */
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { openWasm } from '../../../runtime/devices/open-wasm.ts';
import { formOf, wasmFeatures } from '../../../runtime/wasm/features.ts';
import { pageWorkers } from '../../../runtime/wasm/page-worker.ts';
import { openThreads } from '../../../runtime/wasm/threads.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { recurrence } from '../../unit/runtime-linear/programs.ts';

export interface WasmTask {
  readonly threads: number;
  /** Where the script of a thread is; in a blob if not said. */
  readonly script?: string;
}

export interface WasmAnswer {
  readonly form: string;
  readonly isWasm: boolean;
  readonly threads: number;
  /** Of 200 runs of 3 steps. */
  readonly sum: number;
  readonly notes: readonly string[];
}

export async function main({ threads, script }: WasmTask): Promise<WasmAnswer> {
  const notes: string[] = [];
  const note = (message: string): void => void notes.push(message);
  const pool = await openThreads(threads, pageWorkers(script), note);
  const executable = await openWasm({
    program: recurrence,
    module: (form, shared) => emitWasm(recurrence, { form, threads: shared, profile: false }),
    pool,
    note,
  });
  const kept = await executable.keep?.(new Map([['h', 'next']]));
  if (kept === undefined) throw new Error('nothing can be kept');
  kept.write(new Map([['h', floats([2], [10, 20])]]));
  const inputs = new Map([
    ['w', floats([2], [0.5, 1])],
    ['x', floats([3, 2], [1, 0, 1, 0, 1, 0])],
  ]);
  let sum = NaN;
  for (let i = 0; i < 200; i++) {
    sum = (await kept.run(inputs, ['sum'])).get('sum')?.data[0] ?? NaN;
  }
  kept.close();
  pool?.close();
  const isWasm = executable instanceof WasmExecutable;
  return { form: formOf(wasmFeatures()), isWasm, threads: pool?.threads ?? 1, sum, notes };
}
