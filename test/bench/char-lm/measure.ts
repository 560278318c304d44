/**
 * Times a training step in the browser: some steps to warm up, then the timed ones, then one whose
 * calls of WebGPU are counted. A step ends when its loss is there as a number.
 */
import type { Report } from './task.ts';

export interface Counts {
  readonly warmUp: number;
  readonly steps: number;
}

/** `device` is the step's own, if it has one: what that refuses is reported, and no exception. */
export async function measure(
  step: () => Promise<number>,
  device: GPUDevice | undefined,
  counts: Counts,
): Promise<Report> {
  const refusals = new Set<string>();
  device?.addEventListener('uncapturederror', ({ error }) => refusals.add(error.message));
  const milliseconds: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < counts.warmUp; i++) losses.push(await step());
  const before = await cpuTime();
  for (let i = 0; i < counts.steps; i++) {
    const start = performance.now();
    losses.push(await step());
    milliseconds.push(performance.now() - start);
  }
  const cpuMilliseconds = ((await cpuTime()) - before) / counts.steps;
  const calls = await countCalls(step);
  return { milliseconds, cpuMilliseconds, losses, ...calls, refusals: [...refusals] };
}

/** The host of the page knows what the processes of the browser have used so far. */
async function cpuTime(): Promise<number> {
  return Number(await (await fetch('/cpu-time')).text());
}

async function countCalls(
  step: () => Promise<number>,
): Promise<Pick<Report, 'dispatches' | 'submits'>> {
  const dispatches = counted(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  const submits = counted(GPUQueue.prototype, 'submit');
  await step();
  return { dispatches: dispatches(), submits: submits() };
}

/** Counts the calls of a method from now on, until it is asked how many there were. */
function counted<Name extends string>(
  prototype: Record<Name, (...given: never[]) => unknown>,
  name: Name,
): () => number {
  const original = prototype[name];
  let count = 0;
  prototype[name] = function (this: unknown, ...given: never[]): unknown {
    count++;
    return original.apply(this, given);
  };
  return () => {
    prototype[name] = original;
    return count;
  };
}
