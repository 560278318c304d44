/**
 * Parameters that stay in a program's memory from run to run. A result that lies where the
 * parameter lies that it feeds is its next value at once; others are copied there after a run. When
 * the dimensions of the inputs change, memory is laid out anew and the parameters move.
 */
import type { KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { KeptArrays, resultsNamed } from '../session/kept-arrays.ts';
import { ProgramMemory, type CompiledProgram } from './program-memory.ts';
import { known } from './scope.ts';

export class KeptParameters implements KeptState {
  private readonly compiled: CompiledProgram;
  private readonly given: Bindings;
  private readonly kept: KeptArrays;
  private memory: ProgramMemory | undefined;

  constructor(compiled: CompiledProgram, given: Bindings, feeds: ReadonlyMap<string, string>) {
    this.compiled = compiled;
    this.given = given;
    this.kept = new KeptArrays(compiled.program, feeds);
  }

  write(arrays: ReadonlyMap<string, NdArray>): void {
    this.kept.write(arrays);
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
    this.kept.clear();
  }

  private runNow(
    inputs: ReadonlyMap<string, NdArray>,
    wanted: readonly string[],
  ): ReadonlyMap<string, NdArray> {
    const { program } = this.compiled;
    const bindings = bindProgram(program, inputs, this.kept.forms, this.given);
    const memory = this.memoryFor(bindings);
    for (const parameter of program.parameters) {
      const array = inputs.get(parameter.name);
      if (array !== undefined) memory.write(parameter, array);
    }
    memory.run();
    const found = resultsNamed(program, wanted).map((result): [string, NdArray] => {
      return [result.name, memory.read(result)];
    });
    this.feed(memory);
    return new Map(found);
  }

  /** All are read before one is written: a parameter's place may be another result's by now. */
  private feed(memory: ProgramMemory): void {
    const { moves } = this.kept;
    const next = moves.map(({ result }) => memory.read(result));
    moves.forEach(({ parameter }, i) => {
      memory.write(parameter, known(next[i], `value of ${parameter.name}`));
    });
  }

  /** Memory for these bindings in which the kept parameters have their values. */
  private memoryFor(bindings: Bindings): ProgramMemory {
    const old = this.memory?.servesNext(bindings) === true ? this.memory : undefined;
    const values = old === undefined ? this.values() : this.kept.fresh;
    const memory = old ?? new ProgramMemory(this.compiled, bindings);
    for (const { parameter } of this.kept.feeds.values()) {
      const array = values.get(parameter.name);
      if (array !== undefined) memory.write(parameter, array);
    }
    this.kept.settle();
    this.memory = memory;
    return memory;
  }

  private values(): ReadonlyMap<string, NdArray> {
    return this.kept.values((parameter) => this.memory?.read(parameter));
  }
}
