/** What no program could take is refused with the numbers, before it is made. */
import { expect, test } from 'vitest';
import { requireRoom } from '../../../compiler/cli/too-large.ts';

test('names the sum and the largest', () => {
  const shapes = new Map([
    ['b', [20_000]],
    ['W', [20_000, 40_000]],
  ]);
  expect(() => requireRoom('the weights', shapes)).toThrow(
    'the weights take 3200080000 bytes (W is [20000, 40000]); ' +
      '2147483648 bytes are the most that a program can have',
  );
});

test('2 GiB are still taken', () => {
  requireRoom('the inputs', new Map([['x', [2 ** 29]]]));
  expect(() => requireRoom('the inputs', new Map([['x', [2 ** 29 + 1]]]))).toThrow(
    '2147483652 bytes',
  );
});
