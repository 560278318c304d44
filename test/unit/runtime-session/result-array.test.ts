/** What a driver gets of what memory holds. */
import { expect, test } from 'vitest';
import { resultArray } from '../../../runtime/session/result-array.ts';

const shape = [
  { constant: 1, terms: [{ symbol: 'B', coefficient: 2 }] },
  { constant: 2, terms: [] },
];
const bindings = new Map([['B', 1]]);

test('as many elements as the shape says, in an array of its own', () => {
  const memory = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const result = resultArray({ dtype: 'float', shape }, bindings, memory);
  expect(result).toEqual({
    dtype: 'float',
    shape: [3, 2],
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  });
  memory.fill(0);
  expect(result.data[0]).toBe(1);
});

test('ints as they are, bools as 0 and 1', () => {
  const memory = Int32Array.of(0, 1, -1, 7, 256, 0);
  expect(resultArray({ dtype: 'int', shape }, bindings, memory).data).toEqual(memory);
  expect(resultArray({ dtype: 'bool', shape }, bindings, memory).data).toEqual(
    Uint8Array.of(0, 1, 1, 1, 1, 0),
  );
});
