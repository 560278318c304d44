/** Attacks every n-th program of a range, and tells the process that began it of each. */
import { openAdapter } from '../../compiler/cli/gpu/adapter.ts';
import { patienceWith } from '../../compiler/cli/gpu/forms.ts';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import { backendOf } from '../../compiler/verify/local-backends.ts';
import { webgpuRunner } from '../../compiler/verify/runners/webgpu-runner.ts';
import { openDevice } from '../../runtime/webgpu/device.ts';
import { attack, type Attempt, type OpenBackends } from './attack.ts';
import { programAt } from './program.ts';

export interface Order {
  readonly seed: number;
  readonly from: number;
  readonly below: number;
  readonly stride: number;
  /** Every so many-th program goes to a GPU as well; 0 for none. */
  readonly webgpu: number;
}

export type Word =
  | { readonly kind: 'adapter'; readonly description: string }
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'end'; readonly index: number; readonly attempts: readonly Attempt[] };

export async function work(order: Order, tell: (word: Word) => void): Promise<void> {
  allowRelaxedSimd();
  const openGpu = order.webgpu === 0 ? undefined : await gpuBackends(tell);
  for (let index = order.from; index < order.below; index += order.stride) {
    tell({ kind: 'begin', index });
    const further = index % order.webgpu === 0 ? openGpu : undefined;
    const attempts = await attack(programAt(order.seed, index), further);
    tell({ kind: 'end', index, attempts });
  }
}

async function gpuBackends(tell: (word: Word) => void): Promise<OpenBackends> {
  const { adapter, description, software } = await openAdapter();
  tell({ kind: 'adapter', description });
  const device = await openDevice(adapter);
  const timeoutMs = patienceWith(software);
  return () =>
    (['steps', 'persistent'] as const).map((schedule) => {
      const kind = software && schedule === 'steps' ? 'software' : 'parallel';
      const runner = webgpuRunner({ schedule, device, kind, timeoutMs });
      return backendOf(runner, { keepsNonFinite: false, keepsDenormals: false });
    });
}
