/**
 * A thread that computes for `verify`: whatever hangs here, in WebAssembly or in a kernel, the
 * command goes on without it. Runs one job after another.
 */
import { parentPort } from 'node:worker_threads';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { openThreads } from '../../../runtime/wasm/threads.ts';
import { readGraph } from '../../graph/read.ts';
import type { Graph } from '../../graph/types.ts';
import type { GraphRunner } from '../../verify/runner.ts';
import { interpreterRunner } from '../../verify/runners/interpreter-runner.ts';
import { jsRunner } from '../../verify/runners/js-runner.ts';
import { kernelRunner } from '../../verify/runners/kernel-runner.ts';
import { wasmRunner } from '../../verify/runners/wasm-runner.ts';
import { importText } from '../js/import-text.ts';
import { nodeWorker } from '../wasm/node-worker.ts';
import { allowRelaxedSimd } from '../wasm/relaxed.ts';
import type { FromWorker, RunnerKind, ToWorker, WorkerFault } from './worker-words.ts';

const graphs = new Map<number, Graph>();
const runners = new Map<string, Promise<GraphRunner>>();
let last: Promise<void> = Promise.resolve();

allowRelaxedSimd();
parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'graph') graphs.set(message.graph, readGraph(message.text));
  else last = last.then(() => answer(message));
});

async function answer(words: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
  const { job, runner, graph, ids, inputs, bindings, feeds, later } = words;
  try {
    const known = graphs.get(graph);
    if (known === undefined) throw new Error(`there is no graph ${graph}`);
    const fed = feeds === undefined ? {} : { feeds };
    const asked = { model: { inputs: ids }, graph: known, inputs, bindings, ...fed };
    const on = await runnerFor(runner);
    const steps = later === undefined ? undefined : on.runSteps?.({ ...asked, later });
    say({ job, results: await (steps ?? on.run(asked)) });
  } catch (error) {
    say({ job, fault: faultOf(error) });
  }
}

function runnerFor(kind: RunnerKind): Promise<GraphRunner> {
  const key = JSON.stringify(kind);
  const found = runners.get(key) ?? open(kind);
  runners.set(key, found);
  return found;
}

async function open(kind: RunnerKind): Promise<GraphRunner> {
  switch (kind.kind) {
    case 'interpreter':
      return interpreterRunner(kind.precision);
    case 'kernels':
      return kernelRunner(kind);
    case 'javascript':
      return jsRunner({ importText });
    case 'wasm': {
      const pool = await openThreads(kind.threads, nodeWorker, (why) => {
        throw new RuntimeFault('T6407', why);
      });
      return wasmRunner({ form: kind.form, ...(pool === undefined ? {} : { pool }) });
    }
    default:
      return kind satisfies never;
  }
}

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function faultOf(error: unknown): WorkerFault {
  if (!(error instanceof RuntimeFault)) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
  const { message, code, hint } = error;
  return { message, code, ...(hint === undefined ? {} : { hint }) };
}
