/**
 * How many bytes a program's arenas take while it runs, weights and inputs included, as a
 * polynomial in the dimensions that are still open. Exact: a program lays out its memory by nothing
 * else.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { CompilerBug } from '../base/bug.ts';
import { plus, polynomial, times, type Polynomial } from '../graph/polynomial.ts';

export function peakMemory({ memory }: Program): Polynomial {
  const elements = plus(sizePolynomial(memory.f32), sizePolynomial(memory.i32));
  return times(polynomial(bytesEach), elements);
}

/** Both kinds of elements are 32 bits wide. */
const bytesEach = 4;

/** Sums, differences and products of sizes; sizes of memory are nothing else. */
export function sizePolynomial(expression: Expression): Polynomial {
  switch (expression.kind) {
    case 'number':
      return polynomial(expression.value);
    case 'size':
      return { terms: [{ coefficient: 1, symbols: [expression.name] }] };
    case 'binary': {
      const [x, y] = [sizePolynomial(expression.x), sizePolynomial(expression.y)];
      if (expression.op === 'add') return plus(x, y);
      if (expression.op === 'sub') return plus(x, times(polynomial(-1), y));
      if (expression.op === 'mul') return times(x, y);
      throw new CompilerBug('peak-memory', `${expression.op} in a size of memory`);
    }
    default:
      throw new CompilerBug('peak-memory', `${expression.kind} in a size of memory`);
  }
}
