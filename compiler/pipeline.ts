/**
 * The list of phases: from source text to a model, and from a model to the graphs that a backend
 * runs. Every graph that leaves here has been verified, after each pass that touched it.
 */
import { limited, parseSpec } from './1-parse/parse-spec.ts';
import { elaborate } from './2-elaborate/elaborate.ts';
import type { Library } from './2-elaborate/collect.ts';
import { standardLibrary } from './2-elaborate/std.gen.ts';
import { gradientGraph as buildGradientGraph } from './3-differentiate/gradient-graph.ts';
import { seedName } from './3-differentiate/seeded-loss.ts';
import { stepGradients } from './3-differentiate/step-gradients.ts';
import {
  trainingStep,
  updateStep,
  type TrainingStepOptions,
} from './3-differentiate/training-step.ts';
import { batchProducts, cleanUpGradient } from './4-simplify/batch-products.ts';
import { oneHotProducts } from './4-simplify/one-hot-products.ts';
import { removeDeadCode } from './4-simplify/remove-dead-code.ts';
import { shareCommonSubexpressions } from './4-simplify/share-common-subexpressions.ts';
import { simplify } from './4-simplify/simplify.ts';
import { schedule, type ScheduleOptions } from './5-schedule/schedule.ts';
import { emitWgsl } from './6-emit/wgsl/emit.ts';
import { collectImports } from './ast/imports.ts';
import type { IdRange, Program } from '../runtime/artifact/program.ts';
import type { SourceFile } from './ast/types.ts';
import type { SourceText } from './base/source.ts';
import { Diagnostics, type Diagnostic } from './diagnostics/diagnostic.ts';
import type { Model } from './graph/model.ts';
import { symbolsOf, type Shape } from './graph/dim.ts';
import { isDim, type Graph, type GraphParameter, type Instruction } from './graph/types.ts';
import { verifyProgram } from './kernel/verify-program.ts';
import { verify } from './ops/verify.ts';

export interface CompileOptions {
  /** `--dim NAME=N`. */
  readonly dims?: ReadonlyMap<string, number>;
  /** In training, dropout drops. */
  readonly mode: 'inference' | 'training';
  /** Source text of an import, seen from the file that imports it. Without it, none is found. */
  readonly load?: (path: string, from: SourceText) => SourceText | undefined;
  /** Which model of the file; its last one if not said. */
  readonly model?: string;
}

export interface Compiled {
  readonly file?: SourceFile;
  /** Absent where a diagnostic is an error. */
  readonly model?: Model;
  readonly diagnostics: readonly Diagnostic[];
}

/** The syntax tree alone, for `fmt`. */
export function parseSource(source: SourceText): Omit<Compiled, 'model'> {
  const { file, diagnostics } = parseSpec(source);
  return { ...(file === undefined ? {} : { file }), diagnostics };
}

