/** Indices that are wrong whatever a kernel is given, and those that may be right. */
import { describe, expect, test } from 'vitest';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Kernel } from '../../../runtime/artifact/kernel.ts';

const verified = (body: string): Kernel =>
  verifyKernel(
    readKernel(`kernel test workgroup(64, 2, 1) {
      buffer a: f32 read
      buffer ids: i32 read
      size n
      shared tile: f32[64]
      registers r: f32[16]
      registers six: f32[6]
      ${body}
    }`),
    [],
  );

describe('out of bounds', () => {
  test.each([
    ['r[16] = 0.0', 'r[16] is at 16, outside its 16 elements'],
    ['r[-1] = 0.0', 'r[-1] is at -1, outside its 16 elements'],
    ['let x: f32 = r[16]', 'r[16] is at 16'],
    ['let x: f32 = select(true, 0.0, r[16])', 'r[16] is at 16'],
    ['six[4 : 4] = splat(0.0)', 'six[4 : 4] is at 4, outside its 6 elements'],
    ['r[12 + 4 : 4] = splat(0.0)', 'r[12 + 4 : 4] is at 16'],
    ['for i = 0 to 17 { r[i] = 0.0 }', 'r[i] is at 0 to 16'],
    ['for i = 1 to 17 { r[i - 2] = 0.0 }', 'r[i - 2] is at -1 to 14'],
    ['for i = 0 to 4 { for j = 0 to 5 { r[i * 4 + j] = 0.0 } }', 'is at 0 to 16'],
    ['for i = 0 to 5 { let k: i32 = i * 4 r[k : 4] = splat(0.0) }', 'r[k : 4] is at 0 to 16'],
    ['for i = 0 to 40 { r[i / 2] = 0.0 }', 'r[i / 2] is at 0 to 19'],
    ['tile[invocation.x + 1] = 0.0', 'tile[invocation.x + 1] is at 1 to 64, outside its 64'],
    ['tile[invocation.x * 2 + invocation.y] = 0.0', 'is at 0 to 127'],
    ['if n < 4 { tile[invocation.x + 64] = 0.0 }', 'is at 64 to 127'],
    ['for i = 16 to n { r[i] = 0.0 }', 'is at 16 to'],
    ['r[n % 4 + 16] = 0.0', 'is at 16 to 19'],
    ['r[(n & 7) - 8] = 0.0', 'is at -8 to -1'],
    ['r[min(n, 3) + 16] = 0.0', 'is at 16 to 19'],
    ['r[max(n, 16)] = 0.0', 'is at 16 to'],
    ['r[select(n < 4, 16, 17)] = 0.0', 'is at 16 to 17'],
    ['r[(n >> 31) + (1 << 4)] = 0.0', 'is at 16'],
    ['let x: f32 = a[-1]', 'a[-1] is at -1, which is negative'],
    ['let x: f32 = a[-n - 1]', 'which is negative'],
  ])('%s', (body, message) => {
    expect(() => verified(body)).toThrow(message);
  });
});

describe('no multiple of 4', () => {
  test.each([
    'let x: f32x4 = a[2 : 4]',
    'let x: f32x4 = a[n * 4 + 2 : 4]',
    'let x: f32x4 = a[n * 2 + 1 : 4]',
    'for i = 0 to 2 { let x: f32x4 = a[i : 4] }',
    'for i = 2 to n step 4 { let x: f32x4 = a[i : 4] }',
    'let x: f32x4 = a[invocation.x * 2 : 4]',
    'let x: f32x4 = a[(n & 1) * 4 + 1 : 4]',
    'r[1 : 4] = splat(0.0)',
  ])('%s', (body) => {
    expect(() => verified(body)).toThrow('is at no multiple of 4');
  });
});

describe('what may be right', () => {
  test.each([
    'for i = 0 to 16 { r[i] = 0.0 }',
    'for i = 15 to 16 step 4 { r[i] = 0.0 }',
    'for i = 0 to 14 step 4 { r[i : 4] = splat(0.0) }',
    'for i = 0 to 4 { for j = 0 to 4 { r[i * 4 + j] = 0.0 } }',
    'for i = 16 to 16 { r[i] = 0.0 }',
    'for i = 0 to 17 { if i < 16 { r[i] = 0.0 } }',
    'for i = 0 to 17 { let k: i32 = i / 2 r[k] = 0.0 }',
    'for i = 0 to 17 { r[i - i] = 0.0 }',
    'for i = 0 to 20 { r[i % 16] = 0.0 }',
    'for i = 0 to n { r[i] = 0.0 }',
    'for i = invocation.x to 16 step 64 { tile[invocation.x] = r[i] }',
    'for i = invocation.x to 16 step 64 { r[invocation.x] = 0.0 }',
    'for i = invocation.x + 64 to 64 { r[i + 16] = 0.0 }',
    'while n < 3 { tile[invocation.x * 2] = 0.0 }',
    'var i: i32 = 99 i = 3 r[i] = 0.0',
    'r[ids[0]] = 0.0',
    'r[n] = 0.0',
    'r[n - 5] = 0.0',
    'r[-n] = 0.0',
    'r[2147483647 + 1 + n] = 0.0',
    'let x: f32 = a[1000000]',
    'let x: f32x4 = a[n : 4]',
    'let x: f32x4 = a[n * 4 + n * 8 - 4 : 4]',
    'let x: f32x4 = a[invocation.x / 64 * 2 : 4]',
    'let x: f32x4 = a[invocation.x << 2 : 4]',
    'let x: f32x4 = a[n & 1020 : 4]',
    'if n < 3 { let x: f32x4 = a[invocation.x : 4] }',
    'let x: f32x4 = a[(n % 8 * 4 + 2) % 6 : 4]',
    'for i = 2 to n step 2 { if i % 4 == 0 { let x: f32x4 = a[i : 4] } }',
    'for i = 4 * n to n step 8 { let x: f32x4 = a[i : 4] }',
  ])('%s', (body) => {
    expect(verified(body)).toBeDefined();
  });
});
