/** Ops without operands, and random numbers. */
import { expect, test } from 'vitest';
import { dim, fixed, symbol } from '../../../compiler/graph/dim.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { ints } from '../../../compiler/verify/arrays.ts';
import { required, run, valuesOf } from '../../support/op-runs.ts';

test('constant, iota and size', () => {
  expect(valuesOf('constant', [], { value: 2.5, dtype: 'float' })).toEqual([2.5]);
  expect(valuesOf('constant', [], { value: 0.1, dtype: 'float' }, 'f32')).toEqual([
    Math.fround(0.1),
  ]);
  expect(valuesOf('iota', [], { dim: fixed(4) })).toEqual([0, 1, 2, 3]);
});

test('size reads a dimension from the inputs', () => {
  const b = new GraphBuilder();
  b.parameter('ids', { dtype: 'int', shape: [symbol('B'), symbol('T')] }, 'input');
  const time = b.emit('size', [], { dim: dim('T') });
  const graph = b.finish('sizes', [{ name: 'T', value: time }]);
  const [result] = run(graph, [ints([2, 5], new Array<number>(10).fill(0))]);
  expect([...required(result).data]).toEqual([5]);
});

test('random draws depend on seed, step, site and position alone', () => {
  const shape = [fixed(2), fixed(500)];
  const draw = (seed: number, step: number, site: number): number[] =>
    valuesOf('random', [ints([2], [seed, step])], { shape, site });
  const first = draw(1, 2, 3);
  expect(draw(1, 2, 3)).toEqual(first);
  for (const other of [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4)])
    expect(other).not.toEqual(first);
  const row = valuesOf('random', [ints([2], [1, 2])], { shape: [fixed(500)], site: 3 });
  expect(first.slice(0, 500)).toEqual(row);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...first)).toBeLessThan(1);
  const mean = first.reduce((sum, u) => sum + u, 0) / first.length;
  expect(mean).toBeGreaterThan(0.47);
  expect(mean).toBeLessThan(0.53);
});

test('the bits are the same in f32', () => {
  const attributes = { shape: [fixed(100)], site: 0 };
  const key = [ints([2], [-5, 7])];
  expect(valuesOf('random', key, attributes, 'f32')).toEqual(valuesOf('random', key, attributes));
});
