/**
 * Writes statements in nested scopes. Each name goes to the outermost scope where all that it is
 * made of is known, so that what a loop does not change is computed before it; what has been named
 * once is not computed again while it can still be seen.
 */
import type { Expression, Statement, ValueType } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { partsOf } from '../kernel/walk.ts';

interface Scope {
  readonly statements: Statement[];
  /** Keys of what is known as long as the scope is open. */
  readonly keys: string[];
}

/** What can be seen, and how deep the scope is that it ends with. */
interface Known {
  readonly value: Expression;
  readonly depth: number;
}

export class Emitter {
  private readonly scopes: Scope[] = [];
  /** By the text of an expression: its name. */
  private readonly names = new Map<string, Known>();
  /** What whoever writes here remembers while a scope lasts. */
  private readonly memo = new Map<string, Known>();
  /** The depth of the scope that knows a local. */
  private readonly depths = new Map<string, number>();
  private readonly taken: Set<string>;
  /** By hint: the number below which all names of it are taken. */
  private readonly counts = new Map<string, number>();
  private readonly variables = new Set<string>();
  private readonly fours = new Set<string>();
  private loadFloor = 0;

  /**
   * `symbols` are names that nothing else may have. `group` and `part` are the workgroup's number,
   * in a kernel alone and in one of several.
   */
  constructor(symbols: ReadonlySet<string>) {
    this.taken = new Set([...symbols, 'group', 'part']);
    this.open();
  }

  get depth(): number {
    return this.scopes.length - 1;
  }

  /** Statements of the scope that is open. */
  get statements(): Statement[] {
    return this.at(this.depth).statements;
  }

  /** A name that nothing else has. */
  fresh(hint: string): string {
    let name = hint;
    let count = this.counts.get(hint) ?? 2;
    while (this.taken.has(name)) name = `${hint}_${count++}`;
    this.counts.set(hint, count);
    this.taken.add(name);
    return name;
  }

  /** The expression under a name; names, numbers and the like stay as they are. */
  named(value: Expression, hint: string): Expression {
    if (isPlain(value)) return value;
    const key = keyOf(value);
    const known = this.names.get(key);
    if (known !== undefined) return known.value;
    const depth = this.depthOf(value);
    const name = this.fresh(hint);
    this.depths.set(name, depth);
    const scope = this.at(depth);
    scope.statements.push({ kind: 'let', name, value });
    const local = k.local(name, k.typeOf(value));
    this.names.set(key, { value: local, depth });
    scope.keys.push(key);
    return local;
  }

  /** A name for a multiple of 4, and a name of its own even if it is a number. */
  defineMultipleOfFour(value: Expression, hint: string): { name: string; value: Expression } {
    const name = this.fresh(hint);
    this.depths.set(name, this.depth);
    this.fours.add(name);
    this.statements.push({ kind: 'let', name, value });
    return { name, value: k.local(name, 'i32') };
  }

  /** A name for a whole number that is a multiple of 4 by its making. */
  multipleOfFour(value: Expression, hint: string): Expression {
    const name = this.named(value, hint);
    if (name.kind === 'local') this.fours.add(name.name);
    return name;
  }

  isMultipleOfFour(value: Expression): boolean {
    return value.kind === 'local' && this.fours.has(value.name);
  }

  /**
   * The sum under a name, the outermost terms first: what a loop adds to an address is then little
   * more than its own variable.
   */
  sum(terms: readonly Expression[], hint: string): Expression {
    const sorted = terms
      .filter((term) => !isZero(term))
      .map((term) => ({ term, depth: this.depthOf(term) }))
      .sort((a, b) => a.depth - b.depth);
    let total: Expression | undefined;
    sorted.forEach(({ term, depth }, i) => {
      const part = this.named(term, hint);
      total = total === undefined ? part : k.add(total, part);
      if (sorted[i + 1]?.depth !== depth) total = this.named(total, hint);
    });
    return total ?? k.int(0);
  }

  /** A variable of the scope that is open. */
  variable(hint: string, initial: Expression): Expression {
    const name = this.fresh(hint);
    this.depths.set(name, this.depth);
    this.variables.add(name);
    this.statements.push({ kind: 'var', name, value: initial });
    return k.local(name, k.typeOf(initial));
  }

  /** Gives a variable another value. */
  assign(variable: Expression, value: Expression): void {
    if (variable.kind !== 'local') throw new CompilerBug('schedule', 'only a variable is assigned');
    this.statements.push({ kind: 'assign', name: variable.name, value });
  }

