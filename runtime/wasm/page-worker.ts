/** Workers as pages and their workers have them. */
import type { CreateWorker, WorkerEvents, WorkerPort } from './thread-pool.ts';
import type { FromWorker } from './thread-words.ts';
import { workerScript } from './worker.gen.ts';

interface PageWorker extends WorkerPort {
  onmessage: ((event: { readonly data: FromWorker }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
}

/**
 * Workers from this address of `worker.ts`, compiled, as a module; from a blob where none is given,
 * which a content-security policy may forbid.
 */
export function pageWorkers(url?: string | URL): CreateWorker {
  const { Worker } = globalThis as unknown as {
    readonly Worker: new (url: string | URL, options: { readonly type: string }) => PageWorker;
  };
  return (events: WorkerEvents) => {
    const own = url === undefined ? URL.createObjectURL(scriptBlob()) : undefined;
    const worker = new Worker(url ?? own ?? '', { type: 'module' });
    worker.onmessage = ({ data }) => {
      // The script has been read by the time it answers.
      if (own !== undefined) URL.revokeObjectURL(own);
      events.message(data);
    };
    worker.onerror = ({ message }) => events.ended(message ?? 'the worker does not load');
    return worker;
  };
}

function scriptBlob(): Blob {
  return new Blob([workerScript], { type: 'text/javascript' });
}
