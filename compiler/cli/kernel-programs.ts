/**
 * The program of kernels that `run`, `grad` or a step of `train` gives to a device, and what a
 * person sees of it: kernels as text, shaders, the memory that it takes.
 */
import type { Program } from '../../runtime/artifact/program.ts';
import { adoptStates } from '../adopt/states.ts';
import type { Model } from '../graph/model.ts';
import type { Polynomial } from '../graph/polynomial.ts';
import { gradientGraph, idRanges, inferenceGraph, kernelProgram } from '../pipeline.ts';
import { peakMemory } from './peak-memory.ts';
import { canTrain, stepGraph, updatesOf } from './step-graph.ts';

export type Purpose = 'run' | 'grad' | 'train';

/** `model` compiled for what it is used for: in training, dropout drops. R7603 as `train` gives. */
export function programFor(model: Model, purpose: Purpose): Program {
  const ids = idRanges(model);
  switch (purpose) {
    case 'run':
      return kernelProgram(inferenceGraph(adoptStates(model), 'kernels'), { ids });
    case 'grad':
      return kernelProgram(gradientGraph(adoptStates(model), 'kernels'), { ids });
    case 'train': {
      const graph = stepGraph(model, 'kernels');
      return kernelProgram(graph, { ids, feeds: updatesOf(graph) });
    }
  }
  purpose satisfies never;
}

/** The shaders one after another; each begins with the name of its kernel. */
export async function shaderText(program: Program): Promise<string> {
  const { emitWgsl } = await import('../6-emit/wgsl/emit.ts');
  return emitWgsl(program).join('\n');
}

/** Bytes on a device. */
export interface PeakMemory {
  readonly inference: Polynomial;
  /** Absent where the spec says no loss to train with. */
  readonly training?: Polynomial;
}

/** `training` is the model in which dropout drops. */
export function peakMemoryOf(inference: Model, training: Model): PeakMemory {
  return {
    inference: peakMemory(programFor(inference, 'run')),
    ...(canTrain(training) ? { training: peakMemory(programFor(training, 'train')) } : {}),
  };
}
