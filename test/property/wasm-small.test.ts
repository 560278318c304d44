/** Laws of small modules: whatever code is made small, it is valid and does what it did before. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wasmHost } from '../../runtime/wasm/webassembly.ts';
import { required } from '../support/op-runs.ts';
import { validated } from '../support/wasm-runs.ts';
import { memoryWords, wasmModules, type WriteModule } from './arbitraries/wasm-code.ts';

/** What is in memory afterwards. */
async function run(bytes: Uint8Array<ArrayBuffer>): Promise<Int32Array> {
  const host = required(wasmHost());
  const memory = new host.Memory({ initial: 1 });
  const words = new Int32Array(memory.buffer);
  for (let i = 0; i < 2 * memoryWords; i++) words[i] = Math.imul(i + 1, 0x9e3779b1);
  const { exports } = new host.Instance(await host.compile(bytes), { env: { memory } });
  (exports['run'] as (x: number, y: number) => void)(3, -7);
  return words.slice(0, 2 * memoryWords);
}

async function staysTheSame(write: WriteModule): Promise<void> {
  const [large, small] = [write(false).finish(), write(true).finish()];
  const text = validated(small, { form: 'simd', threads: false });
  expect(await run(small), text).toEqual(await run(large));
}

test('random code', async () => {
  await fc.assert(fc.asyncProperty(wasmModules, staysTheSame), {
    seed: 32,
    numRuns: Number(process.env['RUNS'] ?? 400),
  });
});
