/**
 * The f64 error function, against which f32 ones are measured, against its own series in 640 binary
 * digits. Engines have no erf to compare with.
 */
import { expect, test } from 'vitest';
import { required, valuesOf } from '../support/op-runs.ts';
import { drawer, floats } from '../../compiler/verify/arrays.ts';

const digits = 640n;
const one = 1n << digits;

test('erf in f64 is within 2^-25 ulp of an f32', () => {
  const draw = drawer(6);
  const ordinary = Array.from({ length: 400 }, () => Math.fround(draw() * 6.5));
  const tiny = Array.from({ length: 60 }, () => Math.fround(2 ** (-149 * draw())));
  // Where the op goes from one formula to the other, and to 1.
  const seams = [2.4999998, 2.5, 2.5000002, 5.9999995, 6].map(Math.fround);
  const xs = [...ordinary, ...tiny, ...seams].flatMap((x) => [x, -x]);
  const found = valuesOf('erf', [floats([xs.length], xs)]);
  const worst = xs.map((x, i) => relativeError(required(found[i]), errorFunction(fixedPoint(x))));
  // An ulp of an f32 is at least 2^-24 of the number.
  expect(Math.max(...worst)).toBeLessThan(2 ** -24 * 2 ** -25);
});

function relativeError(found: number, exact: bigint): number {
  const error = fixedPoint(found) - exact;
  const size = exact < 0n ? -exact : exact;
  return size === 0n ? Number(error) : Math.abs(Number((error * 2n ** 80n) / size) * 2 ** -80);
}

/** 2/√π Σ (-1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)); x and the sum in units of 2^-digits. */
function errorFunction(x: bigint): bigint {
  const square = (x * x) / one;
  let [power, sum] = [x, x];
  for (let n = 1n; power !== 0n; n++) {
    power = -(power * square) / one / n;
    sum += power / (2n * n + 1n);
  }
  return (2n * sum * one) / squareRoot(pi() * one);
}

/** By Machin's formula, 16 atan 1/5 - 4 atan 1/239. */
function pi(): bigint {
  const arcTangentOfInverse = (of: bigint): bigint => {
    let [power, sum] = [one / of, one / of];
    for (let n = 3n; power !== 0n; n += 2n) {
      power = -power / (of * of);
      sum += power / n;
    }
    return sum;
  };
  return 16n * arcTangentOfInverse(5n) - 4n * arcTangentOfInverse(239n);
}

function squareRoot(x: bigint): bigint {
  let root = x;
  for (;;) {
    const next = (root + x / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** An f64 in units of 2^-digits, exactly: the last digit of 2^-149 in f64 is 2^-201. */
function fixedPoint(x: number): bigint {
  return BigInt(x * 2 ** 202) << (digits - 202n);
}
