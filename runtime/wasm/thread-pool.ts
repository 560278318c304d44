/**
 * Threads that share the work of each run: the caller's, and workers with the same modules on the
 * same memory. One pool may serve any number of programs, whose runs come one after another. A
 * worker that fails or ends is found out at the latest when it does not take the next command; the
 * others are then ended too, and every further run is a fault.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import { syncWords, type LinearLayout } from '../linear/layout.ts';
import { threadFault } from './faults.ts';
import {
  abandonRun,
  awaitChange,
  commands,
  controlBytes,
  fields,
  symbolsMost,
  words,
  type FromWorker,
  type ToWorker,
} from './thread-words.ts';
import type { WasmMemory, WasmModule } from './webassembly.ts';

/** A worker that runs `worker.ts`, in whatever way the host has them. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  /** Whether an answer is waited for, so that the process must not end; else it may. */
  hold?(isAwaited: boolean): void;
}

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** It has failed or ended, by itself or because it was told to. */
  ended(reason: string): void;
}

/** Begins a worker. */
export type CreateWorker = (events: WorkerEvents) => WorkerPort;

/** A program's module on one memory, in all threads. */
export interface PoolInstance {
  /** `entry` is the caller's own. Faults: T6408 where the program traps, T6409. */
  call(name: 'prepare' | 'run', layout: LinearLayout, entry: (...values: number[]) => void): void;
  /** Faults: T6409 where a thread has ended. */
  requireThreads(): void;
  close(): void;
}

interface Waiting {
  readonly instance: number;
  missing: number;
  resolve(): void;
  reject(fault: RuntimeFault): void;
}

export class ThreadPool {
  /** The caller's among them. */
  readonly threads: number;
  private readonly control = new Int32Array(new SharedArrayBuffer(controlBytes));
  private readonly workers: readonly WorkerPort[];
  /** Whether the caller's thread may sleep, as that of a page may not. */
  private readonly mayWait = maySleep();
  private readonly waiting = new Set<Waiting>();
  private instances = 0;
  private broken: RuntimeFault | undefined;

  private constructor(threads: number, createWorker: CreateWorker) {
    this.threads = threads;
    this.workers = Array.from({ length: threads - 1 }, (_, i) =>
      createWorker({
        message: (message) => this.hear(message),
        ended: (reason) => this.end(threadFault(`thread ${i + 1}: ${reason}`)),
      }),
    );
  }

  /** Faults: T6409 where a worker does not begin. */
  static async open(threads: number, createWorker: CreateWorker): Promise<ThreadPool> {
    const pool = new ThreadPool(threads, createWorker);
    const { buffer } = pool.control;
    const begun = pool.answers(0);
    pool.workers.forEach((worker, i) => {
      worker.postMessage({ kind: 'begin', control: buffer, thread: i + 1 });
    });
    await begun;
    return pool;
  }

  /** Faults: T6409. */
  async add(module: WasmModule, memory: WasmMemory): Promise<PoolInstance> {
    const instance = ++this.instances;
    const added = this.answers(instance);
    // Where it cannot even be asked for, that is the fault.
    added.catch(() => undefined);
    this.tell({ kind: 'add', instance, module, memory });
    await added;
    const ints = new Int32Array(memory.buffer);
    let turn = 0;
    return {
      call: (name, layout, entry) => {
        turn = 1 - turn;
        const sync = syncWords[turn === 0 ? 0 : 1];
        Atomics.store(ints, sync / 4, 0);
        this.publish(commands[name], instance, layout, sync);
        this.share(layout, entry, ints, sync);
      },
      requireThreads: () => {
        if (this.broken !== undefined) throw this.broken;
      },
      close: () => {
        if (this.broken === undefined) this.tell({ kind: 'drop', instance });
      },
    };
  }

  /** Ends the workers. */
  close(): void {
    this.end(threadFault('the threads were closed'));
  }

