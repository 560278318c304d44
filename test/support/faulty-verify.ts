/**
 * `gatework verify` with a fault planted in one backend, as a process of its own:
 * `faulty-verify.ts FAULT SPEC …`. FAULT is one of the names below; all else is the real command.
 */
import { Command } from 'commander';
import { define } from '../../compiler/cli/commands/verify.ts';
import { reportFailure } from '../../compiler/cli/failure.ts';
import type { OpenBackends } from '../../compiler/cli/verify/backends.ts';
import type { Backend } from '../../compiler/verify/checks/check.ts';
import { backendOf, localOracle } from '../../compiler/verify/local-backends.ts';
import { gpuDevice } from './gpu.ts';
import {
  kernelRunner,
  noBarriers,
  shortSums,
  swappedColumns,
  wasmRunner,
  wgslRunner,
} from './planted-faults.ts';

const simd = { kernels: { device: 'simd' } } as const;
const persistent = { device: 'parallel', schedule: 'persistent' } as const;

const faults: Readonly<Record<string, () => Promise<Backend>>> = {
  'wasm columns': () => Promise.resolve(backendOf(wasmRunner(swappedColumns), simd)),
  'wasm sums': () => Promise.resolve(backendOf(wasmRunner(shortSums), simd)),
  'kernel barriers': () => {
    const runner = kernelRunner({ ...persistent, fault: noBarriers });
    return Promise.resolve(backendOf(runner, { kernels: persistent }));
  },
  'wgsl barriers': async () => {
    const device = await gpuDevice();
    if (device === undefined) throw new Error('there is no device');
    const runner = wgslRunner(device, { ...persistent, fault: noBarriers });
    const flushes = { keepsNonFinite: false, keepsDenormals: false };
    return backendOf(runner, { kernels: persistent, ...flushes });
  },
};

const [fault = '', ...words] = process.argv.slice(2);

async function open(wanted: (name: string) => boolean): Promise<OpenBackends> {
  const backend = await faults[fault]?.();
  if (backend === undefined) throw new Error(`there is no fault ${fault}`);
  const lanes = [[backend].filter(({ runner }) => wanted(runner.name))];
  return { lanes, skipped: [], oracle: localOracle(), close: () => undefined };
}

const command = new Command('verify').exitOverride();
define(command, open);
try {
  await command.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = await reportFailure(error, words.includes('--json'));
}
// A GPU's driver keeps the process alive.
process.exit();
