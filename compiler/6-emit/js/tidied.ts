/**
 * Statements without what turns out to be a constant: the workgroup along an axis that has but one,
 * whole numbers that get a name, loops of no turn and of one, variables that keep their value. No
 * two blocks may define the same name.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { binary, int } from '../../kernel/build.ts';
import { mapExpression, visitStatements, withBlocks } from '../../kernel/walk.ts';

type For = Extract<Statement, { readonly kind: 'for' }>;

/** `axes` are those along which there may be more than one workgroup. */
export function tidied(
  statements: readonly Statement[],
  axes: readonly number[],
): readonly Statement[] {
  return constantVariables(new Tidier(axes).block(statements));
}

class Tidier {
  private readonly axes: readonly number[];
  private readonly numbers = new Map<string, Expression>();

  constructor(axes: readonly number[]) {
    this.axes = axes;
  }

  block(statements: readonly Statement[]): readonly Statement[] {
    return statements.flatMap((s) => this.statement(s));
  }

  private statement(s: Statement): readonly Statement[] {
    switch (s.kind) {
      case 'let': {
        const value = this.of(s.value);
        if (value.kind !== 'number' || value.type !== 'i32') return [{ ...s, value }];
        this.numbers.set(s.name, value);
        return [];
      }
      case 'var':
      case 'assign':
        return [{ ...s, value: this.of(s.value) }];
      case 'store':
        return [{ ...s, index: this.of(s.index), value: this.of(s.value) }];
      case 'for':
        return this.loop({ ...s, from: this.of(s.from), to: this.of(s.to), step: this.of(s.step) });
      case 'while':
        return [{ ...s, condition: this.of(s.condition), body: this.block(s.body) }];
      case 'if': {
        const [then, otherwise] = [this.block(s.then), this.block(s.otherwise)];
        return [{ ...s, condition: this.of(s.condition), then, otherwise }];
      }
      case 'barrier':
      case 'comment':
        return [s];
    }
    s satisfies never;
  }

  private loop(s: For): readonly Statement[] {
    const { from, to, step, variable, body } = s;
    if (from.kind === 'number' && to.kind === 'number') {
      if (from.value >= to.value) return [];
      if (step.kind === 'number' && from.value + step.value >= to.value) {
        this.numbers.set(variable, from);
        return this.block(body);
      }
    }
    return [{ ...s, body: this.block(body) }];
  }

  private of(whole: Expression): Expression {
    return mapExpression(whole, (e) => {
      if (e.kind === 'local') return this.numbers.get(e.name) ?? e;
      if (e.kind === 'place' && e.of === 'workgroup' && !this.axes.includes(e.axis)) return int(0);
      if (e.kind !== 'binary' || e.type !== 'i32') return e;
      const folded = binary(e.op, e.x, e.y);
      // What is folded does not wrap.
      return [e.x, e.y, folded].every(isExact) ? folded : e;
    });
  }
}

function isExact(e: Expression): boolean {
  return e.kind !== 'number' || (e.value | 0) === e.value;
}

function constantVariables(statements: readonly Statement[]): readonly Statement[] {
  const assigned = new Set<string>();
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind === 'assign') assigned.add(s.name);
    },
  });
  const block = (inner: readonly Statement[]): readonly Statement[] =>
    inner.map((s) => {
      const isConstant = s.kind === 'var' && !assigned.has(s.name);
      return isConstant ? { ...s, kind: 'let' } : withBlocks(s, block);
    });
  return block(statements);
}