  /** The caller's part of a run. */
  private share(
    layout: LinearLayout,
    entry: (...values: number[]) => void,
    memory: Int32Array,
    sync: number,
  ): void {
    const { f32Base, i32Base, scratch, symbols } = layout;
    const mayWait = this.mayWait ? 1 : 0;
    try {
      entry(f32Base, i32Base, scratch, 0, this.threads, sync, mayWait, ...symbols);
    } catch (error) {
      abandonRun(memory, sync);
      throw error;
    }
    if (Atomics.load(this.control, words.failed) !== 0) throw this.end(this.failure());
  }

  /** Returns once all workers have taken it; nobody looks at an earlier command any more then. */
  private publish(kind: number, instance = 0, layout?: LinearLayout, sync = 0): void {
    if (this.broken !== undefined) throw this.broken;
    const { control } = this;
    this.set(fields.kind, kind);
    this.set(fields.instance, instance);
    this.set(fields.threads, this.threads);
    this.set(fields.sync, sync);
    if (layout !== undefined) this.setLayout(layout);
    Atomics.store(control, words.taken, 0);
    Atomics.add(control, words.epoch, 1);
    Atomics.notify(control, words.epoch);
    this.awaitWorkers();
  }

  private setLayout({ f32Base, i32Base, scratch, scratchStride, symbols }: LinearLayout): void {
    if (symbols.length > symbolsMost) throw new Error(`${symbols.length} symbols are too many`);
    this.set(fields.f32Base, f32Base);
    this.set(fields.i32Base, i32Base);
    this.set(fields.scratch, scratch);
    this.set(fields.scratchStride, scratchStride);
    this.set(fields.symbolCount, symbols.length);
    for (let i = 0; i < symbols.length; i++) this.set(fields.symbols + i, symbols[i] ?? 0);
  }

  private set(field: number, value: number): void {
    this.control[words.command + field] = value;
  }

  private awaitWorkers(): void {
    const { control, mayWait } = this;
    const deadline = performance.now() + patience;
    let taken = Atomics.load(control, words.taken);
    while (taken < this.workers.length) {
      const milliseconds = deadline - performance.now();
      if (milliseconds <= 0) {
        const missing = this.workers.length - taken;
        throw this.end(threadFault(`${missing} did not answer within ${patience / 1000} s`));
      }
      taken = awaitChange(control, words.taken, taken, mayWait, milliseconds);
    }
  }

  /** A message to all, which look at it at once. */
  private tell(message: ToWorker): void {
    this.publish(commands.listen);
    for (const worker of this.workers) worker.postMessage(message);
  }

  /** When all workers have said that they are ready for an instance. */
  private answers(instance: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) return reject(this.broken);
      this.waiting.add({ instance, missing: this.workers.length, resolve, reject });
      for (const worker of this.workers) worker.hold?.(true);
    });
  }

  private settled(waiting: Waiting): void {
    this.waiting.delete(waiting);
    if (this.waiting.size === 0) for (const worker of this.workers) worker.hold?.(false);
  }

  private hear(message: FromWorker): void {
    for (const waiting of this.waiting) {
      if (waiting.instance !== message.instance) continue;
      if (message.kind === 'refused') {
        this.settled(waiting);
        waiting.reject(threadFault(message.reason));
      } else if (--waiting.missing === 0) {
        this.settled(waiting);
        waiting.resolve();
      }
    }
  }

  private failure(): RuntimeFault {
    const { control } = this;
    const thread = Atomics.load(control, words.failed);
    const length = Atomics.load(control, words.reasonLength);
    const reason = String.fromCharCode(...control.subarray(words.reason, words.reason + length));
    return threadFault(`thread ${thread}: ${reason}`);
  }

  /** The first fault stays; it is given back. */
  private end(fault: RuntimeFault): RuntimeFault {
    if (this.broken !== undefined) return this.broken;
    this.broken = fault;
    for (const waiting of this.waiting) waiting.reject(fault);
    this.waiting.clear();
    for (const worker of this.workers) worker.terminate();
    return fault;
  }
}

/** How long a worker may take to take a command, in milliseconds: on a busy machine some. */
const patience = 20_000;

function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
