/**
 * How far back the last loss reaches: for one batch of data, the norm of dLoss_T/da<t> for each
 * time step and each state of a spec (3-differentiate/step-gradients.ts). Freshly initialised
 * weights unless some are given.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import type { Batch, BatchSource } from '../../runtime/train/batches.ts';
import { initialStates } from '../../runtime/train/step.ts';
import { present } from '../base/bug.ts';
import { stepGradientGraph } from '../pipeline.ts';
import { loadEngine } from './engine.ts';
import type { EngineOptions } from './options.ts';
import { compileOpened, openSpec } from './spec.ts';
import { readTensors } from './tensors.ts';
import { readData } from './training/data-file.ts';
import { trainingData } from './training/data.ts';
import { trainingProgram } from './training/program.ts';
import { runSettings } from './training/settings.ts';
import { loadWeights } from './weights.ts';

export interface StepNormRequest {
  readonly spec: string;
  readonly data: string;
  readonly dims: ReadonlyMap<string, number>;
  readonly weights?: string;
  readonly seed: number;
  readonly engine: EngineOptions;
}

/** The norms of one state, for t = 1 … T. */
export interface StepNorms {
  readonly spec: string;
  /** `lstm/c`. */
  readonly state: string;
  readonly norms: readonly number[];
}

export async function stepNorms(request: StepNormRequest): Promise<StepNorms[]> {
  const { dims: given, engine, seed } = request;
  const opened = openSpec(request.spec);
  const compile = (dims: ReadonlyMap<string, number>) =>
    compileOpened(opened, { dims: new Map([...dims, ...given]), mode: 'inference', quiet: true });
  const open = await compileOpened(opened, { dims: given, mode: 'inference' });
  const settings = runSettings([open.training.settings]);
  const data = await trainingData(open, compile, readData(request.data), undefined, settings);
  const dims = new Map([...data.dims, ...given]);
  const from =
    request.weights === undefined ? { init: seed } : { weights: readTensors(request.weights) };
  const { model, weights, bindings } = await loadWeights(await compile(dims), from, dims);
  const known = new Map([...dims, ...bindings]);
  const batch = longestBatch(data.training);
  const program = trainingProgram(model, known, engine.dtype);
  const graph = stepGradientGraph(model);
  const names = new Set(graph.parameters.map((p) => p.name));
  const inputs = new Map<string, NdArray>([
    ...batch.inputs,
    ...weights,
    ...initialStates(program, new Map(), batch),
  ]);
  const wanted = [...inputs].filter(([name]) => names.has(name));
  const results = await (
    await loadEngine(graph, engine, { model, bindings: known })
  ).run(new Map(wanted));
  return graph.results
    .filter((r) => r.name.startsWith('carryNorm/'))
    .map(({ name }) => ({
      spec: model.name,
      state: name.slice('carryNorm/'.length),
      norms: [...present(results.get(name), name).data],
    }));
}

/** Of the first epoch, so that the picture reaches as far back as the data do. */
function longestBatch(source: BatchSource): Batch {
  let longest = source.batch(0, 0);
  for (let i = 1; i < Math.min(source.count(0), 200); i++) {
    const batch = source.batch(0, i);
    if (batch.tokens / batch.rows > longest.tokens / longest.rows) longest = batch;
  }
  return longest;
}
