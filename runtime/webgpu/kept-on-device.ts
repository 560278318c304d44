/**
 * Parameters that stay in a program's memory on the device from run to run. A result that lies
 * where the parameter lies that it feeds is its next value at once; others are copied there at the
 * end of a run. When dimensions of the inputs change, the parameters move to the memory of those.
 */
import type { ArrayForm } from '../artifact/bind.ts';
import { RuntimeFault, type KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { ProgramParameter, ProgramResult } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { bufferUsage } from './flags.ts';
import { known } from './known.ts';
import type { DeviceMemory, TensorPlace } from './memory.ts';
import { MemoryCache } from './memory-cache.ts';
import type { ProgramOnDevice } from './program-on-device.ts';

type Arrays = ReadonlyMap<string, NdArray>;

interface Feed {
  readonly parameter: ProgramParameter;
  /** Absent for a parameter that stays as it is. */
  readonly result: ProgramResult | undefined;
}

export class KeptOnDevice implements KeptState {
  private readonly on: ProgramOnDevice;
  private readonly given: Bindings;
  private readonly feeds: ReadonlyMap<string, Feed>;
  private readonly onClose: () => void;
  private readonly cache = new MemoryCache();
  private readonly forms = new Map<string, ArrayForm>();
  /** Written since the last run, and not on the device yet. */
  private readonly fresh = new Map<string, NdArray>();
  /** Where the parameters are. */
  private memory: DeviceMemory | undefined;

  constructor(
    on: ProgramOnDevice,
    given: Bindings,
    feeds: ReadonlyMap<string, string>,
    onClose: () => void,
  ) {
    const { parameters, results } = on.program;
    this.on = on;
    this.given = given;
    this.onClose = onClose;
    this.feeds = new Map(
      [...feeds].map(([name, from]) => {
        const parameter = parameters.find((p) => p.name === name);
        const result = results.find((r) => r.name === from);
        const feed = {
          parameter: known(parameter, `parameter ${name}`),
          result: from === name ? undefined : known(result, `result ${from}`),
        };
        return [name, feed];
      }),
    );
  }

  get allocatedBytes(): number {
    return this.cache.bytes;
  }

  write(arrays: Arrays): void {
    for (const [name, { dtype, shape, data }] of arrays) {
      if (!this.feeds.has(name)) throw new RuntimeFault('R7004', `${name} is not kept`);
      const copy = data instanceof Float64Array ? Float32Array.from(data) : data.slice();
      this.fresh.set(name, { dtype, shape, data: copy });
      this.forms.set(name, { dtype, shape, data: { length: copy.length } });
    }
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
    this.fresh.clear();
    this.forms.clear();
    this.onClose();
  }

  /** Everything is submitted when this returns its promise. */
  private async runNow(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    this.checkAlive();
    const { on } = this;
    const { parameters, results } = on.program;
    const forms = wanted.map((name) => {
      const result = results.find((r) => r.name === name);
      return known(result, `result ${name}`);
    });
    const bindings = bindProgram(on.program, inputs, this.forms, this.given);
    const old = this.memory;
    const memory = on.memory(this.cache, bindings);
    const moved = [...this.feeds].filter(([name]) => !this.fresh.has(name));
    for (const { name, tensor } of parameters) {
      const array = inputs.get(name) ?? this.fresh.get(name);
      if (array !== undefined) memory.write(tensor, array.data);
    }
    this.fresh.clear();
    this.memory = memory;
    const running = on.run(memory, {
      before: (encoder) => {
        if (old === undefined || old === memory) return;
        for (const [, { parameter }] of moved) {
          copy(encoder, old.place(parameter.tensor), memory.place(parameter.tensor));
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
    const fresh = [...this.fresh].map(([name, array]): [string, NdArray] => [
      name,
      { ...array, data: array.data.slice() },
    ]);
    const { memory, on } = this;
    if (memory === undefined) return new Map(fresh);
    const kept = [...this.feeds.values()].map(({ parameter }) => parameter);
    const wanted = kept.filter(({ name }) => !this.fresh.has(name));
    return new Map([...(await on.submit(memory, { wanted }, false)), ...fresh]);
  }

  /** All are copied aside before one is overwritten: a place may be another result's by now. */
  private feed(encoder: GPUCommandEncoder, memory: DeviceMemory): void {
    const moves = [...this.feeds.values()]
      .flatMap(({ parameter, result }) => {
        if (result === undefined) return [];
        return [{ from: memory.place(result.tensor), to: memory.place(parameter.tensor) }];
      })
      .filter(({ from, to }) => from.offset !== to.offset && from.bytes > 0);
    const bytes = moves.reduce((sum, { from }) => sum + from.bytes, 0);
    if (bytes === 0) return;
    const usage = bufferUsage.copySource | bufferUsage.copyTarget;
    const buffer = this.on.context.device.createBuffer({ label: 'feeds', size: bytes, usage });
    let end = 0;
    const aside = moves.map(({ from }): TensorPlace => {
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

function copy(encoder: GPUCommandEncoder, from: TensorPlace, to: TensorPlace): void {
  if (from.bytes === 0) return;
  encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, from.bytes);
}