export function compile(source: SourceText, options: CompileOptions): Compiled {
  const diagnostics = new Diagnostics();
  const parseInto = (text: SourceText): SourceFile | undefined => {
    const parsed = parseSpec(text);
    for (const d of parsed.diagnostics) diagnostics.add(d);
    return parsed.file;
  };
  const file = parseInto(source);
  if (file === undefined) return { diagnostics: limited(diagnostics.all) };
  const load = options.load ?? (() => undefined);
  const imports = collectImports(file, { load, parse: parseInto }, diagnostics);
  const { model, diagnostics: found } = elaborate(file, {
    library,
    imports,
    dims: options.dims ?? new Map(),
    mode: options.mode,
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  for (const d of found) diagnostics.add(d);
  if (model !== undefined) verify(model.graph, 'elaborate');
  return {
    file,
    ...(model === undefined || diagnostics.failed ? {} : { model }),
    diagnostics: limited(diagnostics.all),
  };
}

/** Smaller, with the same numbers. */
export function optimized(graph: Graph): Graph {
  return simplify(verify(graph, 'input'), verify);
}

/**
 * Whom a graph is for. The interpreter runs products as the equations have them; for kernels they
 * are made few and large, which changes numbers by rounding.
 */
export type GraphUse = 'interpreter' | 'kernels';

function forwardFor(graph: Graph, use: GraphUse): Graph {
  return use === 'interpreter' ? graph : batchProducts(verify(graph, 'input'), verify);
}

function finishedFor(graph: Graph, use: GraphUse): Graph {
  return use === 'interpreter' ? optimized(graph) : cleanUpGradient(verify(graph, 'input'), verify);
}

/** Outputs and final states, still in the form of the equations: what `show` prints and draws. */
export function plainGraph(model: Model): Graph {
  const shared = shareCommonSubexpressions(withResults(model.graph, answersOf(model)));
  return pruned(verify(removeDeadCode(shared), 'plainGraph'));
}

/** Outputs and final states. Needs no targets: inputs that only the loss reads are gone. */
export function inferenceGraph(model: Model, use: GraphUse = 'interpreter'): Graph {
  return pruned(resultGraph(model, answersOf(model), use));
}

/** These results of a model; it has all inputs still, needed or not. */
export function resultGraph(model: Model, names: readonly string[], use: GraphUse): Graph {
  return finishedFor(forwardFor(withResults(model.graph, names), use), use);
}

/**
 * What `inferenceGraph` gives, `loss`, and `d/NAME` for every weight, float input and initial
 * state. Without a loss in the spec, it is sum(y * dy) + …, over outputs and final states, whose
 * seeds (`seedsOf`) are further inputs.
 */
export function gradientGraph(model: Model, use: GraphUse = 'interpreter'): Graph {
  const graph = forwardFor(withResults(model.graph, [...answersOf(model), 'loss']), use);
  const gradient = buildGradientGraph({ ...model, graph }, { seeds: seededResults(model) });
  return finishedFor(gradient, use);
}

/** Norms of dLoss_T/da<t> for every state and time step (3-differentiate/step-gradients.ts). */
export function stepGradientGraph(model: Model): Graph {
  return pruned(optimized(stepGradients(model)));
}

/**
 * One step of training: forward, backward, clipping, update (3-differentiate/training-step.ts). Of
 * a model without a loss it is sum(y * dy) + … that falls, as in `gradientGraph`.
 */
export function trainingGraph(
  model: Model,
  options: Omit<TrainingStepOptions, 'seeds'>,
  use: GraphUse = 'interpreter',
): Graph {
  const seeds = seededResults(model);
  // Outputs would be computed for nobody, unless the loss is theirs.
  const metrics = model.metrics.flatMap((m) => [m.sum, m.count]);
  const names = ['loss', ...seeds, ...metrics, ...model.states.map((s) => s.final)];
  const graph = forwardFor(withResults(model.graph, names), use);
  return finishedFor(trainingStep({ ...model, graph }, { ...options, seeds }), use);
}

/** What a training step does once it has its gradients, for the interpreter. */
export function updateGraph(model: Model, optimizer: TrainingStepOptions['optimizer']): Graph {
  return optimized(updateStep(model, optimizer));
}

export type KernelOptions = ScheduleOptions;

/** A graph for kernels as the program that runs it. */
export function kernelProgram(graph: Graph, options: KernelOptions = {}): Program {
  const suited = options.device === 'simd' ? forProcessors(graph) : graph;
  return verifyProgram(schedule(suited, { sourceLine: standardLine, ...options }));
}

/**
 * A graph for kernels as processors run it: where memory is written as easily as read, a product
 * with a one-hot code is a choice of rows, which multiplies no zero with NaN.
 */
export function forProcessors(graph: Graph): Graph {
  return verify(removeDeadCode(oneHotProducts(graph)), 'oneHotProducts');
}

/** A line of the standard library. */
function standardLine(source: string, line: number): string | undefined {
  const [, file] = /^std\/(\w+)\.gate$/.exec(source) ?? [];
  return file === undefined ? undefined : standardLibrary[file]?.split('\n')[line - 1];
}

/** The same with a shader for each kernel. */
export function shaderProgram(
  graph: Graph,
  options: KernelOptions = {},
): { readonly program: Program; readonly shaders: readonly string[] } {
  const program = kernelProgram(graph, options);
  return { program, shaders: emitWgsl(program) };
}

/** What ids the inputs of a model may hold, by parameter. */
export function idRanges(model: Pick<Model, 'inputs'>): ReadonlyMap<string, IdRange> {
  return new Map(
    model.inputs.flatMap(({ name, element, size, lengths }): [string, IdRange][] => {
      if (size === undefined) return [];
      const range = { below: size, negative: element === 'class' };
      return [[name, { ...range, ...(lengths === undefined ? {} : { lengths }) }]];
    }),
  );
}

/** Names of the seeds that `gradientGraph` reads: `dy`, `dhn`, … */
export function seedsOf(model: Model): readonly string[] {
  return seededResults(model).map(seedName);
}

function seededResults(model: Model): readonly string[] {
  if (hasLoss(model)) return [];
  const floats = new Set(
    model.graph.results.filter((r) => r.value.type.dtype === 'float').map((r) => r.name),
  );
  return answersOf(model).filter((name) => floats.has(name));
}

function hasLoss(model: Model): boolean {
  return model.graph.results.some((r) => r.name === 'loss');
}

function answersOf(model: Model): readonly string[] {
  return [...model.outputs.map((o) => o.name), ...model.states.map((s) => s.final)];
}

function withResults(graph: Graph, names: readonly string[]): Graph {
  return { ...graph, results: graph.results.filter((r) => names.includes(r.name)) };
}

/**
 * Drops inputs and controls that nothing uses any more; weights and states stay. So does an input
 * that alone says how long a time is or how wide a value.
 */
function pruned(graph: Graph): Graph {
  const used = new Set(graph.results.map((r) => r.value.id));
  for (const i of graph.instructions) for (const v of i.operands) used.add(v.id);
  const isKept = (p: GraphParameter): boolean =>
    p.role === 'weight' || p.role === 'state' || used.has(p.value.id);
  const told = symbolsOf(graph.parameters.filter(isKept).flatMap((p) => p.value.type.shape));
  const needed = symbolsOf(graph.instructions.flatMap(dimsOf));
  for (const symbol of told) needed.delete(symbol);
  const tells = (p: GraphParameter): boolean =>
    p.role === 'input' && [...symbolsOf(p.value.type.shape)].some((s) => needed.has(s));
  return { ...graph, parameters: graph.parameters.filter((p) => isKept(p) || tells(p)) };
}

function dimsOf({ results, attributes }: Instruction): Shape {
  const { time } = attributes;
  return [...results.flatMap((v) => v.type.shape), ...(isDim(time) ? [time] : [])];
}

/** Its files are parsed when a definition of theirs is first asked for, and kept. */
const library: Library = openLibrary(standardLibrary);

function openLibrary(files: Readonly<Record<string, string>>): Library {
  const fileOf = new Map<string, string>();
  for (const [file, text] of Object.entries(files)) {
    for (const [, name] of text.matchAll(/^(?:cell|layer|optimizer|schedule) (\w+)/gm)) {
      if (name !== undefined) fileOf.set(name, file);
    }
  }
  const parsed = new Map<string, SourceFile | undefined>();
  return {
    names: new Set(fileOf.keys()),
    find(name) {
      const file = fileOf.get(name);
      if (file === undefined) return undefined;
      if (!parsed.has(file)) {
        parsed.set(file, parseSpec({ name: `std/${file}.gate`, text: files[file] ?? '' }).file);
      }
      return parsed.get(file)?.definitions.find((d) => d.name.text === name);
    },
  };
}
