/**
 * Runs in the browser: loads a bundle, which the page serves, and asks it. Before, the place can be
 * made one without a GPU; and the GPU can be lost at a moment of one's choice.
 */
import type { Backend } from '../../../runtime/artifact/bundle.ts';
import type { LoadOptions, OpenModel } from '../../../runtime/bundle/load.ts';
import type { Output } from '../../../runtime/bundle/results.ts';
import { adapters, noGpu, watchDevices } from './trouble.ts';

export interface BundleTask {
  /** Where the module is. */
  readonly address: string;
  readonly backend?: Backend;
  /** Values of `x`, example after example. */
  readonly examples: readonly (readonly number[])[];
  readonly gpu?: GpuTrouble;
}

/**
 * What is wrong with the GPU: `absent`, no WebGPU at all; `no-adapter`; `refuses`, the adapter is
 * asked for in vain; `lost-at-once`, each device as soon as it is there; `lost-between` the first
 * run and the two after it; `lost-within` those; `lost-again`, between them, and so are all devices
 * that come after it; `gone`, between them, and there is no adapter any more.
 */
export type GpuTrouble =
  | 'absent'
  | 'no-adapter'
  | 'refuses'
  | 'lost-at-once'
  | 'lost-between'
  | 'lost-within'
  | 'lost-again'
  | 'gone';

export interface BundleAnswer {
  /** What was taken first, and what is in use at the end. */
  readonly backends: readonly Backend[];
  readonly ok: boolean;
  /** Bits of `y` by example: of the first run, and of two at once, the last in reversed order. */
  readonly runs: readonly (readonly number[])[][];
  /** How many devices there have been. */
  readonly devices: number;
}

export type Load = (options: LoadOptions) => Promise<OpenModel>;

export async function main(task: BundleTask): Promise<BundleAnswer> {
  const { load } = (await import(task.address)) as { readonly load: Load };
  return ask(load, task);
}

export async function ask(
  load: Load,
  { backend, examples, gpu }: BundleTask,
): Promise<BundleAnswer> {
  const devices = watchDevices(gpu === 'lost-at-once');
  if (gpu === 'absent') noGpu();
  if (gpu === 'no-adapter') adapters(() => Promise.resolve(null));
  if (gpu === 'refuses') adapters(() => Promise.reject(new Error('not here')));
  const model = await load({ backend });
  const first = model.backend;
  const run = async (rows = examples): Promise<number[][]> => {
    const answers = await model.run(rows.map((x) => ({ x: Float32Array.from(x) })));
    return (answers as readonly Record<string, Output>[]).map(({ y }) => bitsOf(y));
  };
  const runs = [await run()];
  const lose = (): void => devices.forEach((device) => device.destroy());
  if (gpu === 'gone') adapters(() => Promise.resolve(null));
  if (gpu === 'lost-again') watchDevices(true);
  if (gpu === 'lost-between' || gpu === 'lost-again' || gpu === 'gone') lose();
  const both = [run(), run([...examples].reverse())];
  if (gpu === 'lost-within') lose();
  runs.push(...(await Promise.all(both)));
  const { ok } = await model.selfTest();
  const answer = { backends: [first, model.backend], ok, runs, devices: devices.length };
  model.close();
  return answer;
}

function bitsOf(output: Output | undefined): number[] {
  const { buffer, byteOffset, length } = output?.data ?? new Float32Array();
  return [...new Uint32Array(buffer, byteOffset, length)];
}
