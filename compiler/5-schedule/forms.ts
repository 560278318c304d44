/** Which form a kernel is written in. */
import { elementCount, polynomialValue } from '../graph/polynomial.ts';
import type { KernelItem, LoopItem } from './fuse.ts';
import type { KernelDraft } from './kernel-draft.ts';
import { pointKernel } from './point-kernel.ts';
import { isProduct, productKernel } from './product-kernel.ts';
import { reduceKernel, sharedReduction } from './reduce-kernel.ts';
import { scanKernel } from './scan-kernel.ts';
import type { Forms } from './units.ts';

/** Rows of a step's product that one invocation computes, sharing the weights that it loads. */
const rowsOfStep = 2;

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

export function formsFor(mode: ScheduleMode): Forms {
  return {
    kernel: kernelForm,
    loop(item, name) {
      const persistent =
        mode === 'persistent' || (mode === 'auto' && weightsOf(item) <= fewWeights);
      return persistent ? scanKernel(item, name) : undefined;
    },
  };
}

/** Elements of what the loop holds constant; Infinity where widths are open. */
function weightsOf({ loop }: LoopItem): number {
  return loop.parts.constants
    .filter((v) => v.type.shape.length > 1)
    .map((v) => polynomialValue(elementCount(v.type.shape)) ?? Infinity)
    .reduce((sum, n) => sum + n, 0);
}

function kernelForm(item: KernelItem, name: string): KernelDraft {
  if (isProduct(item)) return productKernel(item, name);
  const reduction = sharedReduction(item);
  if (reduction !== undefined) return reduceKernel(item, reduction, sumLanes, name);
  const rows = item.region.kind === 'body' && item.reduction !== undefined ? rowsOfStep : 1;
  return pointKernel(item, name, rows);
}
