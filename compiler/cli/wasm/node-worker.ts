/** Workers of Node, for the runtime, which knows of no host. */
import { Worker } from 'node:worker_threads';
import type { CreateWorker } from '../../../runtime/wasm/thread-pool.ts';
import type { FromWorker } from '../../../runtime/wasm/thread-words.ts';
import { workerScript } from '../../../runtime/wasm/worker.gen.ts';

/** What a worker of a page finds, in one of Node. */
const pageScope = `const { parentPort } = require('node:worker_threads');
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => globalThis.onmessage({ data }));
`;

/** They keep the process alive only while an answer is waited for. */
export const nodeWorker: CreateWorker = (events) => {
  const worker = new Worker(pageScope + workerScript, { eval: true });
  worker.on('message', (message: FromWorker) => events.message(message));
  worker.on('error', (error) => events.ended(String(error)));
  worker.on('exit', (code) => events.ended(`its worker ended with status ${code}`));
  worker.unref();
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    hold: (isAwaited) => (isAwaited ? worker.ref() : worker.unref()),
  };
};
