/**
 * A worker thread and the runners that live in it. A runner that is closed while it computes takes
 * the thread with it, which is the only way to end what hangs; the next job begins another.
 */
import type { Worker } from 'node:worker_threads';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { printGraph } from '../../graph/print.ts';
import type { Graph } from '../../graph/types.ts';
import type { Arrays } from '../../verify/arrays.ts';
import type { GraphJob, GraphRunner, StepsJob } from '../../verify/runner.ts';
import { jsName } from '../../verify/runners/js-runner.ts';
import { wasmName } from '../../verify/runners/wasm-runner.ts';
import { beginWorker } from './begin-worker.ts';
import type { FromWorker, RunnerKind, ToWorker } from './worker-words.ts';

interface Waiting {
  readonly resolve: (results: Arrays) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerHost {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private readonly sent = new Map<Graph, number>();
  private jobs = 0;

  runner(kind: RunnerKind): GraphRunner {
    return {
      name: nameOf(kind),
      use: kind.kind === 'interpreter' ? 'interpreter' : 'kernels',
      run: (job) => this.run(kind, job),
      ...(kind.kind === 'interpreter'
        ? {}
        : { runSteps: (job: StepsJob) => this.run(kind, job, job.later) }),
      close: () => {
        if (this.waiting.size > 0) this.stop();
      },
    };
  }

  /** Ends the thread and whatever it computes. */
  stop(): void {
    const { worker } = this;
    this.worker = undefined;
    this.sent.clear();
    this.giveUp('its thread was ended');
    void worker?.terminate();
  }

  private run(runner: RunnerKind, asked: GraphJob, later?: readonly Arrays[]): Promise<Arrays> {
    const { graph, model, inputs, bindings, feeds } = asked;
    const worker = (this.worker ??= this.begin());
    const say = (message: ToWorker): void => worker.postMessage(message);
    const known = this.sent.get(graph);
    const number = known ?? this.sent.size;
    this.sent.set(graph, number);
    if (known === undefined) say({ kind: 'graph', graph: number, text: printGraph(graph) });
    const job = this.jobs++;
    const steps = {
      ...(feeds === undefined ? {} : { feeds }),
      ...(later === undefined ? {} : { later }),
    };
    say({ kind: 'run', job, runner, graph: number, ids: model.inputs, inputs, bindings, ...steps });
    return new Promise((resolve, reject) => this.waiting.set(job, { resolve, reject }));
  }

  private begin(): Worker {
    const worker = beginWorker();
    worker.on('message', (message: FromWorker) => {
      const waiting = this.waiting.get(message.job);
      this.waiting.delete(message.job);
      if ('results' in message) return waiting?.resolve(message.results);
      const { message: text, code, hint } = message.fault;
      waiting?.reject(code === undefined ? new Error(text) : new RuntimeFault(code, text, hint));
    });
    worker.on('error', (error) => {
      if (this.worker === worker) this.worker = undefined;
      this.sent.clear();
      this.giveUp(error.message);
    });
    return worker;
  }

  private giveUp(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
  }
}

function nameOf(kind: RunnerKind): string {
  switch (kind.kind) {
    case 'interpreter':
      return `interpreter ${kind.precision}`;
    case 'kernels':
      return `kernels ${kind.device}`;
    case 'javascript':
      return jsName;
    case 'wasm':
      return wasmName(kind.form, kind.threads);
    default:
      return kind satisfies never;
  }
}
