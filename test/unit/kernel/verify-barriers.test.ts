/** Where a barrier may stand, and where all invocations would store to one element. */
import { describe, expect, test } from 'vitest';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';

const functions: readonly KernelFunction[] = [
  {
    ...{ name: 'small', parameters: [{ name: 'i', type: 'i32' }], lets: [] },
    result: { kind: 'number', type: 'bool', value: 1 },
  },
];

const verified = (body: string, workgroup = '64, 1, 1'): Kernel =>
  verifyKernel(
    readKernel(`kernel test workgroup(${workgroup}) {
      buffer a: i32 read
      buffer y: i32 readWrite
      size n
      shared tile: i32[64]
      registers r: i32[4]
      calls small: bool
      ${body}
    }`),
    functions,
  );

describe('a barrier that not all come by', () => {
  test.each([
    ['if invocation.x < 4 { barrier }', 'invocation.x < 4 may differ'],
    ['if n < 4 {} else if invocation.y == 0 {} else { barrier }', 'invocation.y == 0 may differ'],
    ['if a[0] == 1 { barrier }', 'a[0] == 1 may differ'],
    ['if r[0] == 1 { barrier }', 'r[0] == 1 may differ'],
    ['if small(invocation.x) { barrier }', 'small(invocation.x) may differ'],
    ['if select(n < 2, n, invocation.x) == 0 { barrier }', 'may differ'],
    ['while a[0] < 4 { barrier }', 'a[0] < 4 may differ'],
    ['for i = invocation.x to n step 64 { barrier }', 'invocation.x may differ'],
    ['for i = 0 to invocation.x { barrier }', 'invocation.x may differ'],
    ['for i = 0 to n step invocation.x + 1 { barrier }', 'invocation.x + 1 may differ'],
    ['if invocation.x < 4 { if n < 4 { for i = 0 to n { barrier } } }', 'invocation.x < 4 may'],
    ['let i: i32 = invocation.x let j: i32 = i + 1 if j < 4 { barrier }', 'j < 4 may differ'],
    ['var m: i32 = 0 m = invocation.x if m == 0 { barrier }', 'm == 0 may differ'],
    ['var m: i32 = 0 if invocation.x == 0 { m = 1 } if m == 0 { barrier }', 'm == 0 may differ'],
    ['var m: i32 = 0 for i = 0 to n { if m == 0 { barrier } m = invocation.x }', 'm == 0 may'],
    [
      'var m: i32 = 0 var l: i32 = 0 while n < 2 { if l == 0 { barrier } l = m m = a[0] }',
      'l == 0 may differ',
    ],
    ['for i = 0 to n { var m: i32 = i m = a[0] if m == 0 { barrier } }', 'm == 0 may differ'],
  ])('%s', (body, message) => {
    expect(() => verified(body)).toThrow('a barrier stands where not all come by');
    expect(() => verified(body)).toThrow(message);
  });
});

describe('a barrier that all come by', () => {
  test.each([
    'barrier',
    'if workgroup.x < n && step == 2 { barrier }',
    'for i = workgroup.x to n step 2 { barrier if i < 2 { barrier } }',
    'if small(n) { barrier } else { barrier }',
    'var m: i32 = 3 while 0 < m { barrier m = m - 1 }',
    'if invocation.x == 0 { var m: i32 = a[0] m = 2 } barrier',
    'for i = invocation.x to n step 64 {} for i = 0 to n { barrier }',
    'if invocation.x == 0 { let c: i32 = a[0] } if n < 2 { let c: i32 = n if c < 3 { barrier } }',
    'for i = 0 to n { var m: i32 = 0 if m == 0 { barrier } m = a[0] }',
  ])('%s', (body) => {
    expect(verified(body)).toBeDefined();
  });
});

describe('a store by all invocations to one element', () => {
  test.each(['y[0] = 1', 'tile[n % 64] = n', 'if n < 4 { for i = 0 to n { y[i] = a[0] } }'])(
    '%s',
    (body) => {
      expect(() => verified(body)).toThrow('all invocations store to');
      expect(verified(body, '1, 1, 1')).toBeDefined();
    },
  );

  test.each([
    'if invocation.x == 0 { y[0] = 1 }',
    'y[invocation.x] = 1',
    'y[a[0]] = 1',
    'r[0] = 1',
    'for i = invocation.x to n step 64 { y[i] = 1 }',
  ])('none: %s', (body) => {
    expect(verified(body)).toBeDefined();
  });
});
