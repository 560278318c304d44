/**
 * A bundle for the edge, where no code is made of text or bytes and nothing is fetched: it takes
 * its WebAssembly as a compiled module, carries all the rest, and gives the bits that Node gives.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { drawer, drawFloats } from '../../compiler/verify/arrays.ts';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { Output } from '../../runtime/bundle/results.ts';
import { filesOf, loaded, modelOf, trainable, writeFiles, type Files } from '../support/bundles.ts';
import type { EdgeAnswer, EdgeTask } from '../support/edge-host.ts';

const examples = [7, 3].map((length, row) => [...drawFloats(drawer(row + 1), [length, 4]).data]);
const model = await modelOf('lstm(8) -> dense(5)', { dims: { D: 4 } });
const edge = await filesOf(model, { target: 'edge' });
const host = fileURLToPath(new URL('../support/edge-host.ts', import.meta.url));
const folders: (() => void)[] = [];

async function onEdge(files: Files, how: Partial<EdgeTask> = {}): Promise<EdgeAnswer> {
  const written = writeFiles(files);
  folders.push(() => written.remove());
  const task: EdgeTask = { folder: written.folder, examples, wasm: true, ...how };
  const flags = ['--no-warnings', '--experimental-vm-modules', '--import', 'tsx'];
  const run = promisify(execFile)(process.execPath, [...flags, host, JSON.stringify(task)], {
    timeout: 60_000,
  });
  return JSON.parse((await run).stdout) as EdgeAnswer;
}

async function bitsInNode(backend: Backend): Promise<number[][]> {
  const bundle = await loaded(await filesOf(model, { target: 'node' }), backend);
  const answers = await bundle.run(examples.map((x) => ({ x: Float32Array.from(x) })));
  return (answers as readonly Record<string, Output>[]).map(({ y }) => {
    return [...new Uint32Array(Float32Array.from(y?.data ?? []).buffer)];
  });
}

describe('a bundle on the edge', { timeout: 120_000 }, () => {
  afterAll(() => {
    for (const remove of folders) remove();
  });

  it.each([
    ['takes the module that is imported', {}, 'wasm'],
    ['runs JavaScript where it is asked for', { backend: 'javascript' }, 'javascript'],
    ['runs JavaScript where there is no WebAssembly', { wasm: false }, 'javascript'],
  ] as const)('%s', async (_, how, backend) => {
    const { refusals, ...answer } = await onEdge(edge, how);
    const bits = await bitsInNode(backend);
    expect(answer).toEqual({ backend, ok: true, bits, tried: [] });
    expect(refusals).toEqual([
      expect.stringMatching(/^EvalError/),
      expect.stringMatching(/^CompileError.*disallowed/),
    ]);
  });

  it.each([true, false])('learns where WebAssembly is %s', async (wasm) => {
    const spec = `model sums {
      input x: float[T, 4]
      input total: float[5]
      output y = x -> lstm(3) -> last -> dense(5)
      loss mse(y, total)
      train sgd(rate = 0.1)
    }`;
    const folder = writeFiles(new Map([['sums.gate', spec]]));
    folders.push(() => folder.remove());
    const trained = await modelOf(join(folder.folder, 'sums.gate'), { train: true });
    const learn = { examples: examples.map((x) => ({ x, total: [1, 2, 3, 4, 5] })), steps: 3 };
    const answer = await onEdge(await filesOf(trained, { target: 'edge' }), { wasm, learn });
    expect(answer.tried).toEqual([]);
    const load = await trainable(await filesOf(trained, { target: 'node' }));
    const { model: here } = await (await load()).fit(learn.examples, { steps: 3 });
    expect(answer.saved).toEqual([...(await here.save())]);
  });

  it('consists of the entry and the module, and of what is not run', () => {
    const run = [...edge.keys()].filter((name) => /\.(js|wasm)$/.test(name));
    expect(run.sort()).toEqual(['index.js', 'model.wasm']);
    expect(edge.has('model.safetensors')).toBe(false);
  });

  it('is another than that for Node, which makes WebAssembly of bytes', async () => {
    const files = await filesOf(model, { target: 'node', inline: true });
    const { backend, ok, tried } = await onEdge(files);
    const expected = { backend: 'javascript', ok: true, tried: ['WebAssembly.compile'] };
    expect({ backend, ok, tried }).toEqual(expected);
  });
});
