/**
 * What a thread of a pool runs, as a script of a worker: it has the same modules on the same memory
 * as the caller, and does its share of each run. Between runs it sleeps on a word of shared memory;
 * messages arrive only when the caller tells it to listen. `worker.gen.ts` has this as text.
 */
import {
  abandonRun,
  awaitChange,
  commands,
  fields,
  reasonMost,
  words,
  type FromWorker,
  type ToWorker,
} from './thread-words.ts';
import { wasmHost, type WasmMemory, type WasmModule } from './webassembly.ts';

interface WorkerScope {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
}

type Entry = (...values: readonly number[]) => void;

interface Instance {
  readonly prepare: Entry;
  readonly run: Entry;
  readonly memory: Int32Array;
}

const scope = globalThis as unknown as WorkerScope;
const instances = new Map<number, Instance>();
let control = new Int32Array(new SharedArrayBuffer(4));
let thread = 0;
/** Commands that were seen. */
let epoch = 0;

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'begin':
      control = new Int32Array(data.control);
      thread = data.thread;
      scope.postMessage({ kind: 'ready', instance: 0 });
      break;
    case 'add':
      scope.postMessage(add(data.instance, data.module, data.memory));
      break;
    case 'drop':
      instances.delete(data.instance);
      break;
  }
  serve();
};

function add(instance: number, module: WasmModule, memory: WasmMemory): FromWorker {
  try {
    const host = wasmHost();
    if (host === undefined) throw new Error('there is no WebAssembly in a worker');
    const mark = (): void => undefined;
    const { prepare, run } = new host.Instance(module, { env: { memory, mark } }).exports;
    const entries = { prepare: prepare as Entry, run: run as Entry };
    // Memory that grows keeps its first page where it is.
    instances.set(instance, { ...entries, memory: new Int32Array(memory.buffer) });
    return { kind: 'ready', instance };
  } catch (error) {
    return { kind: 'refused', instance, reason: String(error) };
  }
}

/** Runs commands until one says to listen. */
function serve(): void {
  for (;;) {
    epoch = awaitChange(control, words.epoch, epoch, true, Infinity);
    const kind = at(fields.kind);
    const instance = at(fields.instance);
    const sync = at(fields.sync);
    const values = valuesOf();
    // What the command said may be written over once all have taken it.
    Atomics.add(control, words.taken, 1);
    Atomics.notify(control, words.taken);
    if (kind === commands.listen) return;
    obey(kind, instances.get(instance), sync, values);
  }
}

function at(field: number): number {
  return control[words.command + field] ?? 0;
}

/** What the exports of a module are given. */
function valuesOf(): readonly number[] {
  const values = [
    at(fields.f32Base),
    at(fields.i32Base),
    at(fields.scratch) + thread * at(fields.scratchStride),
    thread,
    at(fields.threads),
    at(fields.sync),
    1,
  ];
  for (let i = 0; i < at(fields.symbolCount); i++) values.push(at(fields.symbols + i));
  return values;
}

function obey(
  kind: number,
  instance: Instance | undefined,
  sync: number,
  values: readonly number[],
): void {
  try {
    if (instance === undefined) throw new Error('the program was dropped');
    if (kind === commands.run) instance.run(...values);
    else instance.prepare(...values);
  } catch (error) {
    fail(String(error));
    if (instance !== undefined) abandonRun(instance.memory, sync);
  }
}

/** The caller finds it once its own share of the run is over. */
function fail(reason: string): void {
  if (Atomics.compareExchange(control, words.failing, 0, thread) !== 0) return;
  const length = Math.min(reason.length, reasonMost);
  for (let i = 0; i < length; i++) control[words.reason + i] = reason.charCodeAt(i);
  control[words.reasonLength] = length;
  Atomics.store(control, words.failed, thread);
}
