/**
 * Parameters that stay in linear memory from run to run. A result that lies where the parameter
 * lies that it feeds is its next value at once; others are copied there after a run. When the
 * dimensions of the inputs change, only what then lies elsewhere moves. What the program prepares
 * from weights is prepared again when a weight has another value.
 */
import type { KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { KeptArrays, resultsNamed } from '../session/kept-arrays.ts';
import { known } from '../session/known.ts';
import type { LinearLayout } from './layout.ts';
import type { Layouts } from './layouts.ts';
import type { Machine } from './machine.ts';
import { preparedTensors } from './prepared.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export class KeptInMemory implements KeptState {
  private readonly machine: Machine;
  private readonly layouts: Layouts;
  private readonly given: Bindings;
  private readonly kept: KeptArrays;
  private readonly onClose: () => void;
  /** Whether a run gives weights their next values. */
  private readonly feedsWeights: boolean;
  /** Tensors that depend on weights alone. */
  private readonly prepared: readonly number[];
  private isPrepared = false;
  private closed = false;

  constructor(
    machine: Machine,
    layouts: Layouts,
    given: Bindings,
    feeds: ReadonlyMap<string, string>,
    onClose: () => void,
  ) {
    this.machine = machine;
    this.layouts = layouts;
    this.given = given;
    this.onClose = onClose;
    this.prepared = preparedTensors(machine.program);
    this.kept = new KeptArrays(machine.program, feeds);
    this.feedsWeights = [...this.kept.feeds.values()].some(({ parameter, result }) => {
      return result !== undefined && parameter.role === 'weight';
    });
  }

  write(arrays: Arrays): void {
    this.kept.write(arrays);
  }

  run(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    return new Promise((resolve) => {
      resolve(this.runNow(inputs, wanted));
    });
  }

  read(): Promise<Arrays> {
    return Promise.resolve(this.kept.values((parameter) => this.machine.read(parameter)));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.kept.clear();
    this.onClose();
  }

  private runNow(inputs: Arrays, wanted: readonly string[]): Arrays {
    const { machine, kept } = this;
    const { program } = machine;
    if (this.closed) throw new Error(`what was kept of ${program.name} is closed`);
    const forms = resultsNamed(program, wanted);
    const bindings = bindProgram(program, inputs, kept.forms, this.given);
    this.arrange(this.layouts.of(bindings));
    for (const parameter of program.parameters) {
      const array = inputs.get(parameter.name) ?? kept.fresh.get(parameter.name);
      if (array === undefined) continue;
      machine.write(parameter, array);
      if (parameter.role === 'weight') this.isPrepared = false;
    }
    kept.settle();
    if (!this.isPrepared && this.prepared.length > 0) machine.call('prepare');
    machine.call('run');
    this.isPrepared = !this.feedsWeights;
    const found = new Map(forms.map((result) => [result.name, machine.read(result)]));
    this.move();
    return found;
  }

  /** All are read before one is written: a parameter's place may be another result's by now. */
  private move(): void {
    const { machine } = this;
    const { moves } = this.kept;
    const next = moves.map(({ result }) => machine.read(result));
    moves.forEach(({ parameter }, i) => {
      machine.write(parameter, known(next[i], `value of ${parameter.name}`));
    });
  }

  /** Memory for this layout, with what is kept in its place. */
  private arrange(layout: LinearLayout): void {
    const { machine } = this;
    const old = machine.arrangement;
    if (layout === old) return;
    const isElsewhere = (tensor: number): boolean =>
      old?.addresses[tensor] !== layout.addresses[tensor];
    const moving = [...this.kept.feeds.values()].flatMap(({ parameter }) => {
      const stays = this.kept.fresh.has(parameter.name) || !isElsewhere(parameter.tensor);
      return stays || old === undefined ? [] : [{ parameter, value: machine.read(parameter) }];
    });
    if (this.prepared.some(isElsewhere)) this.isPrepared = false;
    machine.arrange(layout);
    for (const { parameter, value } of moving) machine.write(parameter, value);
  }
}
