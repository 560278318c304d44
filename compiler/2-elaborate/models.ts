/**
 * Statements of a model: inputs become parameters of the graph, bindings names in scope, losses one
 * scalar. Bindings may be elaborated with given inputs (sub-models.ts) or with fresh ones.
 */
import type {
  Binding,
  Expression,
  InputDeclaration,
  InputType,
  LossDeclaration,
  ModelDefinition,
  Name,
} from '../ast/types.ts';
import { childrenOf } from '../ast/walk.ts';
import { symbol, symbolsOf, type Dim, type Shape } from '../graph/dim.ts';
import type { ModelInput } from '../graph/model.ts';
import { evaluateTensor } from './coerce.ts';
import { batchDim, type ElaborationContext } from './context.ts';
import { checkWidth, isTimeSymbol, widthFrom } from './declarations.ts';
import type { Environment } from './environment.ts';
import { toLayer, stagePlacement } from './layers.ts';
import { gives } from './operators.ts';
import { padWith } from './padding.ts';
import { nothing, type Denotation, type Tensor } from './values.ts';

export interface NamedTensor {
  readonly binding: Binding;
  readonly tensor: Tensor;
}

const elements = ['float', 'words', 'characters', 'class', 'ids'] as const;
type Element = (typeof elements)[number];

/** Parameters and results that a model, its gradients and its training step have of themselves. */
const reservedNames = ['lengths', 'random', 'step', 'loss', 'rate', 'gradientNorm'];

function isReserved(ctx: ElaborationContext, name: Name): boolean {
  if (!reservedNames.includes(name.text)) return false;
  ctx.error('N3006', `${name.text} is a name that every model uses itself`, name.span, {
    hint: 'choose another name',
  });
  return true;
}

/** Without a loss, the gradients of an output `y` are seeded by an input `dy`. */
export function checkSeeds(
  ctx: ElaborationContext,
  outputs: readonly NamedTensor[],
  hasLoss: boolean,
): void {
  for (const { binding } of hasLoss ? [] : outputs) {
    const seed = `d${binding.name.text}`;
    const input = ctx.inputs.find((i) => i.name === seed);
    if (input === undefined) continue;
    ctx.error('N3006', `${seed} is the name of what seeds the gradients`, input.span, {
      secondary: [{ span: binding.name.span, text: `of this output` }],
      hint: 'choose another name, or add a loss',
    });
  }
}

export function declareInput(
  ctx: ElaborationContext,
  env: Environment,
  input: InputDeclaration,
): Tensor | undefined {
  if (isReserved(ctx, input.name)) return undefined;
  const element = elements.find((e) => e === input.type.element.text);
  if (element === undefined) {
    return ctx.error('N3001', `unknown input type ${input.type.element.text}`, input.type.span, {
      hint: `input types are ${elements.join(', ')}`,
    });
  }
  const size = element === 'float' ? undefined : sizeOf(ctx, env, input.type);
  const axes = inputAxes(ctx, env, input.type, element);
  if (axes === undefined || (element !== 'float' && size === undefined)) return undefined;
  const time = axes.time === undefined ? undefined : ctx.timeAxis(axes.time);
  const shape: Shape = [batchDim, ...(time === undefined ? [] : [time.dim]), ...axes.features];
  const type = { dtype: element === 'float' ? 'float' : 'int', shape } as const;
  const value = ctx.model.graph.parameter(input.name.text, type, 'input');
  ctx.inputs.push(modelInput(ctx, input, { element, type, size, time: axes.time }));
  // Whatever a caller left in the padding (NaN, ids out of range) must not reach a gradient.
  return padWith(
    ctx,
    {
      kind: 'tensor',
      value,
      batch: true,
      ...(time === undefined ? {} : { time }),
      ...(size === undefined ? {} : { ids: size }),
      span: input.name.span,
    },
    0,
  );
}

interface InputParts {
  readonly element: Element;
  readonly type: ModelInput['type'];
  readonly size: Dim | undefined;
  readonly time: string | undefined;
}

function modelInput(
  ctx: ElaborationContext,
  input: InputDeclaration,
  parts: InputParts,
): ModelInput {
  return {
    name: input.name.text,
    element: parts.element,
    type: parts.type,
    ...(parts.size === undefined ? {} : { size: parts.size }),
    ...(parts.time === undefined ? {} : { time: parts.time, lengths: ctx.lengthsName(parts.time) }),
    span: input.span,
  };
}

/** The number of ids; without one, a symbol of the input's own that data bind. */
function sizeOf(ctx: ElaborationContext, env: Environment, type: InputType): Dim | undefined {
  if (type.size === undefined) return newSymbol(ctx, 'V');
  return openWidth(ctx, env, type.size);
}

/** A width in an input's type: an unknown name declares a symbol. */
function openWidth(ctx: ElaborationContext, env: Environment, e: Expression): Dim | undefined {
  declareSymbols(ctx, env, e);
  return widthFrom(ctx, env, ctx.evaluate(env, e));
}

function newSymbol(ctx: ElaborationContext, name: string): Dim {
  ctx.symbols.add(name);
  return symbol(name);
}

