/** What the functions are made of, and those that give the very bits. */
import { expect, test } from 'vitest';
import { mathFunctions } from '../../../compiler/kernel/math/all.ts';
import { visitExpression } from '../../../compiler/kernel/walk.ts';
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { threefry2x32, uniformFill } from '../../../runtime/artifact/threefry.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';

const functionNamed = compileFunctions(mathFunctions);

function call(name: string, ...args: readonly number[]): number {
  const { locals, result } = functionNamed(name);
  locals.set(args);
  return result();
}

function everyPart(e: Expression): readonly Expression[] {
  const parts: Expression[] = [];
  visitExpression(e, (part) => parts.push(part));
  return parts;
}

function allParts({ lets, result }: KernelFunction): readonly Expression[] {
  return [...lets.map(({ value }) => value), result].flatMap(everyPart);
}

test('each function calls only those before it, and uses names after they are given', () => {
  const known = new Set<string>();
  for (const { name, parameters, lets, result } of mathFunctions) {
    const names = new Set(parameters.map((parameter) => parameter.name));
    const check = (e: Expression): void => {
      for (const part of everyPart(e)) {
        if (part.kind === 'call')
          expect(known, `${name} calls ${part.function}`).toContain(part.function);
        if (part.kind === 'local') expect(names, name).toContain(part.name);
      }
    };
    for (const { name: letName, value } of lets) {
      check(value);
      expect(names, name).not.toContain(letName);
      names.add(letName);
    }
    check(result);
    known.add(name);
  }
});

/**
 * A literal that is not finite is an error in WGSL, and a minimum of floats is each target's own
 * where there is a NaN or -0.
 */
test('nothing is used whose result differs between targets', () => {
  for (const f of mathFunctions) {
    for (const part of allParts(f)) {
      if (part.kind === 'number') expect(Number.isFinite(part.value), f.name).toBe(true);
      if (part.kind !== 'unary' && part.kind !== 'binary') continue;
      if (part.type === 'f32') expect(['sqrt', 'min', 'max'], f.name).not.toContain(part.op);
    }
  }
});

test('maximum and minimum are Math.max and Math.min', () => {
  const values = [0, -0, 1, -1, 1.5, -2.5, 1e38, 2 ** -149, -(2 ** -149), Infinity, -Infinity, NaN];
  for (const x of values.map(Math.fround)) {
    for (const y of values.map(Math.fround)) {
      expect(call('maximum', x, y), `${x}, ${y}`).toBe(Math.max(x, y));
      expect(call('minimum', x, y), `${x}, ${y}`).toBe(Math.min(x, y));
    }
  }
});

test('uniform numbers are those of the artifact, bit for bit', () => {
  const draw = drawer(8);
  const word = (): number => Math.floor(draw() * 2 ** 32) | 0;
  const out = new Float32Array(50);
  for (const [key0, key1, site] of [
    [0, 0, 0],
    [-1, -1, -1],
    [word(), word(), word()],
    [word(), 7, 3],
  ] as const) {
    uniformFill(out, key0, key1, site);
    out.forEach((wanted, i) => expect(call('uniform', key0, key1, site, i)).toBe(wanted));
  }
  const far = word();
  const [first] = threefry2x32(1, 2, 3, far);
  expect(call('uniform', 1, 2, 3, far)).toBe((first >>> 8) / 2 ** 24);
});
