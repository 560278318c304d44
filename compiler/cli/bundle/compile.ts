/**
 * A model compiled for each backend of a bundle, the inputs of its self-test with what the oracle
 * says of them, and everything that its modules are written from.
 */
import type { BundleGolden } from '../../../runtime/artifact/bundle.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import type { ShaderModule } from '../../../runtime/artifact/shaders.ts';
import { describe } from '../../7-bundle/describe.ts';
import { goldenInputs } from '../../7-bundle/golden.ts';
import type { BundleTarget } from '../../7-bundle/target.ts';
import type { ModuleParts } from '../../7-bundle/module-source.ts';
import type { Precision } from '../../7-bundle/precision.ts';
import { emitJs } from '../../6-emit/js/emit.ts';
import { bundled, emitWasm } from '../../6-emit/wasm/emit.ts';
import { isCausal } from '../../graph/shape-of-time.ts';
import type { Model } from '../../graph/model.ts';
import type { Graph } from '../../graph/types.ts';
import { interpret } from '../../interpret/interpret.ts';
import { compactWgsl } from '../../6-emit/wgsl/compact.ts';
import { idRanges, inferenceGraph, kernelProgram } from '../../pipeline.ts';
import { roomsOf } from '../../verify/accuracy.ts';
import { compileTraining, type CompiledTraining } from './compile-training.ts';
import type { BundleModel } from './open-model.ts';
import { languageModelOf } from '../training/language-model.ts';
import { storeArrays, storeWeights, type StoredFile, type StoredWeights } from './weights-file.ts';

export interface CompiledBundle {
  readonly parts: ModuleParts;
  /** Absent where the target has no use for it. */
  readonly wasm?: Uint8Array;
  readonly javascript?: string;
  readonly webgpu?: { readonly program: Program; readonly shaders: ShaderModule };
  readonly weights: StoredWeights;
  readonly golden: StoredFile;
  /** Where it can be trained further. */
  readonly training?: CompiledTraining;
}

export const weightsFile = 'model.safetensors';
export const goldenFile = 'golden.safetensors';

/**
 * Bytes of the weights of all products, as f32, from which on a step reads them as codes of 8 bits:
 * what lies in a cache is read faster than codes are made into numbers. At 8 MiB both take as long
 * where they fit into the third cache, at 33 MB codes half as long.
 */
const worthCodes = 12 * 2 ** 20;

/** Faults: R7805 for a dimension that is open. */
export function compileBundle(
  bundle: BundleModel,
  target: BundleTarget,
  precision: Precision,
  codesFrom = worthCodes,
): CompiledBundle {
  const { model, codec } = bundle;
  const ids = idRanges(model);
  const graph = inferenceGraph(model, 'kernels');
  const labels = codec?.labels?.names;
  const described = describe(model, graph, labels === undefined ? {} : { labels });
  const weights = storeWeights(weightsFile, bundle.weights, precision);
  const coded = { scales: weights.scales, from: codesFrom };
  const linear = kernelProgram(graph, { ids, device: 'simd', prepare: true, coded });
  const golden = goldenOf(model, described, weights.held, linear.symbols);
  const description = {
    ...described,
    symbols: linear.symbols,
    weights: weights.file,
    golden: golden.file,
  };
  const has = (backend: BundleTarget['backends'][number]): boolean =>
    target.backends.includes(backend);
  const training =
    bundle.training === undefined ? undefined : compileTraining(bundle, bundle.training, target);
  const learns = training === undefined ? {} : { training: training.training };
  return {
    parts: { description, precision, linear, target, ...abilitiesOf(bundle, graph), ...learns },
    ...(has('wasm') ? { wasm: emitWasm(linear, bundled) } : {}),
    ...(has('javascript') ? { javascript: emitJs(linear) } : {}),
    ...(has('webgpu') ? { webgpu: onGpu(kernelProgram(graph, { ids })) } : {}),
    weights,
    golden,
    ...(training === undefined ? {} : { training }),
  };
}

function onGpu(program: Program): NonNullable<CompiledBundle['webgpu']> {
  return { program, shaders: compactWgsl(program) };
}

/** What a model can beside running: streams, text, labels, samples. */
function abilitiesOf(
  { model, codec, record }: BundleModel,
  graph: Graph,
): Pick<ModuleParts, 'streams' | 'text' | 'labels' | 'samples'> {
  const streams = isCausal(model, graph);
  if (codec === undefined) return { streams };
  const { vocabulary, labels } = codec;
  const { kind, lowerCase, tokens } = vocabulary;
  const drawn = streams ? languageModelOf(model) : undefined;
  const stream = record?.settings.truncate !== undefined;
  return {
    streams,
    text: { kind, lowerCase, tokens },
    ...(labels === undefined ? {} : { labels: labels.names }),
    ...(drawn === undefined ? {} : { samples: { ...drawn, stream } }),
  };
}

/** By the accuracy rule: eight times what f32 is off by as written or as passes leave it. */
function goldenOf(
  model: Model,
  described: ReturnType<typeof describe>,
  weights: ReadonlyMap<string, NdArray>,
  symbols: readonly string[],
): StoredFile {
  const kernels = inferenceGraph(model, 'kernels');
  const plain = inferenceGraph(model);
  const { bindings, arrays } = goldenInputs(kernels, described);
  const inputs = new Map([...arrays, ...weights]);
  const run = (graph: Graph, precision: 'f32' | 'f64'): ReadonlyMap<string, NdArray> =>
    interpret(graph, only(inputs, graph), { precision, bindings });
  const exact = run(plain, 'f64');
  const rooms = roomsOf([run(plain, 'f32'), run(kernels, 'f32')], exact);
  const stored = new Map([
    ...[...arrays].map(([name, array]): [string, NdArray] => [`in/${name}`, array]),
    ...[...exact].map(([name, array]): [string, NdArray] => [`out/${name}`, array]),
  ]);
  const golden: BundleGolden = {
    sizes: symbols.map((symbol) => bindings.get(symbol) ?? 0),
    results: [...rooms].map(([name, { allowed }]) => ({ name, allowed })),
  };
  return storeArrays(goldenFile, stored, new Map([['golden', JSON.stringify(golden)]]));
}

function only(
  arrays: ReadonlyMap<string, NdArray>,
  { parameters }: { readonly parameters: readonly { readonly name: string }[] },
): Map<string, NdArray> {
  return new Map(
    parameters.flatMap(({ name }) => {
      const array = arrays.get(name);
      return array === undefined ? [] : [[name, array] as const];
    }),
  );
}
