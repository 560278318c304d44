/** Threads that do one program together: each dispatch sees what the one before it wrote. */
import { afterAll, describe, expect, test } from 'vitest';
import { Worker } from 'node:worker_threads';
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { required } from '../../support/op-runs.ts';
import { forms } from '../../support/wasm-runs.ts';

/** Each element is made of its neighbours of the turn before, so that a late thread shows. */
const program = readProgram(`program waves {
  symbols N, T
  memory f32[2 * N] i32[0]

  tensor a: f32[N] at 0
  tensor b: f32[N] at N

  parameter a: float[N] input in a

  result r: float[N] in a

  kernel turn workgroup(1, 1, 1) {
    buffer from: f32 read
    buffer "to": f32 write
    size N
    let i: i32 = workgroup.x
    let left: f32 = from[(i + N - 1) % N]
    let right: f32 = from[(i + 1) % N]
    "to"[i] = (left + from[i] * 2.0 + right) * 0.25 + 1.0
  }

  repeat t to T {
    dispatch turn(from: a, "to": b) sizes(N: N) groups(N, 1, 1) step t
    dispatch turn(from: b, "to": a) sizes(N: N) groups(N, 1, 1) step t
  }
}
`);

/** Runs a module on memory as one of several threads, as often as it is told to. */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', (args) => {
  exports.run(...args);
  parentPort.postMessage('done');
});
`;

const most = 3;
const pool: Worker[] = [];

afterAll(async () => {
  await Promise.all(pool.map((worker) => worker.terminate()));
});

const sync = 16;
const f32 = 64;

async function waves(
  workers: readonly Worker[],
  memory: SharedArrayBuffer,
  [n, turns]: readonly [number, number],
  mayWait: 0 | 1,
): Promise<Float32Array> {
  const numbers = new Float32Array(memory, f32, 2 * n);
  numbers.forEach((_, i) => (numbers[i] = (i * 37) % 101));
  new Int32Array(memory)[sync / 4] = 0;
  const done = workers.map(
    (worker) => new Promise<void>((resolve) => worker.once('message', () => resolve())),
  );
  workers.forEach((worker, thread) => {
    worker.postMessage([f32, f32, 0, thread, workers.length, sync, mayWait, n, turns]);
  });
  await Promise.all(done);
  return numbers.slice(0, n);
}

describe.each(forms)('%s', (form) => {
  test('the bits do not depend on how many threads there are, nor on how they wait', async () => {
    const host = required(wasmHost());
    const module = await host.compile(emitWasm(program, { form, threads: true, profile: false }));
    const memory = new host.Memory({ initial: 2, maximum: 4, shared: true });
    if (!(memory.buffer instanceof SharedArrayBuffer)) throw new Error('memory is not shared');
    const own = Array.from({ length: most }, () => {
      return new Worker(script, { eval: true, workerData: { module, memory } });
    });
    pool.push(...own);
    for (const size of [
      [103, 20],
      [2, 40],
      [1, 5],
    ] as const) {
      const wanted = await waves(own.slice(0, 1), memory.buffer, size, 0);
      expect(new Set(wanted).size).toBeGreaterThan(size[0] > 2 ? 10 : 0);
      for (const threads of [2, most]) {
        // Three that never sleep would get in each other's way on two cores.
        for (const mayWait of threads === 2 ? ([1, 0] as const) : ([1] as const)) {
          const found = await waves(own.slice(0, threads), memory.buffer, size, mayWait);
          expect(found, `${threads} threads`).toEqual(wanted);
        }
      }
    }
  });
});

test('a run that is given up is waited for no longer', async () => {
  const host = required(wasmHost());
  const options = { form: 'simd', threads: true, profile: false } as const;
  const module = await host.compile(emitWasm(program, options));
  const memory = new host.Memory({ initial: 1, maximum: 4, shared: true });
  const words = new Int32Array(memory.buffer);
  const worker = new Worker(script, { eval: true, workerData: { module, memory } });
  pool.push(worker);
  const done = new Promise<void>((resolve) => worker.once('message', () => resolve()));
  // The second thread never comes.
  worker.postMessage([f32, f32, 0, 0, 2, sync, 1, 8, 4]);
  while ((Atomics.load(words, sync / 4) & 0x7fffffff) < 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  Atomics.store(words, sync / 4, 2 ** 30);
  Atomics.notify(words, sync / 4);
  await done;
});
