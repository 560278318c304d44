/**
 * `run` and `grad` without the files: spec, weights and tensors in, named arrays out. The commands
 * read and write around this, and tests call it in-process.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { bindShapes } from '../adopt/bind.ts';
import { adoptStates } from '../adopt/states.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import { gradientGraph, inferenceGraph, seedsOf, type GraphUse } from '../pipeline.ts';
import { graphUse, loadEngine } from './engine.ts';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { feed } from './feed.ts';
import type { EngineOptions } from './options.ts';
import { shapesOf, type Tensors } from './tensors.ts';
import { loadWeights } from './weights.ts';

export interface ComputeRequest {
  readonly engine: EngineOptions;
  readonly input: Tensors;
  readonly weights?: Tensors;
  /** Seed of initial weights where there are none. */
  readonly init?: number;
  /** Key of the random numbers of dropout. */
  readonly seed?: number;
}

export type Arrays = ReadonlyMap<string, NdArray>;

/** Outputs and final states. */
export function computeRun(compiled: Model, request: ComputeRequest): Promise<Arrays> {
  return compute(compiled, request, inferenceGraph, () => new Set());
}

/** The same, `loss` and gradients. R7409 where a spec without a loss gets no seed. */
export function computeGrad(compiled: Model, request: ComputeRequest): Promise<Arrays> {
  return compute(compiled, request, gradientGraph, (model) => {
    const seeds = seedsOf(model);
    if (seeds.length > 0 && !seeds.some((name) => request.input.has(name))) {
      throw new RuntimeFault(
        'R7409',
        `the spec has no loss, and the input holds none of ${seeds.join(', ')}`,
        'add a loss to the spec, or the cotangent of an output to the input',
      );
    }
    return new Set(seeds);
  });
}

async function compute(
  compiled: Model,
  request: ComputeRequest,
  graphOf: (model: Model, use: GraphUse) => Graph,
  optionalInputs: (model: Model) => ReadonlySet<string>,
): Promise<Arrays> {
  const { engine, input } = request;
  const known = shapeBindings(compiled, input);
  // Weights that are given decide what the model's are called; fresh ones are made when all else is
  // known to be right.
  const given =
    request.weights === undefined ? undefined : await loadWeights(compiled, request, known);
  const model = adoptStates(given?.model ?? compiled);
  const optional = optionalInputs(model);
  const graph = graphOf(model, graphUse(engine));
  const inputs = feed(graph, model, input, {
    bindings: given?.bindings ?? known,
    seed: request.seed ?? 0,
    // One IN may serve `run` and `grad` alike.
    tolerated: new Set([...model.graph.parameters.map((p) => p.name), ...seedsOf(model)]),
    optional,
  });
  const { weights } = given ?? (await loadWeights(compiled, request, known));
  const executable = await loadEngine(graph, engine, { model, bindings: new Map() });
  return executable.run(new Map([...inputs, ...weights]));
}

/** What the shapes of IN say about the widths that a spec leaves open. */
function shapeBindings(model: Model, input: Tensors): Bindings {
  const shapes = shapesOf(input);
  return bindShapes(
    model.graph.parameters.flatMap((p) => {
      const found = shapes.get(p.name);
      return found === undefined ? [] : [{ name: p.name, expected: p.value.type.shape, found }];
    }),
  ).bindings;
}
