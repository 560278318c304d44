/**
 * Statements as closures, for all invocations of a workgroup. Each stretch between two barriers is
 * done by one invocation after another before the next stretch begins; what steers a statement with
 * a barrier inside must be the same for all of them.
 */
import type { Expression, Statement } from '../artifact/kernel.ts';
import { choose, loop, repeatWhile, sequence } from './control.ts';
import { compile } from './expressions.ts';
import { blockWithin, declare, type Block, type Evaluate, type Run } from './scope.ts';
import { compileStatement } from './statements.ts';

/** Runs something for each invocation of the workgroup in turn. */
export type ForEach = (run: Run) => void;

export function compileForAll(
  block: Block,
  forEach: ForEach,
  statements: readonly Statement[],
): Run {
  const runs: Run[] = [];
  let stretch: Run[] = [];
  const close = (): void => {
    const run = sequence(stretch);
    if (stretch.length > 0) runs.push(() => forEach(run));
    stretch = [];
  };
  for (const statement of statements) {
    if (hasBarrier(statement)) {
      close();
      runs.push(compileTogether(block, forEach, statement));
    } else {
      stretch.push(compileStatement(block, statement));
    }
  }
  close();
  return sequence(runs);
}

function hasBarrier(statement: Statement): boolean {
  switch (statement.kind) {
    case 'barrier':
      return true;
    case 'for':
    case 'while':
      return statement.body.some(hasBarrier);
    case 'if':
      return statement.then.some(hasBarrier) || statement.otherwise.some(hasBarrier);
    case 'let':
    case 'var':
    case 'assign':
    case 'store':
    case 'comment':
      return false;
  }
  return statement satisfies never;
}

function compileTogether(block: Block, forEach: ForEach, statement: Statement): Run {
  const common = (e: Expression): Evaluate => uniform(compile(block, e), forEach);
  const body = (statements: readonly Statement[], inner = blockWithin(block)): Run =>
    compileForAll(inner, forEach, statements);
  switch (statement.kind) {
    case 'for': {
      const { variable, from, to, step } = statement;
      const range = { from: common(from), to: common(to), step: common(step) };
      const inner = blockWithin(block);
      const slot = declare(inner, variable);
      const run = body(statement.body, inner);
      return loop(range, (value) => {
        forEach(() => (block.place.locals[slot] = value));
        run();
      });
    }
    case 'while':
      return repeatWhile(common(statement.condition), body(statement.body));
    case 'if': {
      const { condition, then, otherwise } = statement;
      return choose(common(condition), body(then), body(otherwise));
    }
    default:
      // A barrier: whoever runs the list has brought all invocations here.
      return () => undefined;
  }
}

/** The value, which must be the same for all invocations. */
function uniform(evaluate: Evaluate, forEach: ForEach): Evaluate {
  return () => {
    let common: number | undefined;
    forEach(() => {
      const value = evaluate();
      common ??= value;
      if (value !== common) throw new Error('not all invocations come to a barrier');
    });
    return common ?? 0;
  };
}
