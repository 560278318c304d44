/**
 * A program on memory that is laid out once, for calls that take microseconds: parameters are
 * written and results read in place, through views, and a run is one call of the module. Nothing is
 * allocated, and only ids and lengths are looked at, since they alone can be wrong.
 *
 *   const session = await executable.session(new Map([['B', 1], ['T', 1]]));
 *   session.carry(new Map([['h0', 'hn']]));
 *   session.view('W').set(weights);
 *   session.prepare();
 *   for (;;) { session.view('x').set(step); session.run(); use(session.view('y')); }
 */
import { checkBound } from '../artifact/bind.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import { evaluateDim, type Bindings } from '../artifact/size.ts';
import { checkIds, isLengths, timeSteps } from '../session/check-ids.ts';
import { asFault } from './faults.ts';
import { known } from '../session/known.ts';
import type { LinearLayout } from './layout.ts';
import type { Layouts } from './layouts.ts';
import type { Elements, Machine } from './machine.ts';

export class LinearSession {
  private readonly machine: Machine;
  private readonly bindings: Bindings;
  private readonly onClose: () => void;
  private readonly runModule: () => void;
  private readonly ranges: readonly Range[];
  private moves: readonly Move[] = [];
  private closed = false;

  /** The machine has been arranged for these bindings. */
  constructor(machine: Machine, bindings: Bindings, onClose: () => void) {
    this.machine = machine;
    this.bindings = bindings;
    this.onClose = onClose;
    this.runModule = machine.prepared('run');
    this.ranges = rangesOf(machine, bindings);
  }

  /** Faults: R7006 for a symbol that is not bound, T6401. */
  static layout(program: Program, layouts: Layouts, bindings: Bindings): LinearLayout {
    checkBound(program.symbols, bindings);
    return layouts.of(bindings);
  }

  /**
   * Where the parameter or result of this name lies, good until `close`. A bool lies there as the
   * number 0 or 1.
   */
  view(name: string): Elements {
    const { parameters, results } = this.machine.program;
    const found = parameters.find((p) => p.name === name) ?? results.find((r) => r.name === name);
    return viewOf(this.machine, known(found, `parameter or result ${name}`), this.bindings);
  }

  /** Results that each run is to leave where the parameters lie whose next values they are. */
  carry(feeds: ReadonlyMap<string, string>): void {
    const { parameters, results } = this.machine.program;
    const moves = [...feeds].flatMap(([name, from]) => {
      const to = known(
        parameters.find((p) => p.name === name),
        `parameter ${name}`,
      );
      const source = known(
        results.find((r) => r.name === from),
        `result ${from}`,
      );
      if (source.tensor === to.tensor) return [];
      const view = viewOf(this.machine, source, this.bindings);
      return [{ from: view, aside: view.slice(), to: viewOf(this.machine, to, this.bindings) }];
    });
    this.moves = moves;
  }

  /** After weights were written, before the first run. */
  prepare(): void {
    this.checkOpen();
    if (this.machine.program.prepare.length > 0) this.machine.call('prepare');
  }

  /** Faults: R7003 and R7406 for ids and lengths that make no sense; T6409. */
  run(): void {
    this.checkOpen();
    for (const range of this.ranges) if (!isInside(range)) this.checkIds();
    try {
      this.runModule();
    } catch (error) {
      throw asFault(this.machine.program.name, error);
    }
    if (this.moves.length > 0) this.move();
  }

  /** Its memory serves others then; the views must not be used any more. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose();
  }

  /** A place may be that of another result: all are put aside before one is overwritten. */
  private move(): void {
    const { moves } = this;
    if (moves.length === 1) for (const { from, to } of moves) return to.set(from);
    for (const { from, aside } of this.moves) aside.set(from);
    for (const { aside, to } of this.moves) to.set(aside);
  }

  private checkOpen(): void {
    if (this.closed) throw new Error(`a session of ${this.machine.program.name} is closed`);
  }

  /** Ids past the lengths may be anything. */
  private checkIds(): void {
    const { parameters } = this.machine.program;
    const arrays = parameters.map((p): [string, NdArray] => {
      const shape = p.shape.map((dim) => evaluateDim(dim, this.bindings));
      return [p.name, { dtype: p.dtype, shape, data: this.view(p.name) }];
    });
    checkIds(parameters, new Map(arrays), this.bindings);
  }
}

interface Move {
  readonly from: Elements;
  readonly aside: Elements;
  readonly to: Elements;
}

/** Numbers that a parameter may hold wherever it is looked at. */
interface Range {
  readonly view: Elements;
  readonly least: number;
  readonly below: number;
}

function isInside({ view, least, below }: Range): boolean {
  for (let i = 0; i < view.length; i++) {
    const value = view[i] ?? NaN;
    if (!(value >= least && value < below)) return false;
  }
  return true;
}

function rangesOf(machine: Machine, bindings: Bindings): readonly Range[] {
  return machine.program.parameters.flatMap((parameter): Range[] => {
    const { ids } = parameter;
    const view = viewOf(machine, parameter, bindings);
    if (ids !== undefined) {
      const least = ids.negative ? -Infinity : 0;
      return [{ view, least, below: evaluateDim(ids.below, bindings) }];
    }
    const { parameters } = machine.program;
    if (!isLengths(parameter)) return [];
    return [{ view, least: 0, below: timeSteps(parameter.name, parameters, bindings) + 1 }];
  });
}

function viewOf(
  machine: Machine,
  { tensor, shape }: Program['parameters'][number] | Program['results'][number],
  bindings: Bindings,
): Elements {
  const sizes = shape.map((dim) => evaluateDim(dim, bindings));
  const count = sizes.reduce((product, size) => product * size, 1);
  return machine.elements(tensor).subarray(0, count);
}
