/**
 * Parameters that stay in linear memory from run to run. A result that lies where the parameter
 * lies that it feeds is its next value at once; others are copied there after a run. When the
 * dimensions of the inputs change, only what then lies elsewhere moves. What the program prepares
 * from weights is prepared again when a weight has another value.
 */
import type { ArrayForm } from '../artifact/bind.ts';
import { RuntimeFault, type KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { ProgramParameter, ProgramResult } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { known } from './known.ts';
import type { WasmLayout } from './layout.ts';
import type { Layouts } from './layouts.ts';
import type { Machine } from './machine.ts';
import { preparedTensors } from './prepared.ts';

type Arrays = ReadonlyMap<string, NdArray>;

interface Feed {
  readonly parameter: ProgramParameter;
  /** Absent for a parameter that stays as it is. */
  readonly result: ProgramResult | undefined;
}

type Move = Feed & { readonly result: ProgramResult };

export class KeptInMemory implements KeptState {
  private readonly machine: Machine;
  private readonly layouts: Layouts;
  private readonly given: Bindings;
  private readonly feeds: ReadonlyMap<string, Feed>;
  private readonly onClose: () => void;
  private readonly forms = new Map<string, ArrayForm>();
  /** Written since the last run, and not in memory yet. */
  private readonly fresh = new Map<string, NdArray>();
  /** Those of which the next value comes from another place. */
  private readonly moves: readonly Move[];
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
    const { parameters, results } = machine.program;
    this.machine = machine;
    this.layouts = layouts;
    this.given = given;
    this.onClose = onClose;
    this.prepared = preparedTensors(machine.program);
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
    const all = [...this.feeds.values()];
    this.moves = all.flatMap(({ parameter, result }) =>
      result === undefined || result.tensor === parameter.tensor ? [] : [{ parameter, result }],
    );
    this.feedsWeights = all.some(({ parameter, result }) => {
      return result !== undefined && parameter.role === 'weight';
    });
  }

  write(arrays: Arrays): void {
    for (const [name, { dtype, shape, data }] of arrays) {
      if (!this.feeds.has(name)) throw new RuntimeFault('R7004', `${name} is not kept`);
      const copy = data instanceof Float64Array ? Float32Array.from(data) : data.slice();
      this.fresh.set(name, { dtype, shape, data: copy });
      this.forms.set(name, { dtype, shape, data: { length: copy.length } });
    }
  }

  run(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    return new Promise((resolve) => {
      resolve(this.runNow(inputs, wanted));
    });
  }

  read(): Promise<Arrays> {
    return Promise.resolve(this.values());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.fresh.clear();
    this.forms.clear();
    this.onClose();
  }

  private runNow(inputs: Arrays, wanted: readonly string[]): Arrays {
    const { machine } = this;
    const { name: program, parameters, results } = machine.program;
    if (this.closed) throw new Error(`what was kept of ${program} is closed`);
    const forms = wanted.map((name) => {
      const result = results.find((r) => r.name === name);
      return known(result, `result ${name}`);
    });
    const bindings = bindProgram(machine.program, inputs, this.forms, this.given);
    this.arrange(this.layouts.of(bindings));
    for (const parameter of parameters) {
      const array = inputs.get(parameter.name) ?? this.fresh.get(parameter.name);
      if (array === undefined) continue;
      machine.write(parameter, array);
      if (parameter.role === 'weight') this.isPrepared = false;
    }
    this.fresh.clear();
    if (!this.isPrepared && this.prepared.length > 0) machine.call('prepare');
    machine.call('run');
    this.isPrepared = !this.feedsWeights;
    const found = new Map(forms.map((result) => [result.name, machine.read(result)]));
    this.move();
    return found;
  }

  /** All are read before one is written: a parameter's place may be another result's by now. */
  private move(): void {
    const { machine, moves } = this;
    const next = moves.map(({ result }) => machine.read(result));
    moves.forEach(({ parameter }, i) => {
      machine.write(parameter, known(next[i], `value of ${parameter.name}`));
    });
  }

  /** Memory for this layout, with what is kept in its place. */
  private arrange(layout: WasmLayout): void {
    const { machine } = this;
    const old = machine.arrangement;
    if (layout === old) return;
    const isElsewhere = (tensor: number): boolean =>
      old?.addresses[tensor] !== layout.addresses[tensor];
    const moving = [...this.feeds.values()].flatMap(({ parameter }) => {
      const stays = this.fresh.has(parameter.name) || !isElsewhere(parameter.tensor);
      return stays || old === undefined ? [] : [{ parameter, value: machine.read(parameter) }];
    });
    if (this.prepared.some(isElsewhere)) this.isPrepared = false;
    machine.arrange(layout);
    for (const { parameter, value } of moving) machine.write(parameter, value);
  }

  private values(): Map<string, NdArray> {
    const values = new Map<string, NdArray>();
    for (const [name, { parameter }] of this.feeds) {
      const fresh = this.fresh.get(name);
      if (fresh !== undefined) values.set(name, { ...fresh, data: fresh.data.slice() });
      else if (this.forms.has(name)) values.set(name, this.machine.read(parameter));
    }
    return values;
  }
}
