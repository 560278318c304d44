/**
 * The weights of a run: from `--weights` under our names or PyTorch's, or from `--init SEED`. Gives
 * the model that takes them (see compiler/adopt), with the widths that their shapes settle.
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { toNdArray } from '../../runtime/tensors/convert.ts';
import type { WeightInitializer } from '../../runtime/train/initialize.ts';
import { evaluateDim, evaluateShape, symbolsOf, type Bindings } from '../graph/dim.ts';
import type { Initializer, Model, ModelWeight } from '../graph/model.ts';
import { InputRejected } from './failure.ts';
import { shapesOf, type Tensors } from './tensors.ts';
import { requireRoom } from './too-large.ts';

export interface WeightedModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, NdArray>;
  readonly bindings: Bindings;
}

export interface WeightOptions {
  readonly weights?: Tensors;
  readonly init?: number;
}

/** `bindings` are what flags and inputs settle; they matter to `--init`. */
export async function loadWeights(
  model: Model,
  options: WeightOptions,
  bindings: Bindings,
): Promise<WeightedModel> {
  if (options.weights !== undefined) return fromTensors(model, options.weights);
  if (model.weights.length === 0) return { model, weights: new Map(), bindings };
  if (options.init === undefined) {
    throw new RuntimeFault(
      'R7407',
      'the model has weights, and none are given',
      'use --weights FILE, or --init SEED for random ones',
    );
  }
  return { model, weights: await initialised(model, options.init, bindings), bindings };
}

async function fromTensors(given: Model, tensors: Tensors): Promise<WeightedModel> {
  const { adoptWeights } = await import('../adopt/weights.ts');
  const { model, bindings, diagnostics } = adoptWeights(given, shapesOf(tensors));
  if (model === undefined) throw new InputRejected(diagnostics);
  const weights = new Map<string, NdArray>();
  for (const { name } of model.weights) {
    const tensor = tensors.get(name);
    if (tensor === undefined) continue;
    const array = toNdArray(name, tensor);
    if (array.dtype !== 'float') {
      throw new RuntimeFault('R7405', `${name} holds ${tensor.dtype}; expected F32 or F64`);
    }
    weights.set(name, array);
  }
  return { model, weights, bindings };
}

/** First values from a seed; every width must be settled by `bindings`. */
export async function initialised(
  model: Model,
  seed: number,
  bindings: Bindings,
): Promise<ReadonlyMap<string, NdArray>> {
  const { initialize } = await import('../../runtime/train/initialize.ts');
  const shapes = new Map(model.weights.map((w) => [w.name, settledShape(w, bindings)]));
  requireRoom('the weights', shapes);
  return new Map(
    model.weights.map((w, site) => {
      const shape = settledShape(w, bindings);
      const initializer = settled(w.initializer, bindings);
      return [w.name, { dtype: 'float', shape, data: initialize(shape, initializer, seed, site) }];
    }),
  );
}

function settledShape({ name, shape }: ModelWeight, bindings: Bindings): number[] {
  const open = [...symbolsOf(shape)].filter((s) => !bindings.has(s));
  if (open.length > 0) throw unsettled(name, open);
  return evaluateShape(shape, bindings);
}

function unsettled(name: string, open: readonly string[]): RuntimeFault {
  const names = open.filter((s) => !s.startsWith('?'));
  return new RuntimeFault(
    'R7408',
    `the shape of ${name} is open: nothing says how large ${open.join(', ')} is`,
    names.length === 0 ? undefined : names.map((s) => `--dim ${s}=…`).join(' '),
  );
}

function settled(initializer: Initializer, bindings: Bindings): WeightInitializer {
  if (initializer.kind !== 'blocks') return initializer;
  return {
    kind: 'blocks',
    blocks: initializer.blocks.map((block) => ({
      columns: evaluateDim(block.columns, bindings),
      initializer: settled(block.initializer, bindings),
    })),
  };
}
