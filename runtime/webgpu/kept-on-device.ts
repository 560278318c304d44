/**
 * Parameters that stay in a program's memory on the device from run to run. A result that lies
 * where the parameter lies that it feeds is its next value at once; others are copied there at the
 * end of a run. When dimensions of the inputs change, the parameters move to the memory of those.
 */
import { RuntimeFault, type KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { KeptArrays, resultsNamed } from '../session/kept-arrays.ts';
import { copySource, copyTarget } from './flags.ts';
import { known } from '../session/known.ts';
import { MemoryCache } from './memory-cache.ts';
import type { ProgramMemory } from './program-memory.ts';
import type { ProgramOnDevice } from './program-on-device.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export class KeptOnDevice implements KeptState {
  private readonly on: ProgramOnDevice;
  private readonly given: Bindings;
  private readonly kept: KeptArrays;
  private readonly onClose: () => void;
  private readonly cache = new MemoryCache<ProgramMemory>();
  /** Where the parameters are. */
  private memory: ProgramMemory | undefined;

  constructor(
    on: ProgramOnDevice,
    given: Bindings,
    feeds: ReadonlyMap<string, string>,
    onClose: () => void,
  ) {
    this.on = on;
    this.given = given;
    this.onClose = onClose;
    this.kept = new KeptArrays(on.program, feeds);
  }

  get allocatedBytes(): number {
    return this.cache.bytes;
  }

  write(arrays: Arrays): void {
    this.kept.write(arrays);
  }

  /** Faults: those of `run` of the executable; T6405 for good once the device is lost. */
  async run(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    return this.on.begin(() => this.runNow(inputs, wanted));
  }

  async read(): Promise<Arrays> {
    return this.on.begin(() => this.readNow());
  }

  close(): void {
    this.cache.clear();
    this.memory = undefined;
    this.kept.clear();
    this.onClose();
  }

  /** Everything is submitted when this returns its promise. */
  private async runNow(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    this.checkAlive();
    const { on, kept } = this;
    const forms = resultsNamed(on.program, wanted);
    const bindings = bindProgram(on.program, inputs, kept.forms, this.given);
    const old = this.memory;
    const memory = on.memory(this.cache, bindings);
    const moved = [...kept.feeds].filter(([name]) => !kept.fresh.has(name));
    for (const { name, tensor } of on.program.parameters) {
      const array = inputs.get(name) ?? kept.fresh.get(name);
      if (array !== undefined) memory.write(tensor, array.data);
    }
    kept.settle();
    this.memory = memory;
    const running = on.run(memory, {
      before: (encoder) => {
        if (old === undefined || old === memory) return;
        for (const [, { parameter }] of moved) {
          copy(encoder, regionOf(old, parameter), regionOf(memory, parameter));
        }
      },
      wanted: forms,
      after: (encoder) => this.feed(encoder, memory),
    });
    this.cache.trim();
    return running;
  }

  private async readNow(): Promise<Arrays> {
    this.checkAlive();
    const { memory, on, kept } = this;
    const there = [...kept.feeds.values()].map(({ parameter }) => parameter);
    const wanted = memory === undefined ? [] : there.filter(({ name }) => !kept.fresh.has(name));
    // What is written meanwhile comes after what is read here.
    const fresh = kept.values(() => undefined);
    const read = memory === undefined ? [] : await on.submit(memory, { wanted }, false);
    return new Map([...read, ...fresh]);
  }

  /** All are copied aside before one is overwritten: a place may be another result's by now. */
  private feed(encoder: GPUCommandEncoder, memory: ProgramMemory): void {
    const moves = this.kept.moves
      .map(({ parameter, result }) => {
        return { from: regionOf(memory, result), to: regionOf(memory, parameter) };
      })
      .filter(({ from, to }) => from.offset !== to.offset && from.bytes > 0);
    const bytes = moves.reduce((sum, { from }) => sum + from.bytes, 0);
    if (bytes === 0) return;
    const usage = copySource | copyTarget;
    const buffer = this.on.context.device.createBuffer({ label: 'feeds', size: bytes, usage });
    let end = 0;
    const aside = moves.map(({ from }): Region => {
      const place = { ...from, buffer, offset: end };
      end += from.bytes;
      return place;
    });
    moves.forEach(({ from }, i) => copy(encoder, from, known(aside[i], 'place aside')));
    moves.forEach(({ to }, i) => copy(encoder, known(aside[i], 'place aside'), to));
  }

  private checkAlive(): void {
    const { lost } = this.on.context.watch;
    if (lost === undefined) return;
    throw new RuntimeFault(lost.code, `${lost.message}; what it kept is gone`, lost.hint);
  }
}

/** Bytes of a buffer. */
interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

function regionOf(memory: ProgramMemory, { tensor }: { readonly tensor: number }): Region {
  const { element, offset, length } = memory.place(tensor);
  return { buffer: memory.on.arenas[element], offset: 4 * offset, bytes: 4 * length };
}

function copy(encoder: GPUCommandEncoder, from: Region, to: Region): void {
  if (from.bytes === 0) return;
  encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, from.bytes);
}
