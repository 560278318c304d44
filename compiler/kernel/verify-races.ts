/**
 * Races for shared memory, as far as they are cheap to rule out: between two barriers an array is
 * stored to or loaded from, not both. The last stretch of a loop's body goes on into its first.
 *
 * That refuses some kernels in which each invocation keeps to its own elements; such kernels use
 * registers, or one more barrier.
 */
import type { Expression, Kernel, Statement } from '../../runtime/artifact/kernel.ts';
import { Breach } from './breach.ts';
import { expressionsOf, visitExpression, visitStatements } from './walk.ts';

/** Bits: what may have been done with an array. */
const loaded = 1;
const stored = 2;

/** What may have been done since the last barrier; an array that was not touched is not there. */
type Stretch = ReadonlyMap<string, number>;

export function checkRaces({ workgroup: [x, y, z], shared, body }: Kernel): void {
  if (x * y * z === 1) return;
  new RaceCheck(new Set(shared.map(({ name }) => name))).block(body, new Map());
}

class RaceCheck {
  private readonly shared: ReadonlySet<string>;

  constructor(shared: ReadonlySet<string>) {
    this.shared = shared;
  }

  /** From the stretch before the statements to that after them. */
  block(statements: readonly Statement[], before: Stretch): Stretch {
    return statements.reduce((stretch, s) => this.statement(s, stretch), before);
  }

  private statement(s: Statement, before: Stretch): Stretch {
    if (s.kind === 'while') {
      const condition = (stretch: Stretch): Stretch => this.loads(s.condition, stretch);
      return loop(condition(before), false, (turn) => condition(this.block(s.body, turn)));
    }
    const after = expressionsOf(s).reduce((stretch, e) => this.loads(e, stretch), before);
    switch (s.kind) {
      case 'barrier':
        return new Map();
      case 'store':
        return this.use(s.memory, stored, after);
      case 'if':
        return this.branches(s, after);
      case 'for':
        return loop(after, turnsAtLeastOnce(s), (turn) => this.block(s.body, turn));
      case 'let':
      case 'var':
      case 'assign':
      case 'comment':
        return after;
    }
    s satisfies never;
  }

  /** Without a barrier both may run at once; with one, all invocations take the same. */
  private branches(s: Extract<Statement, { kind: 'if' }>, before: Stretch): Stretch {
    const then = this.block(s.then, before);
    const oneOf = hasBarrier(s.then) || hasBarrier(s.otherwise);
    return oneOf ? either(then, this.block(s.otherwise, before)) : this.block(s.otherwise, then);
  }

  private loads(root: Expression, before: Stretch): Stretch {
    let stretch = before;
    visitExpression(root, (e) => {
      if (e.kind === 'load') stretch = this.use(e.memory, loaded, stretch);
    });
    return stretch;
  }

  private use(memory: string, use: number, stretch: Stretch): Stretch {
    if (!this.shared.has(memory)) return stretch;
    const known = stretch.get(memory) ?? 0;
    if (known === use) return stretch;
    if (known !== 0) {
      throw new Breach(`${memory} is both loaded and stored to with no barrier in between`);
    }
    return new Map(stretch).set(memory, use);
  }
}

/** No turn, one turn, or turns before which there was one; more add nothing. */
function loop(before: Stretch, turns: boolean, turn: (before: Stretch) => Stretch): Stretch {
  const first = turn(before);
  const later = turn(either(before, first));
  return turns ? later : either(before, later);
}

function turnsAtLeastOnce({ from, to }: Extract<Statement, { kind: 'for' }>): boolean {
  return from.kind === 'number' && to.kind === 'number' && from.value < to.value;
}

function hasBarrier(statements: readonly Statement[]): boolean {
  let found = false;
  visitStatements(statements, {
    statement: (s) => {
      found ||= s.kind === 'barrier';
    },
  });
  return found;
}

function either(x: Stretch, y: Stretch): Stretch {
  const both = new Map(x);
  for (const [memory, uses] of y) both.set(memory, (both.get(memory) ?? 0) | uses);
  return both;
}
