/**
 * One workload, all entrants: each in a process of its own, checked first, warmed up, and then
 * timed in rounds, one sample of each a round, so that whatever else the machine does hits all
 * alike.
 */
import { quartiles } from '../../../compiler/cli/bench/measure.ts';
import type { Entrant } from '../peers/contestants.ts';
import type { PeerName } from '../peers/task-file.ts';
import { largestDifference, tolerance } from '../workloads/checked.ts';
import { reference } from '../workloads/reference.ts';
import type { Sizes, Workload } from '../workloads/workloads.ts';
import { ContestantProcess, type Workshop } from './process.ts';

export interface Plan {
  readonly workshop: Workshop;
  readonly reps: number;
  /** How long calls are made before the first sample, and how long a sample is. */
  readonly warmUpMs: number;
  readonly sampleMs: number;
  /** Whether all may begin together, as they may where times do not matter. */
  readonly together: boolean;
}

/** Milliseconds a call. */
export interface Timing {
  readonly workload: string;
  readonly peer: PeerName;
  readonly threads: number;
  readonly about: string;
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly reps: number;
  readonly callsPerSample: number;
  readonly gflops: number;
  /** From weights in memory to the first result: loading, compiling, the first call. */
  readonly readyMs: number;
  /** The largest difference from the interpreter in f64. */
  readonly difference: number;
}

export interface Absence {
  readonly workload: string;
  readonly peer: PeerName;
  readonly threads: number;
  readonly reason: string;
}

export interface Subject {
  readonly workload: Workload;
  readonly sizes: Sizes;
  /** Of a call. */
  readonly gflop: number;
}

export interface Measured {
  readonly timings: readonly Timing[];
  readonly failures: readonly Absence[];
}

export async function measureWorkload(
  { workload, sizes, gflop }: Subject,
  entrants: readonly Entrant[],
  plan: Plan,
): Promise<Measured> {
  const expected = await reference(workload, sizes);
  const failures: Absence[] = [];
  const attempt = async (entrant: Entrant): Promise<Started | undefined> => {
    try {
      return await start(entrant, workload, sizes, expected, plan);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { contestant, threads } = entrant;
      failures.push({ workload: workload.name, peer: contestant.name, threads, reason });
      return undefined;
    }
  };
  const begun: (Started | undefined)[] = [];
  if (plan.together) begun.push(...(await Promise.all(entrants.map(attempt))));
  else for (const entrant of entrants) begun.push(await attempt(entrant));
  const started = begun.filter((one) => one !== undefined);
  try {
    await rounds(started, plan.reps);
  } finally {
    for (const { process } of started) process.close();
  }
  return { timings: started.map((one) => timingOf(one, workload, gflop)), failures };
}

interface Started {
  readonly entrant: Entrant;
  readonly process: ContestantProcess;
  readonly about: string;
  readonly readyMs: number;
  readonly difference: number;
  /** Calls of a sample, and calls before it that fill the caches again. */
  readonly calls: number;
  readonly before: number;
  /** Milliseconds a call, by sample. */
  readonly samples: number[];
}

async function start(
  entrant: Entrant,
  workload: Workload,
  sizes: Sizes,
  expected: readonly number[],
  { workshop, warmUpMs, sampleMs }: Plan,
): Promise<Started> {
  const { process, ready } = await ContestantProcess.begin(workshop, entrant, { workload, sizes });
  const difference = largestDifference(ready.numbers, expected);
  if (difference > tolerance(workload)) {
    process.close();
    throw new Error(`its numbers are off by ${difference.toPrecision(2)}: it is not timed`);
  }
  const perCall = await warmUp(process, warmUpMs);
  const calls = Math.max(1, Math.round(sampleMs / perCall));
  // A call that takes long is its own warm-up.
  const before = perCall > sampleMs ? 0 : Math.ceil(calls / 5);
  const { about, readyMs } = ready;
  return { entrant, process, about, readyMs, difference, calls, before, samples: [] };
}

/** More and more calls at once, until they have taken long enough; milliseconds a call at last. */
async function warmUp(process: ContestantProcess, milliseconds: number): Promise<number> {
  let spent = 0;
  for (let calls = 1; ; calls *= 2) {
    const took = await process.sample(0, calls);
    spent += took;
    if (spent >= milliseconds) return Math.max(took / calls, 1e-6);
  }
}

async function rounds(started: readonly Started[], reps: number): Promise<void> {
  for (let round = 0; round < reps; round++) {
    for (let i = 0; i < started.length; i++) {
      // Nobody is always the first after the same other one.
      const one = started[(i + round) % started.length];
      if (one === undefined) continue;
      await pause();
      one.samples.push((await one.process.sample(one.before, one.calls)) / one.calls);
    }
  }
}

/** Threads of the one before go on spinning for a while. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

function timingOf(one: Started, { name }: Workload, gflop: number): Timing {
  const { entrant, about, readyMs, difference, calls, samples } = one;
  const { median, p25, p75 } = quartiles(samples);
  return {
    workload: name,
    peer: entrant.contestant.name,
    threads: entrant.threads,
    about,
    median,
    p25,
    p75,
    reps: samples.length,
    callsPerSample: calls,
    gflops: (1000 * gflop) / median,
    readyMs,
    difference,
  };
}