  /** A name that a statement brings into the scope that is open, such as a loop its variable. */
  declare(hint: string, type: ValueType): Expression {
    const name = this.fresh(hint);
    this.depths.set(name, this.depth);
    return k.local(name, type);
  }

  push(...statements: readonly Statement[]): void {
    this.statements.push(...statements);
  }

  /** Runs `body` in a new scope and gives what it wrote. */
  scoped(body: () => void): Statement[] {
    this.open();
    try {
      body();
      return this.statements;
    } finally {
      this.close();
    }
  }

  loop(hint: string, to: Expression, body: (variable: Expression) => void, from = k.int(0)): void {
    this.loopBy(hint, { from, to, step: k.int(1) }, body);
  }

  loopBy(
    hint: string,
    range: { readonly from: Expression; readonly to: Expression; readonly step: Expression },
    body: (variable: Expression) => void,
  ): void {
    let variable = '';
    const statements = this.scoped(() => {
      const local = this.declare(hint, 'i32');
      variable = local.kind === 'local' ? local.name : hint;
      const { from, step } = range;
      const starts =
        (from.kind === 'number' && from.value % 4 === 0) || this.isMultipleOfFour(from);
      if (starts && step.kind === 'number' && step.value % 4 === 0) this.fours.add(variable);
      body(local);
    });
    this.push({ kind: 'for', variable, ...range, body: statements });
  }

  when(condition: Expression, body: () => void): void {
    const statements = this.scoped(body);
    if (statements.length > 0) this.push(...k.when(condition, statements));
  }

  remember(key: string, value: Expression): void {
    this.memo.set(key, { value, depth: this.depth });
    this.at(this.depth).keys.push(key);
  }

  recall(key: string): Expression | undefined {
    return this.memo.get(key)?.value;
  }

  /** From here on, loads stay in this scope or deeper: memory changes from one turn to the next. */
  keepLoadsHere(): void {
    this.loadFloor = this.depth;
  }

  /** After a barrier memory may hold something else: what was loaded is not known any more. */
  forgetLoads(): void {
    for (const key of this.names.keys()) if (key.includes('[')) this.names.delete(key);
    this.memo.clear();
  }

  private open(): void {
    this.scopes.push({ statements: [], keys: [] });
  }

  private close(): void {
    const { depth } = this;
    for (const key of this.at(depth).keys) {
      for (const known of [this.names, this.memo]) {
        if (known.get(key)?.depth === depth) known.delete(key);
      }
    }
    this.scopes.pop();
  }

  private at(depth: number): Scope {
    return present(this.scopes[depth], 'a scope');
  }

  /** Of the innermost scope that the value belongs to. */
  private depthOf(value: Expression): number {
    if (value.kind === 'local') {
      // What a variable holds changes with each turn of a loop.
      return this.variables.has(value.name) ? this.depth : (this.depths.get(value.name) ?? 0);
    }
    let depth = value.kind === 'load' ? this.loadFloor : 0;
    for (const part of partsOf(value)) depth = Math.max(depth, this.depthOf(part));
    return depth;
  }
}

function isZero(value: Expression): boolean {
  return value.kind === 'number' && value.value === 0;
}

function isPlain(value: Expression): boolean {
  return (
    value.kind === 'local' ||
    value.kind === 'number' ||
    value.kind === 'size' ||
    value.kind === 'step' ||
    value.kind === 'place' ||
    (value.kind === 'lane' && value.x.kind === 'local')
  );
}

/** Equal for equal expressions. */
export function keyOf(value: Expression): string {
  const parts = partsOf(value);
  if (parts.length === 0) return headOf(value);
  let key = `${headOf(value)}(`;
  for (const part of parts) key += `${keyOf(part)},`;
  return key;
}

/** What it is, without its parts. */
function headOf(value: Expression): string {
  switch (value.kind) {
    case 'number':
      return `${value.type}:${Object.is(value.value, -0) ? '-0' : value.value}`;
    case 'size':
      return `size ${value.name}`;
    case 'step':
    case 'select':
    case 'pack':
      return value.kind;
    case 'place':
      return `${value.of}.${value.axis}`;
    case 'local':
      return `=${value.name}`;
    case 'load':
      return `${value.type} ${value.memory}[]`;
    case 'unary':
    case 'binary':
      return value.op;
    case 'call':
      return `call ${value.function}`;
    case 'lane':
      return `lane${value.lane}`;
  }
  value satisfies never;
}
