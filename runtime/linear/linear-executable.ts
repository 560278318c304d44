/**
 * A program on linear memory, as code of one kind or another: named arrays in, named arrays out,
 * one call of the code a run. What kind it is, only whoever opens machines for it knows.
 */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { known } from '../session/known.ts';
import { KeptInMemory } from './kept-in-memory.ts';
import { Layouts } from './layouts.ts';
import type { Machine } from './machine.ts';
import { LinearSession } from './session.ts';

/** Gives machines of one program, each with memory of its own. */
export type OpenMachine = () => Machine | Promise<Machine>;

export class LinearExecutable implements Executable {
  private readonly program: Program;
  private readonly given: Bindings;
  private readonly open: OpenMachine;
  private readonly layouts: Layouts;
  /** Machines that nobody runs on at this moment; their memory serves again. */
  private readonly free: Machine[];
  private readonly machines: Machine[];
  private closed = false;

  /** `given` are values of symbols that no input's shape determines. */
  protected constructor(first: Machine, given: Bindings, open: OpenMachine) {
    this.program = first.program;
    this.given = given;
    this.open = open;
    this.layouts = new Layouts(first.program, first.threads);
    this.free = [first];
    this.machines = [first];
  }

  /** Bytes of linear memory that are allocated at this moment. */
  get allocatedBytes(): number {
    return this.machines.reduce((sum, machine) => sum + machine.allocatedBytes, 0);
  }

  /**
   * Faults of the inputs are those of `bindProgram`; T6401 for more than 2 GiB of memory or more
   * than there is, T6408 where the program traps, T6409 where a thread has ended.
   */
  async run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>> {
    const machine = this.free.pop() ?? (await this.newMachine());
    try {
      return this.runOn(machine, inputs);
    } finally {
      this.free.push(machine);
    }
  }

  /** Faults: those of opening the program once more. */
  async keep(feeds: ReadonlyMap<string, string>): Promise<KeptState> {
    const machine = this.free.pop() ?? (await this.newMachine());
    const giveBack = (): void => void this.free.push(machine);
    return new KeptInMemory(machine, this.layouts, this.given, feeds, giveBack);
  }

  /**
   * For many short calls: memory laid out for these sizes of all symbols, which is written, run and
   * read in place. Faults: those of `keep`, R7006 where a symbol is not bound, T6401.
   */
  async session(bindings: Bindings = new Map()): Promise<LinearSession> {
    const sizes = new Map([...this.given, ...bindings]);
    const layout = LinearSession.layout(this.program, this.layouts, sizes);
    const machine = this.free.pop() ?? (await this.newMachine());
    machine.arrange(layout);
    return new LinearSession(machine, sizes, () => void this.free.push(machine));
  }

  close(): void {
    this.closed = true;
    for (const machine of this.machines) machine.close();
    this.free.length = 0;
    this.machines.length = 0;
  }

  private runOn(
    machine: Machine,
    inputs: ReadonlyMap<string, NdArray>,
  ): ReadonlyMap<string, NdArray> {
    const { program } = this;
    const bindings = bindProgram(program, inputs, new Map(), this.given);
    machine.arrange(this.layouts.of(bindings));
    for (const parameter of program.parameters) {
      machine.write(parameter, known(inputs.get(parameter.name), `input ${parameter.name}`));
    }
    if (program.prepare.length > 0) machine.call('prepare');
    machine.call('run');
    return new Map(program.results.map((result) => [result.name, machine.read(result)]));
  }

  private async newMachine(): Promise<Machine> {
    if (this.closed) throw new Error(`the program ${this.program.name} is closed`);
    const machine = await this.open();
    this.machines.push(machine);
    return machine;
  }
}
