/** Begins the thread of `worker.ts`, from the bundle or from the sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export function beginWorker(): Worker {
  const source = new URL('./worker.ts', import.meta.url);
  // In the bundle this module is one of a flat folder, and the worker has a folder of its own.
  if (!existsSync(fileURLToPath(source))) {
    return new Worker(new URL('./verify/worker.js', import.meta.url));
  }
  // Node 20 gives a worker no loader for TypeScript, though the process has one.
  const [from, worker] = ['tsx/esm/api', source.href].map((url) =>
    JSON.stringify(import.meta.resolve(url)),
  );
  const script = `import(${from}).then(({ register }) => (register(), import(${worker})));`;
  return new Worker(script, { eval: true });
}
