/** The barrier by itself: who is alone at it does not wait for ever. */
import { expect, test } from 'vitest';
import { barrierCode, barrierParameters } from '../../../compiler/6-emit/wasm/barrier.ts';
import { Module } from '../../../compiler/6-emit/wasm/module.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { required } from '../../support/op-runs.ts';

const sync = 16;

/** A module that has a barrier and nothing else, and its counter. */
async function barrier(
  mostSeconds: number,
): Promise<readonly [(target: number) => unknown, Int32Array]> {
  const host = required(wasmHost());
  const module = new Module('barrier', true);
  const at = module.declare('barrier', { parameters: barrierParameters });
  module.define(at, barrierCode(mostSeconds));
  module.export('barrier', at);
  const memory = new host.Memory({ initial: 1, maximum: 1, shared: true });
  const compiled = await host.compile(module.finish());
  const { exports } = new host.Instance(compiled, { env: { memory } });
  const wait = exports['barrier'] as (...values: readonly number[]) => unknown;
  return [(target) => wait(sync, target, 1), new Int32Array(memory.buffer)];
}

test('traps where the others never come', async () => {
  const [wait] = await barrier(1);
  expect(() => wait(2)).toThrow('unreachable');
});

test('is passed by the last to come', async () => {
  const [wait, words] = await barrier(1);
  words[sync / 4] = 1;
  wait(2);
  expect(words[sync / 4]).toBe(2);
});
