/** Ways through expressions and statements. */
import { expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import { printExpression } from '../../../compiler/kernel/print-expression.ts';
import { printStatements } from '../../../compiler/kernel/print.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import {
  mapExpression,
  mapStatements,
  someExpression,
  substitute,
  visitExpression,
  visitStatements,
} from '../../../compiler/kernel/walk.ts';
import type { Expression } from '../../../runtime/artifact/kernel.ts';

const { body } = readKernel(`kernel w workgroup(1, 1, 1) {
  buffer a: f32 readWrite
  size n
  calls f: f32
  var x: f32 = select(n < 1, f(a[n + 2]), -lane(a[n * 4 : 4], 1))
  for i = n to n + 3 step n + 4 {
    a[i + 5] = x
    while x < 6.0 {
      if x < 7.0 {
        x = 8.0
      } else {
        x = 9.0
      }
    }
  }
}`);

const numberOf = (e: Expression): readonly number[] => (e.kind === 'number' ? [e.value] : []);

test('everything is visited once, in the order of the text', () => {
  const numbers: number[] = [];
  const kinds: string[] = [];
  visitStatements(body, {
    statement: (s) => kinds.push(s.kind),
    expression: (e) => numbers.push(...numberOf(e)),
  });
  expect(numbers).toEqual([1, 2, 4, 3, 4, 5, 6, 7, 8, 9]);
  expect(kinds).toEqual(['var', 'for', 'store', 'while', 'if', 'assign', 'assign']);
});

test('an expression comes before its parts', () => {
  const seen: string[] = [];
  const e = k.add(k.size('a'), k.mul(k.size('b'), k.size('c')));
  visitExpression(e, (part) => seen.push(printExpression(part)));
  expect(seen).toEqual(['a + b * c', 'a', 'b * c', 'b', 'c']);
  expect(someExpression(e, (part) => part.kind === 'size' && part.name === 'c')).toBe(true);
  expect(someExpression(e, (part) => part.kind === 'step')).toBe(false);
});

test('a change reaches every expression', () => {
  const before = printStatements(body);
  const changed = mapStatements(body, (e) =>
    e.kind === 'number' ? { ...e, value: e.value + 10 } : e,
  );
  const numbers: number[] = [];
  visitStatements(changed, { expression: (e) => numbers.push(...numberOf(e)) });
  expect(numbers).toEqual([11, 12, 14, 13, 14, 15, 16, 17, 18, 19]);
  expect(printStatements(changed).replaceAll(/1(\d)/g, '$1')).toBe(before);
  expect(printStatements(body)).toBe(before);
});

test('what is not changed is the same object', () => {
  const [x, y] = [k.mul(k.size('a'), k.size('b')), k.add(k.size('c'), k.int(1))];
  const e = k.sub(x, y);
  expect(mapExpression(e, (part) => part)).toBe(e);
  const changed = mapExpression(e, (part) => (part.kind === 'number' ? k.int(2) : part));
  expect(changed).toEqual(k.sub(x, k.add(k.size('c'), k.int(2))));
  expect(changed.kind === 'binary' && changed.x).toBe(x);
});

test('locals are replaced once', () => {
  const [x, y] = [k.local('x', 'i32'), k.local('y', 'i32')];
  const swapped = substitute(
    k.sub(x, k.unary('neg', y)),
    new Map([
      ['x', y],
      ['y', x],
    ]),
  );
  expect(printExpression(swapped)).toBe('y - -x');
});

test('statements that nothing changes stay the same objects', () => {
  expect(mapStatements(body, (e) => e)).toBe(body);
  const changed = mapStatements(body, (e) =>
    e.kind === 'number' && e.value === 8 ? { ...e, value: 80 } : e,
  );
  expect(changed).not.toBe(body);
  expect(changed[0]).toBe(body[0]);
  expect(printStatements(changed)).toBe(printStatements(body).replace('8.0', '80.0'));
});
