/**
 * A device for tests: it runs programs that are written by hand, keeps their parameters, counts
 * what goes there and comes back, answers late, and is lost when a test says so. What it does it
 * does in the order of the calls, as a queue of commands.
 */
import {
  RuntimeFault,
  type Executable,
  type KeptState,
} from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface ToyDeviceOptions {
  /** The device is lost at the first event for which this is true. */
  readonly lose?: (event: string) => boolean;
  /** What the results of a step wait for; by default the event loop's next turn. */
  readonly hold?: (step: number, device: ToyDevice) => Promise<void>;
}

export class ToyDevice {
  /** In order: `PROGRAM open`, then `write NAME,…`, `run STEP`, `back STEP`, `read`, `close`. */
  readonly events: string[] = [];
  /** By program, the names of all inputs that went to a run. */
  readonly sent = new Map<string, Set<string>>();
  /** By program, the names of all results that came back from a run. */
  readonly returned = new Map<string, Set<string>>();
  private readonly options: ToyDeviceOptions;
  private lost = false;

  constructor(options: ToyDeviceOptions = {}) {
    this.options = options;
  }

  program(name: string, inner: Executable): Executable {
    return {
      run: () => Promise.reject(new Error('all parameters went through the host')),
      keep: async (feeds) => {
        this.note(`${name} open`);
        return this.keep(name, inner, feeds);
      },
      close: () => this.events.push(`${name} closed`),
    };
  }

  /** Resolves when the event happens, or has happened. */
  async happened(event: string): Promise<void> {
    while (!this.events.includes(event)) await new Promise((resolve) => setImmediate(resolve));
  }

  /** How many events begin with these words. */
  count(words: string): number {
    return this.events.filter((e) => e === words || e.startsWith(`${words} `)).length;
  }

  private keep(name: string, inner: Executable, feeds: ReadonlyMap<string, string>): KeptState {
    const kept = new Map<string, NdArray>();
    let queue: Promise<unknown> = Promise.resolve();
    let runs = 0;
    const enqueue = <T>(command: () => T | Promise<T>): Promise<T> => {
      const done = queue.then(command);
      queue = done.catch(() => undefined);
      return done;
    };
    return {
      write: (arrays) => {
        for (const parameter of arrays.keys()) {
          if (!feeds.has(parameter)) throw new Error(`${parameter} is not kept`);
        }
        this.note(`${name} write ${[...arrays.keys()].join()}`);
        const copies = copied(arrays);
        void enqueue(() => copies.forEach((array, parameter) => kept.set(parameter, array)));
      },
      run: async (inputs, wanted) => {
        const step = inputs.get('step')?.data[0] ?? ++runs;
        this.note(`${name} run ${step}`);
        this.sent.set(name, new Set([...(this.sent.get(name) ?? []), ...inputs.keys()]));
        for (const input of inputs.keys()) {
          if (feeds.has(input)) throw new Error(`${input} is kept and was sent`);
        }
        const results = await enqueue(() => advance(inner, inputs, kept, feeds));
        await this.late(step);
        this.note(`${name} back ${step}`);
        this.returned.set(name, new Set([...(this.returned.get(name) ?? []), ...wanted]));
        return copied(new Map(wanted.map((result) => [result, need(results, result)])));
      },
      read: async () => {
        this.note(`${name} read`);
        const arrays = await enqueue(() => copied(kept));
        return arrays;
      },
      close: () => this.events.push(`${name} close`),
    };
  }

  /** Notes what happens, unless the device is gone or goes with it. */
  private note(event: string): void {
    this.lost ||= this.options.lose?.(event) === true;
    if (this.lost) throw new RuntimeFault('T6405', `the device was lost at: ${event}`);
    this.events.push(event);
  }

  private late(step: number): Promise<void> {
    return this.options.hold?.(step, this) ?? new Promise((resolve) => setImmediate(resolve));
  }
}

async function advance(
  inner: Executable,
  inputs: Arrays,
  kept: Map<string, NdArray>,
  feeds: ReadonlyMap<string, string>,
): Promise<Arrays> {
  for (const parameter of feeds.keys()) need(kept, parameter);
  const results = await inner.run(new Map([...inputs, ...kept]));
  for (const [parameter, result] of feeds) {
    if (parameter !== result) kept.set(parameter, need(results, result));
  }
  return results;
}

function need(arrays: Arrays, name: string): NdArray {
  const array = arrays.get(name);
  if (array === undefined) throw new Error(`the toy device has no ${name}`);
  return array;
}

function copied(arrays: Arrays): Map<string, NdArray> {
  return new Map([...arrays].map(([name, a]) => [name, { ...a, data: a.data.slice() }]));
}
