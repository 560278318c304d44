/**
 * Phase 2: the syntax tree of a spec to a Model. Names are resolved, widths inferred, combinators
 * and cells expanded. All mistakes are reported in one run; with one among them there is no model.
 */
import type {
  CellDefinition,
  Expression,
  InputDeclaration,
  ModelDefinition,
  SourceFile,
} from '../ast/types.ts';
import type { SourceText, Span } from '../base/source.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { fixed } from '../graph/dim.ts';
import type { Model, ModelOutput, SettingValue } from '../graph/model.ts';
import { substituteGraph, substituteShape, substituteType } from '../graph/substitute.ts';
import { TooLarge, TooManyMistakes } from './budget.ts';
import type { GivenArgument } from './arguments.ts';
import { ElaborationContext, type Recursion } from './context.ts';
import { collectDefinitions, type ImportedFile, type Library } from './collect.ts';
import { Environment } from './environment.ts';
import { evaluate } from './expressions.ts';
import { checkResolved, checkSeeds, declareInput, runModel, type NamedTensor } from './models.ts';
import { applyArithmetic } from './operators.ts';
import { padWith } from './padding.ts';
import { bindModelArguments } from './sub-models.ts';
import { optimizerRule, trainSettings } from './training.ts';
import type { Tensor } from './values.ts';

export interface ElaborateOptions {
  /** The standard library. */
  readonly library: Library;
  /** The parsed file behind an import; undefined if there is none. */
  readonly imports: (path: string, from: SourceText) => ImportedFile;
  /** `--dim D=33`: a symbol of the spec, or a parameter of the model. */
  readonly dims: ReadonlyMap<string, number>;
  /** Dropout acts in `training` only. */
  readonly mode: 'inference' | 'training';
  /** Which model of the file; left out: the last. */
  readonly model?: string;
}

