/**
 * Fours as loops over their lanes: what is done to f32x4 is written once, for one lane, and not
 * four times, as `kernel/scalar-form.ts` would. It is a quarter of the text, and sums stay in
 * registers. A lane does what it did before, in the same order; where lanes could come in each
 * other's way in memory, what is stored is put aside until all have loaded, or all is left as it
 * is.
 */
import type {
  Expression,
  Kernel,
  KernelArray,
  Statement,
} from '../../../runtime/artifact/kernel.ts';
import { add, forLoop, int, local, typeOf } from '../../kernel/build.ts';
import type { FreshName } from '../../kernel/fresh-names.ts';
import { someExpression, visitStatements } from '../../kernel/walk.ts';
import { flattened } from './flat-loops.ts';
import { stretchOf, waitingStores, type StoreStatement } from './lane-stretch.ts';
import { laneStatements, type LaneScope } from './lane-values.ts';

export interface LaneLoops {
  /** Fours may be left in it. */
  readonly body: readonly Statement[];
  /** Memory of the invocation more, for what is put aside. */
  readonly aside: KernelArray | undefined;
}

/**
 * `fresh` gives names that nothing in the kernel has. No name of it means two things, and no
 * statement stands in two places: both as `withUniqueNames` leaves it.
 */
export function laneLoops(kernel: Kernel, fresh: FreshName): LaneLoops {
  const roller = new Roller(kernel, fresh);
  const body = roller.block(kernel.body, new Map());
  const { name, length } = roller.aside;
  return { body, aside: length === 0 ? undefined : { name, element: 'f32', length } };
}

type Outside = ReadonlyMap<string, Expression>;

class Roller {
  readonly aside: { readonly name: string; length: number };
  private readonly fresh: FreshName;
  /** Names that may change their value, here or there. */
  private readonly variables = new Set<string>();
  /** Memory that nothing writes while the kernel runs. */
  private readonly constant: ReadonlySet<string>;

  constructor({ body, buffers }: Kernel, fresh: FreshName) {
    this.fresh = fresh;
    this.aside = { name: fresh('aside'), length: 0 };
    this.constant = new Set(buffers.flatMap((b) => (b.access === 'read' ? [b.name] : [])));
    visitStatements(body, {
      statement: (s) => {
        if (s.kind === 'var') this.variables.add(s.name);
      },
    });
  }

  /** `outside` are f32x4 from before that can be had lane by lane as well. */
  block(statements: readonly Statement[], outside: Outside): readonly Statement[] {
    const known = new Map(outside);
    for (const s of statements) {
      if (s.kind === 'let' && this.isKnown(s.value, known)) known.set(s.name, s.value);
    }
    const own = statements.filter((s) => makesFours(s) && !isIn(s, known));
    const names = new Set(own.flatMap((s) => (s.kind === 'let' || s.kind === 'var' ? s.name : [])));
    const isPart = statements.map((s) => own.includes(s) || asks([s], names));
    const [first, end] = [isPart.indexOf(true), isPart.lastIndexOf(true) + 1];
    const [stretch, after] = [statements.slice(first, end), statements.slice(end)];
    const rolled = own.length === 0 ? undefined : this.stretch(stretch, after, known);
    const inside = (s: Statement): Statement => this.inside(s, known);
    if (rolled === undefined) return statements.map(inside);
    return [...statements.slice(0, first).map(inside), ...rolled, ...after.map(inside)];
  }

  private inside(s: Statement, outside: Outside): Statement {
    switch (s.kind) {
      case 'for':
        return flattened(s, outside) ?? { ...s, body: this.block(s.body, outside) };
      case 'while':
        return { ...s, body: this.block(s.body, outside) };
      case 'if': {
        const [then, otherwise] = [s.then, s.otherwise].map((b) => this.block(b, outside));
        return { ...s, then: then ?? s.then, otherwise: otherwise ?? s.otherwise };
      }
      case 'let':
      case 'var':
      case 'assign':
      case 'store':
      case 'barrier':
      case 'comment':
        return s;
    }
    s satisfies never;
  }

