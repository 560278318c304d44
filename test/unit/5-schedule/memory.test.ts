/** Where tensors lie: who may share a slot, who never may, and how large memory becomes. */
import { expect, test } from 'vitest';
import { planMemory, type Access } from '../../../compiler/5-schedule/memory.ts';
import type { Tensor } from '../../../compiler/5-schedule/node.ts';
import { present } from '../../../compiler/base/bug.ts';
import { symbol } from '../../../compiler/graph/dim.ts';
import {
  dimPolynomial,
  plus,
  polynomial,
  printPolynomial,
  times,
  type Polynomial,
} from '../../../compiler/graph/polynomial.ts';

const B = dimPolynomial(symbol('B'));
const T = dimPolynomial(symbol('T'));

function tensor(name: string, length: Polynomial | number, more: Partial<Tensor> = {}): Tensor {
  const size = typeof length === 'number' ? polynomial(length) : length;
  return { name, element: 'f32', length: size, kept: false, ...more };
}

/** `[reads, writes]` of a step. */
function step(reads: readonly Tensor[], writes: readonly Tensor[]): Access {
  return { reads: new Set(reads), writes: new Set(writes) };
}

function planned(
  steps: readonly Access[],
  tensors: readonly Tensor[],
  held: readonly Tensor[] = [],
): string[] {
  const { offsets, sizes } = planMemory(steps, tensors, new Set(held));
  const places = tensors.map(
    (t) => `${t.name} ${printPolynomial(present(offsets.get(t), t.name))}`,
  );
  return [...places, `f32 ${printPolynomial(sizes.f32)}`, `i32 ${printPolynomial(sizes.i32)}`];
}

test('what is read last makes room only for what is first written later', () => {
  const [a, b, c] = [tensor('a', 8), tensor('b', 8), tensor('c', 8)];
  const steps = [step([], [a]), step([a], [b]), step([b], [c])];
  expect(planned(steps, [a, b, c])).toEqual(['a 0', 'b 8', 'c 0', 'f32 16', 'i32 0']);
});

test('a step never writes where it reads', () => {
  const [a, b] = [tensor('a', 4), tensor('b', 4)];
  expect(planned([step([], [a]), step([a], [b])], [a, b]).slice(0, 2)).toEqual(['a 0', 'b 4']);
});

test('parameters and results give no room, before or after', () => {
  const weight = tensor('weight', 4, { kept: true });
  const [early, late, result] = [tensor('early', 4), tensor('late', 4), tensor('result', 4)];
  const steps = [step([], [early]), step([early, weight], [result]), step([], [late])];
  const found = planned(steps, [weight, early, result, late], [result]);
  expect(found).toEqual(['weight 0', 'early 4', 'result 8', 'late 4', 'f32 12', 'i32 0']);
});

test('a tensor that no step touches has a place where it is a parameter', () => {
  const [unused, a] = [tensor('unused', 3, { kept: true }), tensor('a', 5)];
  const found = planned([step([], [a])], [unused, a]);
  expect(found).toEqual(['unused 0', 'a 4', 'f32 12', 'i32 0']);
});

test('every tensor begins at a multiple of four, whatever the symbols are', () => {
  const odd = tensor('odd', plus(times(polynomial(3), B), polynomial(1)));
  const next = tensor('next', 1);
  const found = planned([step([], [odd, next])], [odd, next]);
  expect(found).toEqual(['odd 4', 'next 0', 'f32 4*B + 8', 'i32 0']);
});

test('what has a fixed size stays in its place, whatever the symbols are', () => {
  const [open, weight] = [tensor('open', B), tensor('weight', 8, { kept: true })];
  const found = planned([step([weight], [open])], [open, weight]);
  expect(found).toEqual(['open 8', 'weight 0', 'f32 4*B + 8', 'i32 0']);
});

test('the two arenas are apart', () => {
  const [floats, ints] = [tensor('floats', 4), tensor('ints', 4, { element: 'i32' })];
  const found = planned([step([], [floats]), step([], [ints])], [floats, ints]);
  expect(found).toEqual(['floats 0', 'ints 0', 'f32 4', 'i32 4']);
});

test('a slot grows for who needs more', () => {
  const [small, large] = [tensor('small', B), tensor('large', times(B, T))];
  const both = tensor('both', plus(times(B, T), B));
  const grown = planned([step([], [small]), step([], [both])], [small, both]);
  expect(grown).toEqual(['small 0', 'both 0', 'f32 4*B*T + 4*B', 'i32 0']);
  // B*T may be less than B: T may be 0. So neither holds the other.
  const apart = planned([step([], [small]), step([], [large])], [small, large]);
  expect(apart).toEqual(['small 0', 'large 4*B', 'f32 4*B*T + 4*B', 'i32 0']);
});

test('the smallest slot that is large enough is taken', () => {
  const [big, fit, use] = [tensor('big', 16), tensor('fit', 8), tensor('use', 8)];
  const found = planned([step([], [big, fit]), step([], [use])], [big, fit, use]);
  expect(found).toEqual(['big 0', 'fit 16', 'use 16', 'f32 24', 'i32 0']);
});
