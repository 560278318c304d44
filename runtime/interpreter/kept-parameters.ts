/**
 * Parameters that stay in a program's memory from run to run. A result that lies where the
 * parameter lies that it feeds is its next value at once; others are copied there after a run. When
 * the dimensions of the inputs change, memory is laid out anew and the parameters move.
 */
import type { ArrayForm } from '../artifact/bind.ts';
import { RuntimeFault, type KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { ProgramParameter, ProgramResult } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { ProgramMemory, type CompiledProgram } from './program-memory.ts';
import { known } from './scope.ts';

interface Feed {
  readonly parameter: ProgramParameter;
  /** Absent for a parameter that stays as it is. */
  readonly result: ProgramResult | undefined;
}

export class KeptParameters implements KeptState {
  private readonly compiled: CompiledProgram;
  private readonly given: Bindings;
  private readonly feeds: ReadonlyMap<string, Feed>;
  private readonly forms = new Map<string, ArrayForm>();
  /** Written since the last run, and not in memory yet. */
  private readonly fresh = new Map<string, NdArray>();
  private memory: ProgramMemory | undefined;

  constructor(compiled: CompiledProgram, given: Bindings, feeds: ReadonlyMap<string, string>) {
    const { parameters, results } = compiled.program;
    this.compiled = compiled;
    this.given = given;
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

  write(arrays: ReadonlyMap<string, NdArray>): void {
    for (const [name, { dtype, shape, data }] of arrays) {
      if (!this.feeds.has(name)) throw new RuntimeFault('R7004', `${name} is not kept`);
      const copy = data instanceof Float64Array ? Float32Array.from(data) : data.slice();
      this.fresh.set(name, { dtype, shape, data: copy });
      this.forms.set(name, { dtype, shape, data: { length: copy.length } });
    }
  }

  run(
    inputs: ReadonlyMap<string, NdArray>,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, NdArray>> {
    return new Promise((resolve) => {
      resolve(this.runNow(inputs, wanted));
    });
  }

  read(): Promise<ReadonlyMap<string, NdArray>> {
    return Promise.resolve(this.values());
  }

  close(): void {
    this.memory = undefined;
    this.fresh.clear();
    this.forms.clear();
  }

  private runNow(
    inputs: ReadonlyMap<string, NdArray>,
    wanted: readonly string[],
  ): ReadonlyMap<string, NdArray> {
    const { parameters, results } = this.compiled.program;
    const bindings = bindProgram(this.compiled.program, inputs, this.forms, this.given);
    const memory = this.memoryFor(bindings);
    for (const parameter of parameters) {
      const array = inputs.get(parameter.name);
      if (array !== undefined) memory.write(parameter, array);
    }
    memory.run();
    const found = wanted.map((name): [string, NdArray] => {
      const result = results.find((r) => r.name === name);
      return [name, memory.read(known(result, `result ${name}`))];
    });
    this.feed(memory);
    return new Map(found);
  }

  /** All are read before one is written: a parameter's place may be another result's by now. */
  private feed(memory: ProgramMemory): void {
    const elsewhere = [...this.feeds.values()].flatMap(({ parameter, result }) => {
      if (result === undefined || result.tensor === parameter.tensor) return [];
      return [{ parameter, result }];
    });
    const next = elsewhere.map(({ result }) => memory.read(result));
    elsewhere.forEach(({ parameter }, i) => {
      memory.write(parameter, known(next[i], `value of ${parameter.name}`));
    });
  }

  /** Memory for these bindings in which the kept parameters have their values. */
  private memoryFor(bindings: Bindings): ProgramMemory {
    const old = this.memory?.servesNext(bindings) === true ? this.memory : undefined;
    const values = old === undefined ? this.values() : this.fresh;
    const memory = old ?? new ProgramMemory(this.compiled, bindings);
    for (const [name, array] of values) memory.write(this.feedOf(name).parameter, array);
    this.fresh.clear();
    this.memory = memory;
    return memory;
  }

  private values(): Map<string, NdArray> {
    const values = new Map<string, NdArray>();
    for (const [name, { parameter }] of this.feeds) {
      const value = this.fresh.get(name) ?? this.memory?.read(parameter);
      if (value !== undefined) values.set(name, { ...value, data: value.data.slice() });
    }
    return values;
  }

  private feedOf(name: string): Feed {
    return known(this.feeds.get(name), `kept parameter ${name}`);
  }
}
