/** What a kernel must keep as to names, types and limits: each breach and its message. */
import { describe, expect, test } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { printKernel } from '../../../compiler/kernel/print.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyFunctions, verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Expression, Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';

const head = `
  buffer a: f32 read
  buffer b: f32 write
  buffer ids: i32 readWrite
  size n
  shared tile: f32[64]
  registers sum: f32[16]
  calls half: f32
  calls odd: bool
`;

const kernel = (body: string, workgroup = '64, 1, 1'): Kernel =>
  readKernel(`kernel test workgroup(${workgroup}) {${head}${body}}`);

const functions: readonly KernelFunction[] = [
  {
    ...{ name: 'half', parameters: [{ name: 'x', type: 'f32' }], lets: [] },
    result: k.mul(k.local('x', 'f32'), k.float(0.5)),
  },
  {
    ...{ name: 'odd', parameters: [{ name: 'i', type: 'i32' }], lets: [] },
    result: k.equal(k.binary('bitAnd', k.local('i', 'i32'), k.int(1)), k.int(1)),
  },
];

const expectBreach = (wrong: Kernel, message: string): void => {
  const verify = (): Kernel => verifyKernel(wrong, functions);
  expect(verify).toThrow(`verify: kernel test: ${message}`);
  expect(verify).toThrow(CompilerBug);
};

test('a kernel that keeps all of it comes back, a breach carries the text', () => {
  const right = kernel('b[invocation.x] = half(a[0]) let odd: bool = odd(n)');
  expect(verifyKernel(right, functions)).toBe(right);
  const wrong = kernel('b[invocation.x] = 1');
  try {
    verifyKernel(wrong, functions);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(CompilerBug);
    expect(error).toHaveProperty('dump', printKernel(wrong));
  }
});

describe('types in statements', () => {
  test.each([
    ['if 1 {}', '1 is i32, expected bool'],
    ['while 1.0 {}', '1.0 is f32, expected bool'],
    ['for i = 0.0 to 4 {}', '0.0 is f32, expected i32'],
    ['for i = 0 to 4.0 {}', '4.0 is f32, expected i32'],
    ['for i = 0 to 4 step true {}', 'true is bool, expected i32'],
    ['for i = 0 to 4 step 0 {}', 'the step of the loop over i is 0'],
    ['for i = 0 to 4 step 1 - 2 {}', 'the step of the loop over i is not positive'],
    ['var x: i32 = 1 x = 2.0', '2.0 is f32, expected i32'],
    ['let x: i32 = 1 x = 2', 'x is assigned and is no var'],
    ['for i = 0 to 4 { i = 2 }', 'i is assigned and is no var'],
    ['y = 2', 'y is assigned and is no var'],
    ['a[0] = 1.0', 'a is stored to and may only be read'],
    ['b[0.0] = 1.0', '0.0 is f32, expected i32'],
    ['b[0] = 1', '1 is i32, expected f32'],
    ['b[0] = true', 'true is bool, expected f32'],
    ['ids[0 : 4] = splat(1.0)', 'splat(1.0) is f32x4, expected i32'],
    ['nowhere[0] = 1.0', 'there is no memory nowhere'],
  ])('%s', (body, message) => expectBreach(kernel(body), message));
});

