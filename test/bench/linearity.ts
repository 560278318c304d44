/**
 * Whether cost grows as the work does: the flagship on sequences of 16 to 4096 time steps, one at a
 * time, and on batches of 1 to 256 of them, on Gatework's WebAssembly backend. Prints a table each,
 * with the memory that the plan says and what was allocated for it.
 *
 *   npx tsx test/bench/linearity.ts [--threads N] [--reps N] [--most N] [--json]
 */
import { parseArgs } from 'node:util';
import { quartiles } from '../../compiler/cli/bench/measure.ts';
import { table } from '../../compiler/cli/table.ts';
import { gatework } from './peers/gatework.ts';
import type { Call } from './peers/peer.ts';
import { duration, load, machine } from './report/results.ts';
import { drawArrays } from './workloads/draw.ts';
import { workloads, type Sizes, type Workload } from './workloads/workloads.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    reps: { type: 'string', default: '9' },
    most: { type: 'string', default: '4096' },
    json: { type: 'boolean', default: false },
  },
});

interface Point extends Sizes {
  /** Milliseconds, of a call and of a time step or a sequence. */
  readonly ms: number;
  readonly each: number;
  readonly plannedBytes: number;
  readonly allocatedBytes: number;
}

const times = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const workload = flagship();
const most = Number(values.most);
const overTime = await measureAll(
  times.map((time) => ({ batch: 1, time })),
  ({ time }) => time,
);
const overBatch = await measureAll(
  batches.map((batch) => ({ batch, time: 64 })),
  ({ batch }) => batch,
);
const threads = Number(values.threads);
if (values.json) {
  const about = { machine: machine(), node: process.version, load: load(), threads };
  console.log(JSON.stringify({ ...about, overTime, overBatch }, null, 2));
} else {
  console.log(`A time step, B = 1:\n\n${textOf('T', overTime, ({ time }) => time)}\n`);
  console.log(`A sequence, T = 64:\n\n${textOf('B', overBatch, ({ batch }) => batch)}`);
}
// Threads of the pool may still sleep.
process.exit();

function flagship(): Workload {
  const found = workloads.find(({ name }) => name === 'W2a');
  if (found === undefined) throw new Error('the flagship is no workload');
  return found;
}

async function measureAll(
  all: readonly Sizes[],
  count: (sizes: Sizes) => number,
): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const sizes of all.filter((one) => count(one) <= most)) {
    console.error(`T = ${sizes.time}, B = ${sizes.batch} …`);
    const arrays = drawArrays(workload, sizes);
    const opened = await gatework({ workload, sizes, threads: Number(values.threads), arrays });
    const ms = await medianOf(opened.call);
    opened.close();
    const { plannedBytes, allocatedBytes } = opened;
    points.push({ ...sizes, ms, each: ms / count(sizes), plannedBytes, allocatedBytes });
  }
  return points;
}

/** Milliseconds a call; samples of at least 30 ms, after calls that take 200. */
async function medianOf(call: Call): Promise<number> {
  const timed = async (calls: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await call();
    return (performance.now() - start) / calls;
  };
  const end = performance.now() + 200;
  let latest = await timed(1);
  while (performance.now() < end) latest = await timed(1);
  const calls = Math.max(1, Math.ceil(30 / latest));
  const samples: number[] = [];
  while (samples.length < Number(values.reps)) samples.push(await timed(calls));
  return quartiles(samples).median;
}

/** `by` the last one: what the cost settles at. */
function textOf(name: string, points: readonly Point[], count: (sizes: Sizes) => number): string {
  const last = points.at(-1)?.each ?? NaN;
  const rows = points.map((point) => [
    String(count(point)),
    duration(point.ms),
    duration(point.each),
    (point.each / last).toFixed(2),
    kibibytes(point.plannedBytes),
    kibibytes(point.allocatedBytes),
  ]);
  const head = [name, 'call', 'each', 'by the last', 'planned KiB', 'allocated KiB'];
  return table(head, rows, [0, 1, 2, 3, 4, 5]);
}

function kibibytes(bytes: number): string {
  return Math.ceil(bytes / 1024).toLocaleString('en-US');
}
