/**
 * Which numbers that a program counts to need no look of their own, since they are at most three
 * times as large as its memory has elements: of memory that fits into 2^31 bytes they stay below
 * 2^31. Sizes are not negative, and the batch is 1 at least.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { plus, polynomial, times, type Polynomial } from '../graph/polynomial.ts';

export function isBounded(count: Expression, memory: Program['memory']): boolean {
  const room = times(polynomial(3), plus(atLeast(memory.f32), atLeast(memory.i32)));
  const left = new Map(room.terms.map(({ coefficient, symbols }) => [symbols, coefficient]));
  // Those of the highest degree first: they have the fewest places.
  const terms = atMost(count).terms.toSorted((a, b) => b.symbols.length - a.symbols.length);
  return terms.every(({ coefficient, symbols }) => {
    let rest = coefficient;
    for (const [wide, free] of left) {
      if (!isTimesBatch(wide, symbols)) continue;
      const taken = Math.min(rest, free);
      left.set(wide, free - taken);
      rest -= taken;
    }
    return rest <= 0;
  });
}

/** Whether `wide` is `narrow` times a power of the batch. */
function isTimesBatch(wide: readonly string[], narrow: readonly string[]): boolean {
  const rest = [...narrow];
  for (const symbol of wide) {
    const at = rest.indexOf(symbol);
    if (at >= 0) rest.splice(at, 1);
    else if (symbol !== 'B') return false;
  }
  return rest.length === 0;
}

const none = polynomial(0);

function atMost(e: Expression): Polynomial {
  if (e.kind === 'number') return polynomial(Math.max(0, e.value));
  if (e.kind === 'size') return symbol(e.name);
  if (e.kind !== 'binary') return polynomial(Infinity);
  const [x, y] = [atMost(e.x), atMost(e.y)];
  switch (e.op) {
    case 'add':
    case 'max':
      return plus(x, y);
    case 'mul':
      return times(x, y);
    case 'div':
      return e.y.kind === 'number' ? times(x, polynomial(1 / e.y.value)) : x;
    // Of sub, mod and min: x, as what is taken away is not negative.
    default:
      return x;
  }
}

function atLeast(e: Expression): Polynomial {
  if (e.kind === 'number') return polynomial(Math.max(0, e.value));
  if (e.kind === 'size') return symbol(e.name);
  if (e.kind !== 'binary') return none;
  const [x, y] = [atLeast(e.x), atLeast(e.y)];
  switch (e.op) {
    case 'add':
      return plus(x, y);
    case 'mul':
      return times(x, y);
    case 'max':
      return x;
    default:
      return none;
  }
}

function symbol(name: string): Polynomial {
  return { terms: [{ coefficient: 1, symbols: [name] }] };
}
