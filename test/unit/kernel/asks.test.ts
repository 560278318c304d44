/** What a kernel asks for, wherever in its text. */
import { expect, test } from 'vitest';
import { asksOf } from '../../../compiler/kernel/asks.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';

function asksIn(text: string): ReturnType<typeof asksOf> {
  return asksOf(
    readKernel(`kernel k workgroup(1, 1, 1) {
  buffer y: f32 write
  size m
  size n
  calls f: f32
  calls g: f32
${text}
}`).body,
  );
}

test('sizes and functions of loops, conditions, indices and arguments', () => {
  const { sizes, functions, step } = asksIn(`  for i = 0 to n {
    if i < 3 {
      y[i + m] = f(g(1.0))
    }
  }`);
  expect([...sizes].sort()).toEqual(['m', 'n']);
  expect([...functions].sort()).toEqual(['f', 'g']);
  expect(step).toBe(false);
});

test('the time step', () => {
  const { sizes, functions, step } = asksIn('  y[step * 2] = 0.0');
  expect([sizes.size, functions.size]).toEqual([0, 0]);
  expect(step).toBe(true);
});
