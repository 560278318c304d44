/**
 * The process of one contestant on one workload. Its argument is the JSON file of a TaskFile; it
 * answers on file descriptor 3, a line of JSON each: first what its first calls gave, then for each
 * line `BEFORE CALLS` of its input how long CALLS calls took, after BEFORE others. It ends with its
 * input. torch_peer.py does the same.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkedNumbers } from '../workloads/checked.ts';
import { drawArrays } from '../workloads/draw.ts';
import { gatework } from './gatework.ts';
import { jaxJs } from './jax.ts';
import { onnxRuntimeNode, onnxRuntimeWeb } from './ort.ts';
import type { Call, Peer } from './peer.ts';
import type { Answer, PeerName, TaskFile } from './task-file.ts';
import { tensorFlow, tensorFlowTuned } from './tfjs.ts';

const peers: Readonly<Record<Exclude<PeerName, 'pytorch'>, Peer>> = {
  gatework,
  'ort-node': onnxRuntimeNode,
  'ort-web': onnxRuntimeWeb,
  tfjs: tensorFlow,
  'tfjs-tuned': tensorFlowTuned,
  'jax-js': jaxJs,
};

try {
  await main();
} catch (error) {
  answer({ failure: error instanceof Error ? error.message : String(error) });
}
// A library may have threads that would keep the process alive.
process.exit();

async function main(): Promise<void> {
  const [, , file = ''] = process.argv;
  const task = JSON.parse(readFileSync(file, 'utf8')) as TaskFile;
  if (task.peer === 'pytorch') throw new Error('pytorch runs in Python');
  const { workload, sizes, threads } = task;
  const arrays = drawArrays(workload, sizes);
  const start = performance.now();
  const { about, call } = await peers[task.peer]({ workload, sizes, threads, arrays });
  const results = [checkedNumbers(workload, sizes, await call())];
  const readyMs = performance.now() - start;
  while (results.length < task.checkedCalls) {
    results.push(checkedNumbers(workload, sizes, await call()));
  }
  answer({ about, readyMs, numbers: results.flat() });
  for await (const line of createInterface({ input: process.stdin })) {
    const [before = 0, calls = 0] = line.split(' ').map(Number);
    await timed(call, before);
    answer({ ms: await timed(call, calls) });
  }
}

/** Milliseconds of so many calls. What is there at once is not waited for. */
async function timed(call: Call, calls: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = call();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

function answer(found: Answer): void {
  writeSync(3, `${JSON.stringify(found)}\n`);
}
