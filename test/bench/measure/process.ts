/** A contestant's process, from outside: begun with a task, asked for samples, ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import type { Entrant } from '../peers/contestants.ts';
import type { Answer, Ready, Sample, TaskFile } from '../peers/task-file.ts';
import { checkedCalls, checkedRows } from '../workloads/checked.ts';
import { drawArrays } from '../workloads/draw.ts';
import { training, type Sizes, type Workload } from '../workloads/workloads.ts';

/** Where processes find what they need; emptied at the end. */
export interface Workshop {
  readonly folder: string;
  /** worker.ts as one file of plain JavaScript. */
  readonly worker: string;
  readonly python: string | undefined;
}

/**
 * Bundled, since a loader that compiles TypeScript on the way would change the functions that are
 * timed. `out` is inside the repository, so that packages are found.
 */
export async function openWorkshop(out: string, python: string | undefined): Promise<Workshop> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'run-'));
  const worker = join(folder, 'worker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../peers/worker.ts')],
    outfile: worker,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return { folder, worker, python };
}

export function closeWorkshop({ folder }: Workshop): void {
  rmSync(folder, { recursive: true, force: true });
}

export class ContestantProcess {
  private readonly child: ChildProcess;
  private readonly answers: Answer[] = [];
  private printed = '';
  private ended: string | undefined;
  private wake: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => (this.printed += String(text)));
    }
    const input = child.stdio[3];
    if (input === undefined || input === null || !('readable' in input)) {
      throw new Error('the process has no channel for its answers');
    }
    createInterface({ input }).on('line', (line) => {
      this.answers.push(JSON.parse(line) as Answer);
      this.wake();
    });
    child.on('error', (error) => this.end(error.message));
    // Once its streams are closed, all answers are here.
    child.on('close', (code, signal) => this.end(`ended with ${signal ?? code ?? 'nothing'}`));
    child.stdin?.on('error', () => undefined);
  }

  /** Begins it; an Error with what it said where it cannot do the task. */
  static async begin(
    workshop: Workshop,
    entrant: Entrant,
    { workload, sizes }: { readonly workload: Workload; readonly sizes: Sizes },
  ): Promise<{ readonly process: ContestantProcess; readonly ready: Ready }> {
    const task = taskFile(workshop, entrant, workload, sizes);
    const isPython = entrant.contestant.name === 'pytorch';
    const script = isPython ? join(import.meta.dirname, '../peers/torch_peer.py') : workshop.worker;
    const program = isPython ? (workshop.python ?? 'python3') : process.execPath;
    const threads = String(entrant.threads);
    const child = spawn(program, [script, task], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads },
    });
    const begun = new ContestantProcess(child);
    const ready = await begun.answer(240_000);
    if (!('readyMs' in ready)) throw new Error('it answered out of turn');
    return { process: begun, ready };
  }

  /** Milliseconds of so many calls after `before` others. */
  async sample(before: number, calls: number): Promise<number> {
    this.child.stdin?.write(`${before} ${calls}\n`);
    const sample = await this.answer(240_000);
    return (sample as Sample).ms;
  }

  close(): void {
    this.child.stdin?.end();
    this.child.kill('SIGKILL');
  }

  private end(how: string): void {
    this.ended ??= how;
    this.wake();
  }

  private async answer(milliseconds: number): Promise<Answer> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const found = this.answers.shift();
      if (found !== undefined) {
        if ('failure' in found) throw this.failed(found.failure);
        return found;
      }
      if (this.ended !== undefined) throw this.failed(this.ended);
      const left = deadline - performance.now();
      if (left <= 0) throw this.failed(`no answer within ${milliseconds / 1000} s`);
      await this.change(left);
    }
  }

  private change(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private failed(reason: string): Error {
    this.close();
    const said = this.printed.trim().split('\n').slice(-8).join('\n');
    return new Error(said === '' ? reason : `${reason}\n${said}`);
  }
}

function taskFile(
  { folder }: Workshop,
  { contestant, threads }: Entrant,
  workload: Workload,
  sizes: Sizes,
): string {
  const arrays = join(folder, `${workload.name}.safetensors`);
  if (contestant.name === 'pytorch') {
    writeFileSync(arrays, writeSafetensors(fromNdArrays(drawArrays(workload, sizes))));
  }
  const { mode, cell, layers, inputs } = workload;
  const task: TaskFile = {
    peer: contestant.name,
    workload,
    sizes,
    threads,
    arrays,
    mode,
    cell,
    layers,
    inputs,
    checkedCalls: checkedCalls(workload),
    checkedRows: checkedRows(workload, sizes),
    ...training,
  };
  const file = join(folder, `${workload.name}-${contestant.name}-${threads}.json`);
  writeFileSync(file, JSON.stringify(task));
  return file;
}
