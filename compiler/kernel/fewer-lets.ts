/**
 * Fewer lets: one that nobody asks for goes; one that is asked for once, or is nothing but another
 * name, stands where it is asked for. What it is made of must be the same there, and no loop may
 * compute anew what stood before it. No two blocks may define the same name.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import {
  blocksOf,
  expressionsOf,
  partsOf,
  someExpression,
  substitute,
  visitExpression,
} from './walk.ts';

/** Beyond it an expression would be hard to read, for some engines too. */
const deepest = 12;

/** `constant` is memory that nothing writes meanwhile. */
export function withFewerLets(
  statements: readonly Statement[],
  constant: ReadonlySet<string>,
): readonly Statement[] {
  const uses = new Uses();
  uses.block(statements, 0);
  return new Writer(uses, constant).block(statements);
}

interface Use {
  count: number;
  /** Whether all of them are in the loop that the let stands in, and in none in there. */
  isNear: boolean;
}

/** Who asks for which name, from the last statement to the first: a let comes after its askers. */
class Uses {
  readonly of = new Map<string, Use>();
  readonly variables = new Set<string>();
  /** By name, the loops in which it is asked for. */
  private readonly askedIn = new Map<string, number[]>();
  private loops = 0;

  /** Each loop has a number of its own. */
  block(statements: readonly Statement[], loop: number): void {
    for (const s of statements.toReversed()) this.statement(s, loop);
  }

  private statement(s: Statement, loop: number): void {
    const isLoop = s.kind === 'for' || s.kind === 'while';
    const inside = isLoop ? ++this.loops : loop;
    for (const block of blocksOf(s).toReversed()) this.block(block, inside);
    if (s.kind === 'var') this.variables.add(s.name);
    if (s.kind === 'let') {
      const asked = this.askedIn.get(s.name) ?? [];
      if (asked.length === 0) return;
      this.of.set(s.name, { count: asked.length, isNear: asked.every((at) => at === loop) });
    }
    for (const e of expressionsOf(s)) this.ask(e, s.kind === 'while' ? inside : loop);
  }

  private ask(e: Expression, loop: number): void {
    visitExpression(e, (part) => {
      if (part.kind !== 'local') return;
      const asked = this.askedIn.get(part.name) ?? [];
      asked.push(loop);
      this.askedIn.set(part.name, asked);
    });
  }
}

class Writer {
  private readonly uses: Uses;
  private readonly constant: ReadonlySet<string>;
  /** What stands for a name now. */
  private readonly moved = new Map<string, Expression>();

  constructor(uses: Uses, constant: ReadonlySet<string>) {
    this.uses = uses;
    this.constant = constant;
  }

  block(statements: readonly Statement[]): readonly Statement[] {
    return statements.flatMap((s) => this.statement(s));
  }

  private statement(s: Statement): readonly Statement[] {
    const of = (e: Expression): Expression => substitute(e, this.moved);
    switch (s.kind) {
      case 'let': {
        const use = this.uses.of.get(s.name);
        if (use === undefined) return [];
        const value = of(s.value);
        const moves = use.count === 1 && use.isNear && depthOf(value) < deepest;
        const isAlias = isName(value) && (value.kind !== 'local' || use.count === 1);
        if (!this.lasts(value) || !(moves || isAlias)) return [{ ...s, value }];
        this.moved.set(s.name, value);
        return [];
      }
      case 'var':
      case 'assign':
        return [{ ...s, value: of(s.value) }];
      case 'store':
        return [{ ...s, index: of(s.index), value: of(s.value) }];
      case 'for': {
        const [from, to, step] = [of(s.from), of(s.to), of(s.step)];
        return [{ ...s, from, to, step, body: this.block(s.body) }];
      }
      case 'while':
        return [{ ...s, condition: of(s.condition), body: this.block(s.body) }];
      case 'if': {
        const condition = of(s.condition);
        return [{ ...s, condition, then: this.block(s.then), otherwise: this.block(s.otherwise) }];
      }
      case 'barrier':
      case 'comment':
        return [s];
    }
    s satisfies never;
  }

  /** Whether it is the same wherever its names can be seen. */
  private lasts(e: Expression): boolean {
    return !someExpression(
      e,
      (part) =>
        (part.kind === 'local' && this.uses.variables.has(part.name)) ||
        (part.kind === 'load' && !this.constant.has(part.memory)),
    );
  }
}

/** As short as a name, and as soon known. */
function isName({ kind }: Expression): boolean {
  return (
    kind === 'local' || kind === 'number' || kind === 'size' || kind === 'step' || kind === 'place'
  );
}

function depthOf(e: Expression): number {
  return 1 + Math.max(0, ...partsOf(e).map(depthOf));
}