export interface Elaborated {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const recursion: Recursion = {
  evaluate,
  runBindings: (ctx, env, model) => runModel(ctx, env, model).outputs,
};

export function elaborate(file: SourceFile, options: ElaborateOptions): Elaborated {
  const collected = collectDefinitions(file, options);
  const ctx = new ElaborationContext(collected.definitions, options.mode === 'training', recursion);
  for (const d of collected.diagnostics) ctx.diagnostics.add(d);
  for (const [name, value] of options.dims) ctx.solver.bind(name, fixed(value));
  const definition = chooseModel(ctx, file, options.model);
  const model = definition && withinLimits(ctx, definition, options.dims);
  ctx.budget.close();
  return {
    model: ctx.diagnostics.failed ? undefined : model,
    diagnostics: ctx.diagnostics.all,
  };
}

function withinLimits(
  ctx: ElaborationContext,
  definition: ModelDefinition,
  dims: ReadonlyMap<string, number>,
): Model | undefined {
  try {
    return elaborateModel(ctx, definition, dims);
  } catch (thrown) {
    if (thrown instanceof TooManyMistakes) return undefined;
    if (thrown instanceof RangeError && thrown.message.includes('call stack')) {
      return ctx.error('S4007', 'this model is too large', definition.name.span, {
        hint: 'its definitions use one another in too long a chain',
      });
    }
    if (!(thrown instanceof TooLarge)) throw thrown;
    return ctx.error('S4007', 'this model is too large', thrown.span, { hint: thrown.message });
  }
}

function chooseModel(
  ctx: ElaborationContext,
  file: SourceFile,
  name: string | undefined,
): ModelDefinition | undefined {
  const models = file.definitions.filter((d) => d.kind === 'model');
  const chosen = name === undefined ? models.at(-1) : models.find((m) => m.name.text === name);
  if (chosen !== undefined) return chosen;
  const known = models.map((m) => m.name.text).join(', ');
  return ctx.error(
    'N3013',
    name === undefined ? 'this file has no model' : `this file has no model ${name}`,
    { ...file.span, end: Math.min(file.span.end, file.span.start + 1) },
    { hint: known === '' ? 'add model NAME { … }, or write a pipeline' : `it has ${known}` },
  );
}

function elaborateModel(
  ctx: ElaborationContext,
  definition: ModelDefinition,
  dims: ReadonlyMap<string, number>,
): Model | undefined {
  const env = new Environment();
  ctx.active.push(definition);
  const given = givenParameters(definition, dims);
  if (!bindModelArguments(ctx, env, definition, given, definition.span)) return undefined;
  const inputs = definition.bare
    ? [bareInput(ctx, definition)]
    : definition.statements.filter((s) => s.kind === 'input');
  for (const input of inputs) {
    if (env.has(input.name.text)) {
      ctx.error('N3006', `${input.name.text} is declared twice`, input.name.span);
      continue;
    }
    const tensor = declareInput(ctx, env, input);
    env.define(input.name.text, tensor ?? { kind: 'nothing', span: input.span });
  }
  const { outputs, losses } = runModel(ctx, env, definition);
  if (outputs.length === 0 && losses.length === 0 && !ctx.diagnostics.failed) {
    ctx.error('N3018', `${definition.name.text} has no output`, definition.name.span, {
      hint: 'add output y = …',
    });
  }
  checkSeeds(ctx, outputs, losses.length > 0);
  addResults(ctx, outputs, losses);
  const training = trainingOf(ctx, env, definition);
  checkResolved(ctx);
  checkDims(ctx, definition, dims);
  return ctx.diagnostics.failed ? undefined : finish(ctx, definition, outputs, training);
}

/** `--dim width=32` where the model has a parameter `width`. */
function givenParameters(
  definition: ModelDefinition,
  dims: ReadonlyMap<string, number>,
): GivenArgument[] {
  return definition.parameters.flatMap(({ name }) => {
    const value = dims.get(name.text);
    const { span } = name;
    return value === undefined ? [] : [{ name, value: { kind: 'number', value, span }, span }];
  });
}

/** N3103: a dimension is bound that the spec does not have; it would otherwise count as open. */
function checkDims(
  ctx: ElaborationContext,
  definition: ModelDefinition,
  dims: ReadonlyMap<string, number>,
): void {
  const known = new Set([...ctx.symbols, ...definition.parameters.map((p) => p.name.text)]);
  for (const name of dims.keys()) {
    if (known.has(name)) continue;
    const near = nearest(name, [...known]);
    ctx.diagnostics.error('N3103', `the spec has no dimension ${name}`, undefined, {
      hint: near === undefined ? `it has ${[...known].join(', ')}` : `did you mean ${near}?`,
    });
  }
}

/** `x`: ids if the first layer takes ids, else `[B, T, D]`. */
function bareInput(ctx: ElaborationContext, definition: ModelDefinition): InputDeclaration {
  const output = definition.statements.find((s) => s.kind === 'binding');
  const span: Span = definition.span;
  const name = (text: string): { text: string; span: Span } => ({ text, span });
  const reference = (text: string): Expression => ({ kind: 'reference', name: text, span });
  const element = output !== undefined && takesIds(ctx, output.value) ? 'ids' : 'float';
  return {
    kind: 'input',
    name: name('x'),
    type: {
      element: name(element),
      ...(element === 'ids' ? { size: reference('V') } : {}),
      shape: element === 'ids' ? [reference('T')] : [reference('T'), reference('D')],
      span,
    },
    span,
  };
}

/** Whether the first layer of a pipeline declares `input x: ids(V)`. */
function takesIds(ctx: ElaborationContext, e: Expression): boolean {
  if (e.kind === 'pipeline') {
    const [first, second] = e.stages;
    const named = first?.kind === 'reference' && first.name === 'x' ? second : first;
    return named !== undefined && takesIds(ctx, named);
  }
  const name = e.kind === 'call' ? e.callee.text : e.kind === 'reference' ? e.name : undefined;
  const definition = name === undefined ? undefined : ctx.definitions.get(name);
  if (definition === undefined && e.kind === 'call') {
    const [first] = e.arguments;
    return first !== undefined && takesIds(ctx, first.value);
  }
  return definition?.kind === 'cell' && declaresIds(definition);
}

function declaresIds(definition: CellDefinition): boolean {
  return definition.statements.some((s) => s.kind === 'input' && s.type.element.text === 'ids');
}

function addResults(
  ctx: ElaborationContext,
  outputs: readonly NamedTensor[],
  losses: readonly Tensor[],
): void {
  for (const { binding, tensor } of outputs) {
    ctx.results.push({ name: binding.name.text, value: padWith(ctx, tensor, 0).value });
  }
  const [first, ...rest] = losses;
  if (first === undefined) return;
  let total: Tensor | undefined = first;
  for (const loss of rest) {
    total = total && applyArithmetic(ctx, '+', total, loss, loss.span);
  }
  if (total !== undefined) ctx.results.push({ name: 'loss', value: total.value });
}

function trainingOf(
  ctx: ElaborationContext,
  env: Environment,
  definition: ModelDefinition,
): Model['training'] {
  const declarations = definition.statements.filter((s) => s.kind === 'train');
  const settings: ReadonlyMap<string, SettingValue> = trainSettings(ctx, env, declarations);
  const span = definition.span;
  const [call, second] = declarations.flatMap((d) => (d.optimizer ? [d.optimizer] : []));
  if (second !== undefined) {
    ctx.error('N3006', 'there is an optimizer already', second.span, {
      secondary: call === undefined ? [] : [{ span: call.span, text: 'first here' }],
    });
  }
  const optimizer = optimizerRule(ctx, env, call ?? { kind: 'reference', name: 'adam', span });
  return { settings, ...(optimizer === undefined ? {} : { optimizer }) };
}

function finish(
  ctx: ElaborationContext,
  definition: ModelDefinition,
  outputs: readonly NamedTensor[],
  training: Model['training'],
): Model | undefined {
  const solved = ctx.solver.solutions;
  const graph = substituteGraph(ctx.model.graph.finish(definition.name.text, ctx.results), solved);
  const results = new Map(graph.results.map((r) => [r.name, r.value]));
  return {
    name: definition.name.text,
    graph,
    inputs: ctx.inputs.map((i) => ({
      ...i,
      type: substituteType(i.type, solved),
      ...(i.size === undefined ? {} : { size: ctx.solver.resolve(i.size) }),
    })),
    weights: ctx.weights.map((w) => ({
      ...w,
      shape: substituteShape(w.shape, solved),
      initializer: resolveInitializer(ctx, w.initializer),
      ...(w.blocks === undefined
        ? {}
        : { blocks: w.blocks.map((b) => ({ ...b, columns: ctx.solver.resolve(b.columns) })) }),
    })),
    states: ctx.states.map((s) => ({ ...s, type: substituteType(s.type, solved) })),
    outputs: outputs.map(({ binding, tensor }) =>
      modelOutput(ctx, binding.name.text, tensor, results.get(binding.name.text)?.type),
    ),
    metrics: ctx.metrics,
    training,
    layers: layerSummaries(ctx),
    instances: ctx.instances,
    singleStage: isSingleStage(ctx, definition),
  };
}

type Initializer = Model['weights'][number]['initializer'];

function resolveInitializer(ctx: ElaborationContext, initializer: Initializer): Initializer {
  if (initializer.kind !== 'blocks') return initializer;
  return {
    kind: 'blocks',
    blocks: initializer.blocks.map((b) => ({ ...b, columns: ctx.solver.resolve(b.columns) })),
  };
}

function modelOutput(
  ctx: ElaborationContext,
  name: string,
  t: Tensor,
  type: ModelOutput['type'] | undefined,
): ModelOutput {
  return {
    name,
    type: type ?? ctx.resolveType(t.value.type),
    ...(t.time === undefined
      ? {}
      : { time: t.time.symbol, lengths: ctx.lengthsName(t.time.symbol) }),
    ...(t.distribution === undefined ? {} : { distribution: t.distribution.kind }),
    span: t.span,
  };
}

function layerSummaries(ctx: ElaborationContext): Model['layers'] {
  return ctx.summaries.map((s) => ({
    path: s.path,
    label: s.label,
    input: ctx.solver.resolveShape(s.input),
    output: ctx.solver.resolveShape(s.output),
    weights: ctx.weights.filter((w) => w.layer === s.path).map((w) => w.name),
  }));
}

/** One input, one output, and nothing between them but one recurrent stage. */
function isSingleStage(ctx: ElaborationContext, definition: ModelDefinition): boolean {
  const bindings = definition.statements.filter((s) => s.kind === 'binding');
  const [only] = bindings;
  if (only === undefined || bindings.length > 1 || !definition.bare) return false;
  const stages = only.value.kind === 'pipeline' ? only.value.stages : [only.value];
  const layers = stages.filter((s) => s.kind !== 'reference' || s.name !== 'x');
  const [first] = ctx.instances;
  return (
    layers.length === 1 &&
    first !== undefined &&
    ctx.instances.every((i) => i.recurrent && i.stage === first.stage) &&
    ctx.instances.length === ctx.states.length / Math.max(1, statesEach(ctx, first.path))
  );
}

function statesEach(ctx: ElaborationContext, path: string): number {
  return ctx.states.filter((s) => s.layer === path).length;
}