function declareSymbols(ctx: ElaborationContext, env: Environment, e: Expression): void {
  if (e.kind === 'reference' && !env.has(e.name)) {
    env.define(e.name, { kind: 'dim', dim: newSymbol(ctx, e.name), span: e.span });
  } else if (e.kind === 'binary') {
    declareSymbols(ctx, env, e.left);
    declareSymbols(ctx, env, e.right);
  }
}

function inputAxes(
  ctx: ElaborationContext,
  env: Environment,
  type: InputType,
  element: Element,
): { time?: string; features: Shape } | undefined {
  const [first, ...rest] = type.shape;
  const name = first?.kind === 'reference' ? first.name : undefined;
  const timed = name !== undefined && !env.has(name) && (element !== 'float' || isTimeSymbol(name));
  const known = name !== undefined && ctx.times.has(name);
  if (element !== 'float' && (rest.length > 0 || (first !== undefined && !timed && !known))) {
    return ctx.error('S4006', 'ids have a time axis or none', type.span, {
      hint: 'write words(10_000)[T]; bind T with --dim T=7 if it is fixed',
    });
  }
  const features: Dim[] = [];
  for (const e of timed || known ? rest : type.shape) {
    const width = openWidth(ctx, env, e);
    if (width === undefined) return undefined;
    features.push(width);
  }
  return timed || known ? { time: name, features } : { features };
}

/** Elaborates bindings and losses in order; the inputs are in scope already. */
export function runModel(
  ctx: ElaborationContext,
  env: Environment,
  model: ModelDefinition,
): { outputs: NamedTensor[]; losses: Tensor[] } {
  const outputs: NamedTensor[] = [];
  const losses: Tensor[] = [];
  for (const s of model.statements) {
    if (s.kind === 'binding') {
      const tensor = model.bare ? bareOutput(ctx, env, s) : bindingTensor(ctx, env, s);
      env.define(s.name.text, tensor ?? nothing(s.span));
      if (s.output && tensor !== undefined) outputs.push({ binding: s, tensor });
    } else if (s.kind === 'loss') {
      const loss = lossTensor(ctx, env, s);
      if (loss !== undefined) losses.push(loss);
    }
  }
  return { outputs, losses };
}

function bindingTensor(ctx: ElaborationContext, env: Environment, s: Binding): Tensor | undefined {
  if (env.has(s.name.text)) {
    return ctx.error('N3006', `${s.name.text} is already defined`, s.name.span);
  }
  if (s.output && isReserved(ctx, s.name)) return undefined;
  return ctx.builder.withOrigin(ctx.origin(s.span), () => evaluateTensor(ctx, env, s.value));
}

/** A pipeline without a source is applied to `x`. */
function bareOutput(ctx: ElaborationContext, env: Environment, s: Binding): Tensor | undefined {
  const x = env.lookup('x');
  const value: Denotation = ctx.builder.withOrigin(ctx.origin(s.span), () =>
    s.value.kind === 'pipeline'
      ? ctx.evaluate(env, withSource(s.value))
      : ctx.evaluate(env, s.value),
  );
  if (value.kind === 'tensor' || x?.kind !== 'tensor') {
    return value.kind === 'tensor' ? value : undefined;
  }
  const layer = toLayer(ctx, env, value, s.value);
  return layer?.apply(x, stagePlacement(ctx, layer, env));
}

function withSource(e: Expression): Expression {
  if (e.kind !== 'pipeline') return e;
  const [first] = e.stages;
  if (first !== undefined && mentionsInput(first)) return e;
  const span = { ...e.span, end: e.span.start };
  return { ...e, stages: [{ kind: 'reference', name: 'x', span }, ...e.stages] };
}

/** `x`, `x<t-1>`, `concat(x, …)`: the first stage is a value already. */
function mentionsInput(e: Expression): boolean {
  if (e.kind === 'reference') return e.name === 'x';
  return (e.kind === 'timed' && e.name.text === 'x') || childrenOf(e).some(mentionsInput);
}

function lossTensor(
  ctx: ElaborationContext,
  env: Environment,
  s: LossDeclaration,
): Tensor | undefined {
  const loss = ctx.builder.withOrigin(ctx.origin(s.span), () => evaluateTensor(ctx, env, s.value));
  if (loss === undefined || loss.value.type.shape.length === 0) return loss;
  return ctx.error('S4008', 'a loss is one number', s.span, {
    secondary: [gives(ctx, loss)],
    hint: 'use crossEntropy, binaryCrossEntropy, mse or ctc',
  });
}

/** Reports weights whose widths nothing determines, and widths that have come out impossible. */
export function checkResolved(ctx: ElaborationContext): void {
  for (const { shape, layer, name, span } of ctx.weights) {
    if (ctx.broken.has(layer)) continue;
    const resolved = ctx.solver.resolveShape(shape);
    if ([...symbolsOf(resolved)].some((s) => s.startsWith('?'))) {
      ctx.error('S4005', `the shape of ${name} does not follow from where it stands`, span, {
        hint: 'declare it: weight W: [rows, columns]',
      });
    }
    for (const width of resolved) checkWidth(ctx, width, span);
  }
  for (const { type, span } of ctx.inputs) {
    for (const width of ctx.solver.resolveShape(type.shape)) checkWidth(ctx, width, span);
  }
}