describe('types in expressions', () => {
  test.each([
    ['let x: f32 = b[0]', 'b is read and may only be written'],
    ['let x: f32 = a[0.5]', '0.5 is f32, expected i32'],
    ['let x: f32x4 = ids[0 : 4]', 'ids[0 : 4] says that it is f32x4, it is i32'],
    ['let x: i32 = 1 + 1.0', '1 + 1.0: no such op of i32 and f32'],
    ['let x: bool = true + false', 'true + false: no such op of bool and bool'],
    ['let x: f32 = 1.0 % 2.0', '1.0 % 2.0: no such op of f32 and f32'],
    ['let x: f32 = 1.0 & 2.0', '1.0 & 2.0: no such op of f32 and f32'],
    ['let x: f32x4 = max(splat(1.0), splat(0.0))', 'no such op of f32x4 and f32x4'],
    ['let x: i32 = 1 && 2', '1 && 2: no such op of i32 and i32'],
    ['let x: bool = true == false', 'true == false: no such op of bool and bool'],
    ['let x: i32 = sqrt(4)', 'sqrt(4): no such op of i32'],
    ['let x: i32 = !(4)', '!(4): no such op of i32'],
    ['let x: bool = -(true)', '-(true): no such op of bool'],
    ['let x: f32 = toFloat(1.0)', 'toFloat(1.0): no such op of f32'],
    ['let x: i32 = toInt(1)', 'toInt(1): no such op of i32'],
    ['let x: i32 = splat(1)', 'splat(1): no such op of i32'],
    ['let x: f32 = select(1, 1.0, 2.0)', '1 is i32, expected bool'],
    ['let x: f32 = select(true, 1.0, 2)', '2 is i32, expected f32'],
    ['let x: f32 = lane(1.0, 0)', '1.0 is f32, expected f32x4'],
    ['let x: f32x4 = pack(1.0, 2.0, 3.0)', 'pack(1.0, 2.0, 3.0) is not four numbers'],
    ['let x: f32x4 = pack(1.0, 2.0, 3.0, 4)', '4 is i32, expected f32'],
    ['let x: f32 = half(1)', '1 is i32, expected f32'],
    ['let x: f32 = half()', 'half(): half takes 1'],
    ['let x: i32 = 2147483648', '2147483648 is no i32'],
    ['let x: i32 = -0', '-0 is no i32'],
  ])('%s', (body, message) => {
    const found = kernel(body);
    expect(() => verifyKernel(found, functions)).toThrow(message);
  });

  const value = (e: Expression): Kernel => ({
    ...kernel(''),
    body: [{ kind: 'let', name: 'v', value: e }],
  });
  test.each([
    [k.local('x', 'f32'), 'x is not defined here'],
    [k.size('m'), 'the size m is not declared'],
    [k.load('nowhere', k.int(0), 'f32'), 'there is no memory nowhere'],
    [k.load('a', k.int(0), 'i32'), 'a[0] says that it is i32, it is f32'],
    [k.call('twice', [], 'f32'), 'there is no function twice before this'],
    [k.call('half', [k.float(1)], 'i32'), 'half(1.0) says that it is i32, it is f32'],
    [k.int(0.5), '0.5 is no i32'],
    [{ kind: 'number', type: 'bool', value: 2 }, '2 is no bool'],
    [
      { kind: 'binary', op: 'less', x: k.int(0), y: k.int(1), type: 'i32' },
      '0 < 1 says that it is i32, it is bool',
    ],
  ] satisfies [Expression, string][])('%j', (e, message) => expectBreach(value(e), message));
});

describe('names', () => {
  test.each([
    ['let x: i32 = 1 let x: i32 = 2', 'x is defined twice'],
    ['let x: i32 = 1 if true { var x: i32 = 2 }', 'x is defined twice'],
    ['for i = 0 to 2 { for i = 0 to 2 {} }', 'i is defined twice'],
    ['let n: i32 = 1', 'n is a size already'],
  ])('%s', (body, message) => expectBreach(kernel(body), message));

  test('may be used again where the first is not seen any more', () => {
    const body = 'if true { let x: i32 = 1 } else { let x: f32 = 1.0 } for x = 0 to 1 {}';
    expect(verifyKernel(kernel(body), functions)).toBeDefined();
  });

  test('are not seen past their block, nor in their own value', () => {
    const x = k.local('x', 'i32');
    const define = { kind: 'let', name: 'x', value: k.int(1) } as const;
    const use = { kind: 'let', name: 'y', value: x } as const;
    const inner = { kind: 'if', condition: k.bool(true), then: [define], otherwise: [] } as const;
    expectBreach({ ...kernel(''), body: [inner, use] }, 'x is not defined here');
    const own = { kind: 'let', name: 'x', value: x } as const;
    expectBreach({ ...kernel(''), body: [own] }, 'x is not defined here');
    const loop = { kind: 'for', variable: 'x', from: x, to: x, step: k.int(1), body: [] } as const;
    expectBreach({ ...kernel(''), body: [loop] }, 'x is not defined here');
  });
});

