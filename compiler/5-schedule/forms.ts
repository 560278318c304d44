/** Which form a kernel is written in. */
import { elementCount, polynomialValue } from '../graph/polynomial.ts';
import type { KernelItem, LoopItem } from './fuse.ts';
import type { KernelDraft } from './kernel-draft.ts';
import type { Node } from './node.ts';
import { Packs } from './packs.ts';
import { pointKernel } from './point-kernel.ts';
import { isProduct, productKernel } from './product-kernel.ts';
import { reduceKernel, sharedReduction } from './reduce-kernel.ts';
import { scanKernel } from './scan-kernel.ts';
import { simdKernel } from './simd-kernel.ts';
import type { Forms } from './units.ts';

/**
 * `parallel`: a device that runs tens of thousands of invocations at once, and wants them many;
 * `software`: one that runs a few, each of which should do much with what it loads; `simd`: a
 * processor that runs one after another, four numbers at a time, and for which a workgroup is a
 * turn of a loop.
 */
export type DeviceKind = 'parallel' | 'software' | 'simd';

/** Rows of a step's product that one invocation computes, sharing the weights that it loads. */
const rowsOfStep: Readonly<Record<Exclude<DeviceKind, 'simd'>, number>> = {
  parallel: 1,
  software: 2,
};

/** Invocations that share a long sum. */
const sumLanes = 32;

/**
 * `steps`: loops over time as dispatches, one time step after another; `persistent`: as one
 * dispatch; `auto`: the latter where a step reads so few weights that a workgroup that goes through
 * all of them alone is no slower than many that wait for one another.
 */
export type ScheduleMode = 'auto' | 'steps' | 'persistent';

/** Weights that a step may read and still be left to a workgroup a row. */
const fewWeights = 16_384;

/** `scales`: see `Packs`; only processors ask. */
export function formsFor(
  mode: ScheduleMode,
  device: DeviceKind,
  scales: ReadonlyMap<Node, Node>,
): Forms {
  if (device === 'simd') return simdForms(scales);
  return {
    takeCopies: () => [],
    finish: () => undefined,
    kernel: (item, name) => kernelForm(item, name, device),
    loop(item, name) {
      const persistent =
        mode === 'persistent' || (mode === 'auto' && weightsOf(item) <= fewWeights);
      return persistent ? scanKernel(item, name) : undefined;
    },
  };
}

/** Loops over time are loops over steps: a step costs a call. */
function simdForms(scales: ReadonlyMap<Node, Node>): Forms {
  const packs = new Packs(scales);
  return {
    kernel: (item, name) => simdKernel(item, name, packs),
    loop: () => undefined,
    takeCopies: () => packs.takeNew(),
    finish: () => packs.finish(),
  };
}

/** Elements of what the loop holds constant; Infinity where widths are open. */
function weightsOf({ loop }: LoopItem): number {
  return loop.parts.constants
    .filter((v) => v.type.shape.length > 1)
    .map((v) => polynomialValue(elementCount(v.type.shape)) ?? Infinity)
    .reduce((sum, n) => sum + n, 0);
}

function kernelForm(item: KernelItem, name: string, device: keyof typeof rowsOfStep): KernelDraft {
  if (isProduct(item)) return productKernel(item, name);
  const reduction = sharedReduction(item);
  if (reduction !== undefined) return reduceKernel(item, reduction, sumLanes, name);
  const isStep = item.region.kind === 'body' && item.reduction !== undefined;
  return isStep
    ? pointKernel(item, name, rowsOfStep[device], device === 'software')
    : pointKernel(item, name);
}
