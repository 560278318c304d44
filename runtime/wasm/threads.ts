/** Threads where there can be any, and none where there can't, which is no mistake of anybody's. */
import { wasmFeatures } from './features.ts';
import { messageOf } from '../linear/faults.ts';
import { ThreadPool, type CreateWorker } from './thread-pool.ts';

/**
 * A pool of so many threads, the caller's among them. Undefined where that is one; and, once `note`
 * has heard why, where memory cannot be shared or no worker begins.
 */
export async function openThreads(
  threads: number,
  createWorker: CreateWorker,
  note: (message: string) => void = () => undefined,
): Promise<ThreadPool | undefined> {
  if (threads <= 1) return undefined;
  if (!wasmFeatures().threads) {
    note('memory cannot be shared by threads here: there is one thread');
    return undefined;
  }
  try {
    return await ThreadPool.open(threads, createWorker);
  } catch (error) {
    note(`threads cannot be begun (${messageOf(error)}): there is one thread`);
    return undefined;
  }
}