describe('the range of a loop stays as it is', () => {
  test.each([
    ['var m: i32 = 4 for i = 0 to m { m = 3 }', 'm may change in the loop over i'],
    ['var m: i32 = 4 for i = 0 to n step m + 1 { if true { m = 3 } }', 'm + 1 may change'],
    ['for i = 0 to ids[0] { ids[invocation.x] = 1 }', 'ids[0] may change in the loop over i'],
  ])('%s', (body, message) => expectBreach(kernel(body), message));

  test('what the loop does not touch may be asked', () => {
    const body = 'var m: i32 = 4 for i = m to m + ids[0] { let x: i32 = m } m = 5';
    expect(verifyKernel(kernel(body), functions)).toBeDefined();
  });
});

describe('limits', () => {
  const empty = kernel('');
  const array = { name: 'x', element: 'f32', length: 1 } as const;
  test.each([
    [kernel('', '257, 1, 1'), 'a workgroup of 257 invocations'],
    [kernel('', '16, 17, 1'), 'a workgroup of 272 invocations'],
    [kernel('', '1, 1, 65'), 'a workgroup of 65 invocations along z'],
    [kernel('', '0, 1, 1'), 'no workgroup: 0, 1, 1'],
    [{ ...empty, shared: [{ ...array, length: 0 }] }, 'x has 0 elements'],
    [{ ...empty, registers: [{ ...array, length: 1.5 }] }, 'x has 1.5 elements'],
    [{ ...empty, shared: [{ ...array, length: 4097 }] }, '16400 bytes of shared memory'],
    [{ ...empty, sizes: ['n', 'm', 'n'] }, 'n is declared twice'],
    [{ ...empty, shared: [{ ...array, name: 'a' }] }, 'a is declared twice'],
  ] satisfies [Kernel, string][])('%#', (wrong, message) => expectBreach(wrong, message));
});

describe('functions', () => {
  const fn = (name: string, result: Expression): KernelFunction => ({
    ...{ name, parameters: [{ name: 'x', type: 'f32' }], lets: [], result },
  });
  const x = k.local('x', 'f32');
  test.each([
    [[fn('f', k.call('f', [x], 'f32'))], 'function f: there is no function f before this'],
    [[fn('f', k.call('g', [x], 'f32')), fn('g', x)], 'there is no function g before this'],
    [[fn('f', x), fn('f', x)], 'function f: there are two of them'],
    [[fn('f', k.unary('splat', x))], 'function f: it gives an f32x4, not a scalar'],
    [[fn('f', k.load('a', k.int(0), 'f32'))], 'there is no memory a'],
    [[fn('f', k.size('n'))], 'the size n is not declared'],
    [[fn('f', k.step)], 'a function knows no step'],
    [[fn('f', k.invocation(0))], 'a function knows no place'],
    [[{ ...fn('f', x), lets: [{ name: 'x', value: x }] }], 'x is defined twice'],
  ])('%#', (wrong, message) => {
    expect(() => verifyFunctions(wrong)).toThrow(CompilerBug);
    expect(() => verifyFunctions(wrong)).toThrow(message);
  });

  test('call those before them', () => {
    const square = { ...fn('g', k.local('y', 'f32')), lets: [{ name: 'y', value: k.mul(x, x) }] };
    expect(() => verifyFunctions([square, fn('f', k.call('g', [x], 'f32'))])).not.toThrow();
  });
});