  /** Fours that can be loaded again, or are one number four times. */
  private isKnown(e: Expression, known: Outside): boolean {
    if (e.kind === 'local') return known.has(e.name);
    if (e.kind === 'load') {
      return e.type === 'f32x4' && this.constant.has(e.memory) && this.lasts(e.index);
    }
    return e.kind === 'unary' && e.op === 'splat' && this.lasts(e.x) && isSimple(e.x);
  }

  private lasts(e: Expression): boolean {
    return !someExpression(
      e,
      (part) =>
        (part.kind === 'local' && this.variables.has(part.name)) ||
        (part.kind === 'load' && !this.constant.has(part.memory)),
    );
  }

  /** In place of the statements; undefined where their lanes cannot be parted. */
  private stretch(
    statements: readonly Statement[],
    after: readonly Statement[],
    outside: Outside,
  ): readonly Statement[] | undefined {
    const stretch = stretchOf(statements, outside);
    const waiting = stretch === undefined ? undefined : waitingStores(stretch);
    if (stretch === undefined || waiting === undefined) return undefined;
    const stored = new Set(stretch.accesses.flatMap((a) => (a.statement ? [a.memory] : [])));
    const own = new Set(stretch.defined);
    const [before, looped]: Statement[][] = [[], []];
    for (const s of statements) {
      const isSame =
        s.kind === 'let' && typeOf(s.value) !== 'f32x4' && !reads(s.value, own, stored);
      if (isSame) own.delete(s.name);
      (isSame ? before : looped)?.push(s);
    }
    if (before === undefined || looped === undefined || asks(after, own)) return undefined;
    if (waiting.some(({ index }) => reads(index, own, stored))) return undefined;
    const lane = this.fresh('lane');
    const scope = { lane: local(lane, 'i32'), outside, aside: this.places(waiting, lane) };
    return [
      ...before,
      forLoop(lane, int(4), laneStatements(looped, scope)),
      ...this.lateStores(waiting),
    ];
  }

  private places(waiting: readonly StoreStatement[], lane: string): LaneScope['aside'] {
    this.aside.length = Math.max(this.aside.length, 4 * waiting.length);
    const memory = this.aside.name;
    return new Map(waiting.map((s, i) => [s, { memory, at: add(local(lane, 'i32'), int(4 * i)) }]));
  }

  /** Fours that may overlap come one after another, as they did. */
  private lateStores(waiting: readonly StoreStatement[]): Statement[] {
    const isAligned = waiting.every(({ unaligned }) => unaligned !== true);
    const loops = isAligned ? [waiting] : waiting.map((s) => [s]);
    return loops.flatMap((stores) => {
      if (stores.length === 0) return [];
      const name = this.fresh('lane');
      const lane = local(name, 'i32');
      const body = stores.map((s): Statement => {
        const index = add(lane, int(4 * waiting.indexOf(s)));
        const value: Expression = { kind: 'load', memory: this.aside.name, index, type: 'f32' };
        return { kind: 'store', memory: s.memory, index: add(lane, s.index), value };
      });
      return [forLoop(name, int(4), body)];
    });
  }
}

function isIn(s: Statement, known: Outside): boolean {
  return s.kind === 'let' && known.has(s.name);
}

function makesFours(s: Statement): boolean {
  const isValue = s.kind === 'let' || s.kind === 'var' || s.kind === 'assign' || s.kind === 'store';
  return isValue && typeOf(s.value) === 'f32x4';
}

/** Nothing that takes time to compute again. */
function isSimple({ kind }: Expression): boolean {
  return kind === 'number' || kind === 'local' || kind === 'load';
}

function reads(e: Expression, names: ReadonlySet<string>, memories: ReadonlySet<string>): boolean {
  return someExpression(
    e,
    (part) =>
      (part.kind === 'local' && names.has(part.name)) ||
      (part.kind === 'load' && memories.has(part.memory)),
  );
}

/** Whether they read one of these names, or give it another value. */
function asks(statements: readonly Statement[], names: ReadonlySet<string>): boolean {
  let found = false;
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind === 'assign' && names.has(s.name)) found = true;
    },
    expression: (e) => {
      if (e.kind === 'local' && names.has(e.name)) found = true;
    },
  });
  return found;
}
