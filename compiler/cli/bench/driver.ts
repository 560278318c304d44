/**
 * Calls a program again and again as a user of it would: what stays is kept where the program runs
 * if it can keep it, and carried by hand if not. A call is over when its results are there.
 */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { present } from '../../base/bug.ts';
import type { Workload } from './workload.ts';

/** One call; some are over when they return. */
export type Call = () => Promise<void> | void;

export async function driver(executable: Executable, work: Workload): Promise<Call> {
  let calls = 0;
  if (executable.keep !== undefined) {
    const state = await executable.keep(work.feeds);
    state.write(work.kept);
    return async () => {
      await state.run(work.inputs(++calls), work.wanted);
    };
  }
  const held = new Map(work.kept);
  return async () => {
    const results = await executable.run(new Map([...work.inputs(++calls), ...held]));
    for (const [name, from] of work.feeds) {
      if (from !== name) held.set(name, present(results.get(from), from));
    }
  };
}
