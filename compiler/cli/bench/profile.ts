/** What each kernel takes of a call, from what a program has added up so far. */
import type { Call } from './driver.ts';
import type { KernelTime } from './result.ts';

/** Calls that are timed kernel by kernel, and the milliseconds that they take at least. */
const leastCalls = 3;
const leastTime = 300;

/** By kernel, the longest first. `total` gives nanoseconds so far. */
export async function meanTimes(
  call: Call,
  total: () => ReadonlyMap<string, number> | undefined,
): Promise<readonly KernelTime[]> {
  // The first calls still compile.
  await callFor(call);
  const before = new Map(total());
  const calls = await callFor(call);
  const spent = [...(total() ?? [])].map(([kernel, nanoseconds]) => {
    const ms = (nanoseconds - (before.get(kernel) ?? 0)) / calls / 1e6;
    return { kernel, ms };
  });
  return spent.toSorted((a, b) => b.ms - a.ms);
}

async function callFor(call: Call): Promise<number> {
  const began = performance.now();
  let calls = 0;
  while (calls < leastCalls || performance.now() - began < leastTime) {
    await call();
    calls++;
  }
  return calls;
}
