/**
 * A program as plain JS: what runs where no device is to be had, and where a fault of a kernel is
 * looked for, since every access to memory is checked. Named arrays in, named arrays out.
 */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import type { InterpreterOptions } from './compile-kernel.ts';
import { KeptParameters } from './kept-parameters.ts';
import { compileProgram, ProgramMemory, type CompiledProgram } from './program-memory.ts';
import { known } from './scope.ts';

export class KernelInterpreter implements Executable {
  private readonly compiled: CompiledProgram;
  private readonly given: Bindings;
  private memory: ProgramMemory | undefined;

  /** `given` binds dimensions that inputs need not determine. */
  constructor(program: Program, given: Bindings = new Map(), options: InterpreterOptions = {}) {
    this.compiled = compileProgram(program, options);
    this.given = given;
  }

  /** Faults of the inputs are those of `bindProgram`; a kernel's own are Errors that name it. */
  run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>> {
    return new Promise((resolve) => {
      resolve(this.runNow(inputs));
    });
  }

  keep(feeds: ReadonlyMap<string, string>): Promise<KeptState> {
    return new Promise((resolve) => {
      resolve(new KeptParameters(this.compiled, this.given, feeds));
    });
  }

  private runNow(inputs: ReadonlyMap<string, NdArray>): ReadonlyMap<string, NdArray> {
    const { program } = this.compiled;
    const bindings = bindProgram(program, inputs, new Map(), this.given);
    const memory = this.memoryFor(bindings);
    for (const parameter of program.parameters) {
      memory.write(parameter, known(inputs.get(parameter.name), `input ${parameter.name}`));
    }
    memory.run();
    return new Map(program.results.map((result) => [result.name, memory.read(result)]));
  }

  private memoryFor(bindings: Bindings): ProgramMemory {
    if (this.memory?.servesNext(bindings) !== true) {
      this.memory = new ProgramMemory(this.compiled, bindings);
    }
    return this.memory;
  }
}
