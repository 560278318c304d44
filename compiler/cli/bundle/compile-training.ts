/** The training step of a bundle, as each of its backends runs it. */
import type { Program } from '../../../runtime/artifact/program.ts';
import type { ShaderModule } from '../../../runtime/artifact/shaders.ts';
import { rateFactor, type BundleTraining } from '../../../runtime/artifact/training.ts';
import { stepFeeds } from '../../../runtime/train/step.ts';
import { describe } from '../../7-bundle/describe.ts';
import type { BundleTarget } from '../../7-bundle/target.ts';
import { emitJs } from '../../6-emit/js/emit.ts';
import { emitWasm } from '../../6-emit/wasm/emit.ts';
import { compactWgsl } from '../../6-emit/wgsl/compact.ts';
import type { Model } from '../../graph/model.ts';
import { idRanges, kernelProgram } from '../../pipeline.ts';
import { requireLoss, stepGraph } from '../step-graph.ts';
import { textFormat } from '../training/data-format.ts';
import { trainingProgram } from '../training/program.ts';
import { runSettings } from '../training/settings.ts';
import type { BundleModel } from './open-model.ts';

export interface CompiledTraining {
  readonly training: BundleTraining;
  /** For linear memory. */
  readonly linear: Program;
  readonly wasm?: Uint8Array;
  readonly javascript?: string;
  readonly webgpu?: { readonly program: Program; readonly shaders: ShaderModule };
}

/**
 * `model` is compiled for training, so that its dropout drops. Faults: R7603 for one without a loss
 * or an optimizer.
 */
export function compileTraining(
  { codec, record }: Pick<BundleModel, 'codec' | 'record'>,
  model: Model,
  { backends }: BundleTarget,
): CompiledTraining {
  requireLoss(model);
  const settings = record?.settings ?? runSettings([model.training.settings]);
  const graph = stepGraph(model, 'kernels', { ...settings, rateFactor });
  const program = trainingProgram(model, new Map(), 'f32');
  const format = textFormat(model);
  const text = codec !== undefined && format?.kind === 'sequences' ? format.text.name : undefined;
  const truncate = text === undefined ? undefined : settings.truncate;
  const { inputs, lengths } = describe(model, graph);
  const training: BundleTraining = {
    ...{ program, inputs, lengths, batch: settings.batch },
    ...(text === undefined ? {} : { ended: text }),
    ...(truncate === undefined ? {} : { truncate }),
  };
  const kernels = { ids: idRanges(model), feeds: stepFeeds(program, truncate !== undefined) };
  const linear = kernelProgram(graph, { ...kernels, device: 'simd', prepare: false });
  const form = { form: 'simd', threads: false, profile: false, small: true } as const;
  return {
    ...{ training, linear },
    ...(backends.includes('wasm') ? { wasm: emitWasm(linear, form) } : {}),
    ...(backends.includes('javascript') ? { javascript: emitJs(linear) } : {}),
    ...(backends.includes('webgpu') ? { webgpu: onGpu(kernelProgram(graph, kernels)) } : {}),
  };
}

function onGpu(program: Program): NonNullable<CompiledTraining['webgpu']> {
  return { program, shaders: compactWgsl(program) };
}
