/** Shared memory between two barriers: loaded from or stored to, not both. */
import { describe, expect, test } from 'vitest';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Kernel } from '../../../runtime/artifact/kernel.ts';

const verified = (body: string, workgroup = '64, 1, 1'): Kernel =>
  verifyKernel(
    readKernel(`kernel test workgroup(${workgroup}) {
      size n
      shared a: f32[64]
      shared b: f32[64]
      registers r: f32[64]
      var x: f32 = 0.0
      ${body}
    }`),
    [],
  );

const store = 'a[invocation.x] = 1.0';
const load = 'x = a[n % 64]';

describe('a race', () => {
  test.each([
    `${store} ${load}`,
    `${load} ${store}`,
    'a[invocation.x] = a[63 - invocation.x]',
    `${store} b[invocation.x] = 0.0 ${load} barrier`,
    `${store} if a[0] < 1.0 {}`,
    `if invocation.x == 0 { ${store} } ${load}`,
    `if n < 2 { ${store} } else { ${load} }`,
    `if n < 2 { ${store} } else { barrier } ${load}`,
    `${store} if n < 2 { barrier } ${load}`,
    `${store} for i = 0 to n { barrier } ${load}`,
    `for i = 0 to 4 { ${store} barrier ${load} }`,
    `for i = 0 to 4 { ${load} barrier ${store} }`,
    `${store} while n < 2 { ${load} barrier }`,
    `${store} while a[0] < 1.0 {}`,
    'while a[0] < 1.0 { if invocation.x == 0 { a[0] = 1.0 } }',
    `for i = 0 to 4 { for j = 0 to 4 { barrier ${store} } x = x + 1.0 ${load} }`,
    'x = a[select(n < 2, 0, toInt(a[1]))] a[invocation.x] = 0.0',
  ])('%s', (body) => {
    expect(() => verified(body)).toThrow('a is both loaded and stored to with no barrier');
    expect(verified(body, '1, 1, 1')).toBeDefined();
  });
});

describe('none', () => {
  test.each([
    `${store} barrier ${load}`,
    `${load} barrier ${store} barrier ${load}`,
    `${store} x = b[0]`,
    'r[invocation.x] = r[63 - invocation.x]',
    `for i = 0 to n { ${store} barrier ${load} barrier }`,
    `${store} for i = 0 to n { barrier ${load} barrier ${store} } barrier ${load}`,
    `${store} for i = 0 to n { barrier ${load} } barrier ${store}`,
    `${store} for i = 0 to 4 { barrier } ${load}`,
    `if n < 2 { ${store} barrier } else { ${load} barrier } ${load}`,
    `${store} if n < 2 { barrier ${load} } else { barrier ${load} } ${load}`,
  ])('%s', (body) => {
    expect(verified(body)).toBeDefined();
  });
});
