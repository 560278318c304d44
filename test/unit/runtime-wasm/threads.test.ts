/** Threads: the same bits as one alone, and no thread that waits for one that is gone. */
import { afterAll, describe, expect, test } from 'vitest';
import { nodeWorker } from '../../../compiler/cli/wasm/node-worker.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import {
  ThreadPool,
  type CreateWorker,
  type WorkerEvents,
} from '../../../runtime/wasm/thread-pool.ts';
import { openThreads } from '../../../runtime/wasm/threads.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { given, moduleBytes, op } from './modules.ts';
import {
  affine,
  counting,
  exchange,
  open,
  packed,
  recurrence,
} from '../runtime-linear/programs.ts';

const pools: ThreadPool[] = [];
afterAll(() => {
  for (const pool of pools) pool.close();
});

async function poolOf(threads: number, create: CreateWorker = nodeWorker): Promise<ThreadPool> {
  const pool = await ThreadPool.open(threads, create);
  pools.push(pool);
  return pool;
}

const shared = poolOf(2);

const steps = (count: number, value: number): Map<string, NdArray> =>
  new Map([['x', floats([count, 2], new Array<number>(2 * count).fill(value))]]);

const start = new Map([
  ['w', floats([2], [0.5, 0.25])],
  ['h', floats([2], [10, 20])],
]);

/** No thread goes on before all have come here, or one has given up the run. */
const meet = [
  ...[...op.local(given.sync), ...op.int(1), ...op.atomicAdd, 0x1a],
  ...op.whileTrue([
    ...[...op.local(given.sync), ...op.atomicLoad],
    ...[...op.local(given.threads), ...op.lessInt],
  ]),
];

describe('threads', () => {
  test.each([2, 3])('%i give the bits that one gives', async (threads) => {
    const pool = threads === 2 ? await shared : await poolOf(threads);
    for (const program of [recurrence, affine]) {
      const [alone, together] = [await open(program), await open(program, { pool })];
      for (const size of [1, 5, 0, 10_001]) {
        const inputs = program === recurrence ? new Map([...start, ...steps(size, 0.3)]) : of(size);
        expect(await together.run(inputs)).toEqual(await alone.run(inputs));
      }
    }
  });

  test('keep parameters, prepare, and run in place', async () => {
    const pool = await shared;
    const kept = await (await open(recurrence, { pool })).keep(new Map([['h', 'next']]));
    kept.write(new Map([['h', floats([2], [10, 20])]]));
    const w = floats([2], [1, 2]);
    for (const value of [1, 2, 3]) await kept.run(new Map([['w', w], ...steps(1, value)]), []);
    expect([...((await kept.read()).get('h')?.data ?? [])]).toEqual([16, 171]);
    const session = await (await open(packed, { pool })).session(new Map([['T', 3]]));
    session.view('w').set([1]);
    session.prepare();
    for (let i = 0; i < 2000; i++) {
      session.view('x').fill(i);
      session.run();
      expect(session.view('y')[2]).toBe(2 * i);
    }
  });

  test('have registers of their own', async () => {
    const rows = 400;
    const options = { pool: await shared, bindings: new Map([['B', rows]]) };
    const session = await (await open(counting, options)).session();
    const expected = Float32Array.from({ length: rows }, (_, row) => row + 1000);
    for (let i = 0; i < 10; i++) {
      session.view('y').fill(0);
      session.run();
      expect(session.view('y')).toEqual(expected);
    }
  });

  test('sleep when there is nothing to do, and wake', async () => {
    const session = await (await open(exchange, { pool: await shared })).session();
    for (let i = 1; i <= 3; i++) {
      session.run();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(session.view('a')[0]).toBe(2 * i);
    }
  });

  test('are told to forget a program that is closed', async () => {
    const pool = await shared;
    for (let i = 0; i < 5; i++) {
      const executable = await open(exchange, { pool });
      await executable.run(pair());
      executable.close();
    }
    const results = await (await open(exchange, { pool })).run(pair());
    expect([...(results.get('b next')?.data ?? [])]).toEqual([3]);
  });

  test('are none where there is to be one, or where none can begin', async () => {
    const notes: string[] = [];
    const note = (message: string): void => void notes.push(message);
    expect(await openThreads(1, nodeWorker, note)).toBeUndefined();
    const refusing: CreateWorker = (events) => {
      queueMicrotask(() => events.ended('blocked by the policy'));
      return { postMessage: () => undefined, terminate: () => undefined };
    };
    expect(await openThreads(2, refusing, note)).toBeUndefined();
    expect(notes).toEqual([expect.stringMatching(/blocked by the policy.*there is one thread/)]);
  });
});

describe('a thread', () => {
  const traps = [...op.local(given.thread), ...op.when(...op.unreachable), ...meet];

  test('that traps in a run is told of, and the others end', async () => {
    const pool = await poolOf(3);
    const module = moduleBytes({ run: traps, shared: true });
    const executable = await WasmExecutable.create({ program: exchange, module, pool });
    const fault = await faultOfAsync(() => executable.run(pair()));
    expect(fault.code).toBe('T6409');
    expect(fault.message).toMatch(/^a thread has ended.*: thread [12]: RuntimeError: unreachable$/);
    const later = await faultOfAsync(() => executable.run(pair()));
    expect(later.message).toBe(fault.message);
    expect((await faultOfAsync(() => open(affine, { pool }))).code).toBe('T6409');
  });

  test('of the caller that traps leaves the others alive', async () => {
    const pool = await shared;
    const onlyFirst = [...op.local(given.thread), ...op.int(0), ...op.equalInt];
    const run = [...onlyFirst, ...op.when(...op.unreachable), ...meet];
    const module = moduleBytes({ run, shared: true });
    const executable = await WasmExecutable.create({ program: exchange, module, pool });
    expect((await faultOfAsync(() => executable.run(pair()))).code).toBe('T6408');
    const sound = await open(exchange, { pool });
    expect((await sound.run(pair())).get('b next')?.data).toEqual(Float32Array.of(3));
  });

  test('that is ended from outside is told of before the next run', async () => {
    const ended: (() => void)[] = [];
    const pool = await poolOf(2, (events: WorkerEvents) => {
      const port = nodeWorker(events);
      ended.push(() => port.terminate());
      return port;
    });
    const executable = await open(exchange, { pool });
    await executable.run(pair());
    for (const end of ended) end();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const fault = await faultOfAsync(() => executable.run(pair()));
    expect(fault.code).toBe('T6409');
    expect(fault.message).toMatch(/thread 1: its worker ended with status 1/);
  });

  test('that is refused a module says why', async () => {
    // Its memory may become larger than that of the pool.
    const module = moduleBytes({ shared: true, runName: 'go' });
    const created = WasmExecutable.create({ program: exchange, module, pool: await shared });
    expect((await faultOfAsync(() => created)).code).toBe('T6408');
  });
});

function pair(): ReadonlyMap<string, NdArray> {
  return new Map([
    ['a', floats([1], [1])],
    ['b', floats([1], [1])],
  ]);
}

function of(count: number): ReadonlyMap<string, NdArray> {
  const all = Array.from({ length: count }, (_, i) => i);
  return new Map<string, NdArray>([
    ['x', floats([count], all)],
    ['flag', { dtype: 'bool', shape: [count], data: Uint8Array.from(all, (i) => i % 2) }],
    ['n', { dtype: 'int', shape: [count], data: Int32Array.from(all, (i) => i % 10) }],
  ]);
}
