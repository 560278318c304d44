/**
 * Indices that are wrong whatever a kernel is given: outside shared memory and registers, below 0
 * in a buffer, of four numbers at once and no multiple of 4. What cannot be decided here passes;
 * an interpreter finds it when it runs.
 */
import type { Expression, Kernel, Statement } from '../../runtime/artifact/kernel.ts';
import { Breach } from './breach.ts';
import { typeOf } from './build.ts';
import { fourOf, printElement, type FourOf } from './print-expression.ts';
import { anything, loopRange, progression, rangeOf, type Range } from './ranges.ts';
import { expressionsOf, visitExpression } from './walk.ts';

interface Place {
  readonly ranges: Map<string, Range>;
  /** Whether it is come by with every value that the ranges hold: no condition stands around it. */
  readonly certain: boolean;
}

export function checkBounds(kernel: Kernel): void {
  new BoundsCheck(kernel).block(kernel.body, { ranges: new Map(), certain: true });
}

class BoundsCheck {
  private readonly workgroup: Kernel['workgroup'];
  /** Buffers are as long as a dispatch makes them. */
  private readonly lengths: ReadonlyMap<string, number>;

  constructor({ workgroup, shared, registers }: Kernel) {
    this.workgroup = workgroup;
    this.lengths = new Map([...shared, ...registers].map(({ name, length }) => [name, length]));
  }

  block(statements: readonly Statement[], outer: Place): void {
    const place = { ...outer, ranges: new Map(outer.ranges) };
    for (const statement of statements) this.statement(statement, place);
  }

  private statement(s: Statement, place: Place): void {
    for (const e of expressionsOf(s)) this.loads(e, place);
    switch (s.kind) {
      case 'let':
        place.ranges.set(s.name, this.range(s.value, place));
        return;
      case 'var':
        place.ranges.set(s.name, anything);
        return;
      case 'store':
        return this.access(s.memory, s.index, fourOf(typeOf(s.value), s.unaligned), place);
      case 'for':
        return this.loop(s, place);
      case 'while':
        return this.block(s.body, { ...place, certain: false });
      case 'if':
        this.block(s.then, { ...place, certain: false });
        return this.block(s.otherwise, { ...place, certain: false });
      case 'assign':
      case 'barrier':
      case 'comment':
        return;
    }
    s satisfies never;
  }

  private loop(s: Extract<Statement, { kind: 'for' }>, place: Place): void {
    const [from, to, step] = [s.from, s.to, s.step].map((e) => this.range(e, place));
    if (from === undefined || to === undefined || step === undefined) return;
    if (step.high <= 0) throw new Breach(`the step of the loop over ${s.variable} is not positive`);
    const fixed = [from, to, step].every(({ low, high }) => low === high);
    const variable = fixed
      ? progression(from.low, to.low, step.low, `loop ${s.variable}`)
      : loopRange(from, to, step);
    if (variable === undefined) return;
    const ranges = new Map(place.ranges).set(s.variable, variable);
    this.block(s.body, { ranges, certain: place.certain && fixed });
  }

  private range(e: Expression, { ranges }: Place): Range {
    return rangeOf(e, ranges, this.workgroup);
  }

  /** Both sides of a select, an `and`, an `or` are evaluated, so that no condition guards them. */
  private loads(root: Expression, place: Place): void {
    visitExpression(root, (e) => {
      if (e.kind === 'load') this.access(e.memory, e.index, fourOf(e.type, e.unaligned), place);
    });
  }

  private access(memory: string, index: Expression, four: FourOf, place: Place): void {
    const range = this.range(index, place);
    const last = (this.lengths.get(memory) ?? Infinity) - (four === 'one' ? 1 : 4);
    const outside = range.high < 0 || range.low > last;
    const partly = range.low < 0 || range.high > last;
    if (outside || (partly && range.exact && place.certain)) {
      const found = range.low === range.high ? `${range.low}` : `${range.low} to ${range.high}`;
      const length = this.lengths.get(memory);
      const limit = length === undefined ? 'which is negative' : `outside its ${length} elements`;
      throw new Breach(`${printElement(memory, index, four)} is at ${found}, ${limit}`);
    }
    const { remainders, exactRemainders } = range;
    if (four !== 'aligned' || remainders === undefined) return;
    const certain = place.certain && exactRemainders;
    if ((remainders & 1) === 0 || (certain && remainders !== 1)) {
      throw new Breach(`${printElement(memory, index, four)} is at no multiple of 4`);
    }
  }
}
