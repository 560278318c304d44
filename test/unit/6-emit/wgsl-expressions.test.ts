/** Expressions: each op, and where parentheses stand. */
import { describe, expect, test } from 'vitest';
import { kernelWgsl } from '../../../compiler/6-emit/wgsl/emit.ts';
import * as k from '../../../compiler/kernel/build.ts';
import type { BinaryOp, Expression, Statement } from '../../../runtime/artifact/kernel.ts';

const i = k.local('i', 'i32');
const j = k.local('j', 'i32');
const x = k.local('x', 'f32');
const y = k.local('y', 'f32');
const p = k.local('p', 'bool');
const q = k.local('q', 'bool');
const v = k.local('v', 'f32x4');
const { add, sub, mul, div, mod, min, less, and, or, unary, binary, int, float } = k;

/** The text of `let result = …`, and what stands above `main`. */
function print(value: Expression): { readonly text: string; readonly head: string } {
  const declared: Statement[] = [
    { kind: 'let', name: 'i', value: int(1) },
    { kind: 'let', name: 'j', value: int(1) },
    { kind: 'let', name: 'x', value: float(1) },
    { kind: 'let', name: 'y', value: float(1) },
    { kind: 'let', name: 'p', value: k.bool(true) },
    { kind: 'let', name: 'q', value: k.bool(true) },
    { kind: 'let', name: 'v', value: unary('splat', x) },
  ];
  const shader = kernelWgsl(
    {
      name: 'k',
      buffers: [{ name: 'a', element: 'f32', access: 'read' }],
      sizes: ['B'],
      workgroup: [1, 1, 1],
      shared: [],
      registers: [],
      body: [...declared, { kind: 'let', name: 'result', value }],
    },
    [],
  );
  const text = /^ {2}let result = (.*);$/m.exec(shader)?.[1] ?? shader;
  return { text, head: shader.slice(0, shader.indexOf('@compute')) };
}

/** As the builder would make it, without folding. */
function raw(op: BinaryOp, left: Expression, right: Expression): Expression {
  return { kind: 'binary', op, x: left, y: right, type: k.typeOf(left) };
}

const printed = (cases: readonly (readonly [Expression, string])[]): void => {
  expect(cases.map(([value]) => print(value).text)).toEqual(cases.map(([, text]) => text));
};

test('arithmetic has the parentheses that it needs', () => {
  printed([
    [add(mul(x, y), x), 'x * y + x'],
    [mul(add(x, y), x), '(x + y) * x'],
    [sub(x, sub(y, x)), 'x - (y - x)'],
    [sub(sub(x, y), x), 'x - y - x'],
    [div(x, mul(x, y)), 'x / (x * y)'],
    [mul(unary('neg', x), y), '-x * y'],
    [unary('neg', unary('neg', x)), '-(-x)'],
    [sub(x, float(-1)), 'x - -1.0'],
    [unary('neg', add(x, y)), '-(x + y)'],
    [mod(add(i, j), i), '(i + j) % i'],
  ]);
});

test('conditions', () => {
  printed([
    [and(and(p, q), less(x, add(y, x))), 'p && q && x < y + x'],
    [and(p, and(q, p)), 'p && (q && p)'],
    [or(and(p, q), p), '(p && q) || p'],
    [and(or(p, q), p), '(p || q) && p'],
    [unary('not', and(p, q)), '!(p && q)'],
    [k.lessEqual(i, j), 'i <= j'],
    [k.equal(i, j), 'i == j'],
    [k.notEqual(x, y), 'x != y'],
    [k.select(less(i, j), x, y), 'select(y, x, i < j)'],
    [k.select(p, k.bool(true), q), 'select(q, true, p)'],
  ]);
});

test('bits and shifts stand in parentheses inside anything', () => {
  printed([
    [binary('bitAnd', i, j), 'i & j'],
    [binary('bitOr', binary('bitAnd', i, j), i), '(i & j) | i'],
    [binary('bitXor', binary('bitXor', i, j), i), 'i ^ j ^ i'],
    [binary('bitXor', i, add(i, j)), 'i ^ (i + j)'],
    [less(binary('bitAnd', i, j), i), '(i & j) < i'],
    [binary('shiftLeft', i, int(3)), 'i << 3u'],
    [add(binary('shiftLeft', i, j), j), '(i << u32(j)) + j'],
    [binary('shiftLeft', add(i, j), int(1)), '(i + j) << 1u'],
    [less(i, binary('shiftRight', j, int(1))), 'i < i32(u32(j) >> 1u)'],
    [binary('shiftRight', int(-5), i), 'i32(0xfffffffbu >> u32(i))'],
  ]);
});

