/**
 * Control flow that a barrier needs: all invocations of a workgroup come by it, or none. And what
 * follows from the same analysis: where all of them come by, none stores to an element that all the
 * others store to as well.
 */
import type { Expression, Kernel, Statement } from '../../runtime/artifact/kernel.ts';
import { Breach } from './breach.ts';
import { fourOf, printElement, printExpression } from './print-expression.ts';
import { typeOf } from './build.ts';
import { isUniform } from './uniform.ts';
import { blocksOf } from './walk.ts';

/** A local as long as it can be seen; a var stops being uniform once it is set apart. */
interface Local {
  uniform: boolean;
}

interface Place {
  readonly locals: Map<string, Local>;
  /** The condition that only some invocations may meet, around this place. */
  readonly divided: Expression | undefined;
}

export function checkBarriers(kernel: Kernel): void {
  // One invocation alone differs from none.
  if (kernel.workgroup.every((extent) => extent === 1) && !hasBarrier(kernel.body)) return;
  new BarrierCheck(kernel).block(kernel.body, { locals: new Map(), divided: undefined });
}

function hasBarrier(statements: readonly Statement[]): boolean {
  return statements.some((s) => s.kind === 'barrier' || blocksOf(s).some(hasBarrier));
}

class BarrierCheck {
  /** Whether there is more than one invocation to a workgroup. */
  private readonly many: boolean;
  private readonly registers: ReadonlySet<string>;

  constructor({ workgroup: [x, y, z], registers }: Kernel) {
    this.many = x * y * z > 1;
    this.registers = new Set(registers.map(({ name }) => name));
  }

  block(statements: readonly Statement[], outer: Place): void {
    const place = { ...outer, locals: new Map(outer.locals) };
    for (const statement of statements) this.statement(statement, place);
  }

  private statement(s: Statement, place: Place): void {
    switch (s.kind) {
      case 'let':
      case 'var':
        place.locals.set(s.name, { uniform: uniformAt(s.value, place) });
        return;
      case 'assign':
        return this.assign(s.name, s.value, place);
      case 'store':
        return this.store(s, place);
      case 'for':
        return repeat(place, () => this.forLoop(s, place));
      case 'while':
        return repeat(place, () => this.block(s.body, within(s.condition, place)));
      case 'if':
        this.block(s.then, within(s.condition, place));
        return this.block(s.otherwise, within(s.condition, place));
      case 'barrier':
        if (place.divided === undefined) return;
        throw new Breach(
          `a barrier stands where not all come by: ${printExpression(place.divided)} may differ`,
        );
      case 'comment':
        return;
    }
    s satisfies never;
  }

  private assign(name: string, value: Expression, place: Place): void {
    const local = place.locals.get(name);
    if (local?.uniform !== true) return;
    if (place.divided === undefined && uniformAt(value, place)) return;
    local.uniform = false;
  }

  private store(s: Extract<Statement, { kind: 'store' }>, place: Place): void {
    if (!this.many || this.registers.has(s.memory)) return;
    if (place.divided !== undefined || !uniformAt(s.index, place)) return;
    const element = printElement(s.memory, s.index, fourOf(typeOf(s.value), s.unaligned));
    throw new Breach(`all invocations store to ${element}`);
  }

  private forLoop(s: Extract<Statement, { kind: 'for' }>, place: Place): void {
    const differs = [s.from, s.to, s.step].find((e) => !uniformAt(e, place));
    const locals = new Map(place.locals).set(s.variable, { uniform: differs === undefined });
    this.block(s.body, { locals, divided: place.divided ?? differs });
  }
}

/** What differs at the end of a turn differs at the begin of the next. */
function repeat({ locals }: Place, turn: () => void): void {
  const differing = (): number => [...locals.values()].filter(({ uniform }) => !uniform).length;
  let before;
  do {
    before = differing();
    turn();
  } while (differing() > before);
}

function within(condition: Expression, place: Place): Place {
  const divides = place.divided === undefined && !uniformAt(condition, place);
  return divides ? { ...place, divided: condition } : place;
}

function uniformAt(e: Expression, { locals }: Place): boolean {
  return isUniform(e, (local) => locals.get(local)?.uniform === true);
}
