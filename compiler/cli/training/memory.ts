/**
 * A budget of memory on the device: a training step that would go beyond it keeps only the states
 * of each time step and computes the rest of what the way back needs again. How much either takes
 * is known before anything is allocated.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { BatchSource } from '../../../runtime/train/batches.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { bindPolynomial, polynomialValue } from '../../graph/polynomial.ts';
import { idRanges, kernelProgram, type KernelOptions } from '../../pipeline.ts';
import { peakMemory } from '../peak-memory.ts';
import { stepGraph, updatesOf } from '../step-graph.ts';
import type { RunSettings } from './settings.ts';

export interface MemoryChoice {
  readonly residuals: RunSettings['residuals'];
  /** What was chosen and why, where it is not what the settings say. */
  readonly note?: string;
}

/** What the program is to run on. */
type DeviceOptions = Pick<KernelOptions, 'device'>;

/** T6401 where neither fits. `sizes` are those of the largest batch. */
export function chooseResiduals(
  model: Model,
  settings: RunSettings,
  sizes: Bindings,
  budget: number,
  kernels: DeviceOptions = {},
): MemoryChoice {
  const wanted = stepBytes(model, settings, sizes, kernels);
  if (wanted <= budget) return { residuals: settings.residuals };
  const recomputed = { ...settings, residuals: 'recompute' as const };
  const least =
    settings.residuals === 'store' ? stepBytes(model, recomputed, sizes, kernels) : wanted;
  if (least <= budget) {
    const note =
      `a training step takes ${inWords(wanted)}, more than ${inWords(budget)}: only states are ` +
      `kept, and the rest is computed again (${inWords(least)})`;
    return { residuals: 'recompute', note };
  }
  throw new RuntimeFault(
    'T6401',
    `a training step takes at least ${inWords(least)}, and --memory allows ${inWords(budget)}`,
    'use a smaller --batch, or truncate = N in the spec for shorter chunks',
  );
}

/** The most rows and time steps that any batch of the first epoch has. */
export function largestSizes(model: Model, batches: BatchSource, known: Bindings): Bindings {
  const sizes = new Map(known);
  for (let i = 0; i < batches.count(0); i++) {
    const { inputs } = batches.batch(0, i);
    for (const { name, value } of model.graph.parameters) {
      const array: NdArray | undefined = inputs.get(name);
      value.type.shape.forEach(({ constant, terms: [term, more] }, axis) => {
        const open = term?.coefficient === 1 && more === undefined && constant === 0;
        const size = array?.shape[axis];
        if (!open || size === undefined || known.has(term.symbol)) return;
        sizes.set(term.symbol, Math.max(size, sizes.get(term.symbol) ?? 0));
      });
    }
  }
  return sizes;
}

function stepBytes(
  model: Model,
  settings: RunSettings,
  sizes: Bindings,
  kernels: DeviceOptions,
): number {
  const graph = stepGraph(model, 'kernels', settings);
  const options = { ...kernels, ids: idRanges(model), feeds: updatesOf(graph) };
  const program = kernelProgram(graph, options);
  const bytes = polynomialValue(bindPolynomial(peakMemory(program), sizes));
  if (bytes === undefined)
    throw new RuntimeFault('R7006', 'some width of the model is open', 'bind it with --dim');
  return bytes;
}

function inWords(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
