/** Numbers as text. What a device reads in them is in wgsl-values-on-device.test.ts. */
import { expect, test } from 'vitest';
import { bitsText, numberText } from '../../../compiler/6-emit/wgsl/numbers.ts';

test.each([
  [0, '0.0'],
  [1, '1.0'],
  [-2.5, '-2.5'],
  [0.1, '0.1'],
  [Math.fround(0.1), '0.1'],
  [16777216, '16777216.0'],
  [1e-7, '1e-7'],
  [1e30, '1e+30'],
  [2 ** -149, '1e-45'],
  [Math.PI, '3.1415927'],
  // The shortest that reads back, 3.4028235e+38, is above the largest f32, and WGSL refuses it.
  [3.4028234663852886e38, '3.402823466e+38'],
  [-3.4028234663852886e38, '-3.402823466e+38'],
])('%f is %s', (value, text) => {
  expect(numberText('f32', value)).toBe(text);
});

test.each([Infinity, -Infinity, NaN, -0, 1e39])('%f has no text', (value) => {
  expect(numberText('f32', value)).toBeUndefined();
});

test('what is rounded to 0 is 0 of its sign', () => {
  expect(numberText('f32', 1e-46)).toBe('0.0');
  expect(numberText('f32', -1e-46)).toBeUndefined();
});

test('whole numbers and bools', () => {
  expect(numberText('i32', -2147483648)).toBe('-2147483648');
  expect(numberText('i32', 2147483648)).toBe('-2147483648');
  expect(numberText('i32', 7)).toBe('7');
  expect([numberText('bool', 0), numberText('bool', 1)]).toEqual(['false', 'true']);
});

test('bits', () => {
  expect(bitsText('f32', Infinity)).toBe('0x7f800000u');
  expect(bitsText('f32', -0)).toBe('0x80000000u');
  expect(bitsText('i32', -1)).toBe('0xffffffffu');
});
