/** Powers: Math.pow's special cases, errors over the whole plane, and the decay rates of Adam. */
import { describe, expect, test } from 'vitest';
import { mathFunctions } from '../../../compiler/kernel/math/all.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { roughly } from '../../support/rough-arithmetic.ts';
import { ulpsBetween } from '../../support/ulps.ts';

/** What was found over 6.7·10⁷ pairs is 1.23 (specs/numerics.md); a fused sum only helps. */
const bound = 1.25;

const { locals, result } = compileFunctions(mathFunctions)('pow');
const onDevice = roughly(mathFunctions, 'pow');

function pow(x: number, y: number): number {
  locals[0] = x;
  locals[1] = y;
  return result();
}

test('special cases are those of Math.pow', () => {
  const least = 2 ** -149;
  const bases = [0, 1, 2, 0.5, 3, 1e30, 1e-30, least, 0.99999994, 3.4e38, Infinity];
  const exponents = [...bases, 7, 16777215, 16777216, 8388607.5, 2 ** 31, 2 ** 31 + 256, 4e9, 1.5];
  const signed = (values: readonly number[]): number[] =>
    [...values.flatMap((x) => [x, -x]), NaN].map(Math.fround);
  for (const x of signed(bases)) {
    for (const y of signed(exponents)) {
      const wanted = Math.fround(Math.pow(x, y));
      const found = pow(x, y);
      const what = `${x} to the power of ${y}: ${found}, not ${wanted}`;
      expect(ulpsBetween(found, wanted), what).toBeLessThanOrEqual(bound + 0.5);
      if (wanted === 0) expect(Object.is(found, wanted), what).toBe(true);
    }
  }
});

describe('within its bound', () => {
  /** Exponents for which the power is not plainly 0 or infinite. */
  const draw = drawer(3);
  const pairs = Array.from({ length: 12000 }, (_, i) => {
    const magnitude = i % 2 === 0 ? 2 ** (draw() * 252 - 126) : 1 + (draw() - 0.5) * 2 ** -(i % 23);
    const x = Math.fround(magnitude);
    const y = Math.fround((draw() * 252 - 126) / Math.log2(x));
    return [x, y] as const;
  }).filter(([, y]) => Number.isFinite(y));

  test.each([
    ['each operation rounded once', pow],
    ['on a device', onDevice],
  ])('%s', (_, evaluate) => {
    expect(pairs.length).toBeGreaterThan(11000);
    for (const [x, y] of pairs) {
      const exact = Math.pow(x, y);
      const error = ulpsBetween(evaluate(x, y), exact);
      if (error > bound) expect.fail(`${x} to the power of ${y}: ${error} ulp`);
    }
  });
});

test('small whole powers are exact', () => {
  for (let x = 1; x <= 64; x++) {
    for (let y = 0; x ** y <= 2 ** 24 && y <= 24; y++) {
      expect(pow(x, y), `${x} to the power of ${y}`).toBe(x ** y);
      expect(pow(-x, y), `${-x} to the power of ${y}`).toBe((-x) ** y);
    }
  }
});

test('1 - β^k is as good as 1 - the true power, rounded', () => {
  for (const beta of [0.9, 0.99, 0.999, 0.9999].map(Math.fround)) {
    for (const k of [1, 2, 3, 5, 10, 100, 1000, 12345, 1e5, 1e6]) {
      const exact = Math.pow(beta, k);
      for (const evaluate of [pow, onDevice]) {
        const power = evaluate(beta, k);
        expect(Math.abs(power - exact), `${beta}, ${k}`).toBeLessThanOrEqual(bound * 2 ** -24);
        if (k === 1) expect(power).toBe(beta);
      }
    }
  }
});
