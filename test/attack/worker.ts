/** Attacks every n-th program of a range, and tells the process that began it of each. */
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import { attack } from './attack.ts';
import { gpuBackends } from './gpu-backends.ts';
import { programAt } from './program.ts';
import type { Attempt } from './types.ts';

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
  const told = (description: string): void => tell({ kind: 'adapter', description });
  const openGpu = order.webgpu === 0 ? undefined : await gpuBackends(told);
  for (let index = order.from; index < order.below; index += order.stride) {
    tell({ kind: 'begin', index });
    const further = index % order.webgpu === 0 ? openGpu : undefined;
    const attempts = await attack(programAt(order.seed, index), further);
    tell({ kind: 'end', index, attempts });
  }
}
