/** One thread or all of them, by what is quicker; told by a clock that the tests turn. */
import { afterEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../runtime/wasm/pace.ts';

afterEach(() => vi.restoreAllMocks());

/** How many of `runs` were shared, at what each kind takes. */
function sharedOf(runs: number, alone: number, shared: number): { count: number; pace: Pace } {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const pace = new Pace();
  let count = 0;
  for (let i = 0; i < runs; i++) {
    pace.time((isShared) => {
      now += isShared ? shared : alone;
      if (isShared) count++;
    });
  }
  return { count, pace };
}

test('both are tried, and the quicker one stays', () => {
  const quick = sharedOf(1000, 1, 0.6);
  expect(quick.count).toBeGreaterThan(980);
  expect(quick.pace.staysAlone).toBe(false);
  const slow = sharedOf(1000, 0.002, 0.1);
  expect(slow.count).toBeLessThan(20);
  expect(slow.pace.staysAlone).toBe(true);
});

test('a second core is not kept busy for little', () => {
  expect(sharedOf(1000, 1, 0.95).pace.staysAlone).toBe(true);
});

test('long runs are shared from the first', () => {
  expect(sharedOf(5, 200, 110).count).toBe(5);
});

test('a clock that does not move decides for one thread', () => {
  expect(sharedOf(100, 0, 0).pace.staysAlone).toBe(true);
});