test('functions, conversions, fours', () => {
  printed([
    [min(i, int(-2147483648)), 'min(i, -2147483648)'],
    [k.max(x, y), 'max(x, y)'],
    [unary('abs', i), 'abs(i)'],
    [unary('floor', x), 'floor(x)'],
    [unary('sqrt', add(x, y)), 'sqrt(x + y)'],
    [unary('toFloat', i), 'f32(i)'],
    [unary('toInt', x), 'to_int(x)'],
    [unary('toBits', x), 'bitcast<i32>(x)'],
    [unary('fromBits', i), 'bitcast<f32>(i)'],
    [unary('splat', x), 'vec4<f32>(x)'],
    [k.pack([x, add(x, y), x, y]), 'vec4<f32>(x, x + y, x, y)'],
    [k.lane(v, 3), 'v.w'],
    [k.lane(add(v, v), 0), '(v + v).x'],
    [k.load('a', sub(i, j), 'f32'), 'floats[a_at + i - j]'],
    [k.load('a', k.select(p, i, j), 'f32'), 'floats[a_at + select(j, i, p)]'],
    [k.load('a', int(0), 'f32'), 'floats[a_at]'],
    [k.size('B'), 'B'],
    [k.workgroup(2), 'i32(workgroup_id.z)'],
    [k.invocation(1), 'i32(invocation_id.y)'],
  ]);
  expect(print(unary('toInt', x)).head).toContain('fn to_int(x: f32) -> i32 {');
});

describe('what WGSL would fold and refuse is hidden from it', () => {
  test('numbers that it has no text for', () => {
    printed([
      [float(Infinity), 'bitcast<f32>(opaque(0x7f800000u))'],
      [float(-Infinity), 'bitcast<f32>(opaque(0xff800000u))'],
      [float(NaN), 'bitcast<f32>(opaque(0x7fc00000u))'],
      [float(-0), 'bitcast<f32>(opaque(0x80000000u))'],
      [unary('fromBits', int(0x7f800000)), 'bitcast<f32>(opaque(0x7f800000u))'],
      [k.max(x, float(-Infinity)), 'max(x, bitcast<f32>(opaque(0xff800000u)))'],
    ]);
    const { head } = print(float(NaN));
    expect(head).toContain('var<uniform> moment: vec4<u32>;');
    expect(head).toContain('fn opaque(bits: u32) -> u32 {');
  });

  test('operations on nothing but constants', () => {
    const hidden = (text: string): string => `bitcast<f32>(opaque(${text}))`;
    printed([
      [div(float(1), float(0)), `${hidden('0x3f800000u')} / ${hidden('0x0u')}`],
      [add(x, mul(float(1), float(2))), `x + ${hidden('0x3f800000u')} * ${hidden('0x40000000u')}`],
      [unary('sqrt', float(-1)), `sqrt(${hidden('0xbf800000u')})`],
      [
        raw('add', int(2147483647), int(1)),
        'bitcast<i32>(opaque(0x7fffffffu)) + bitcast<i32>(opaque(0x1u))',
      ],
      // Tint would make one constant of -0 and 0.
      [unary('neg', float(0)), '-bitcast<f32>(opaque(0x0u))'],
      [unary('neg', int(-2147483648)), '-bitcast<i32>(opaque(0x80000000u))'],
      [unary('toInt', float(1e20)), 'to_int(100000000000000000000.0)'],
      [less(float(1), float(2)), '1.0 < 2.0'],
    ]);
  });

  test('a division by nothing', () => {
    printed([
      [raw('div', i, int(0)), 'i / bitcast<i32>(opaque(0x0u))'],
      [raw('mod', i, int(0)), 'i % bitcast<i32>(opaque(0x0u))'],
      [div(i, int(2)), 'i / 2'],
    ]);
  });
});
