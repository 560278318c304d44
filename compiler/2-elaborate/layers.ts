/**
 * Layers as values: a definition with its arguments, a function used as a stage, several stages in
 * a row. A layer is applied when a pipeline reaches it.
 */
import type { Expression, Pipeline } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { bindArguments, type BoundArguments, type GivenArgument } from './arguments.ts';
import { describeKind } from './coerce.ts';
import type { AnyDefinition } from './collect.ts';
import { sourceText, type ElaborationContext } from './context.ts';
import { applyDefinition } from './definitions.ts';
import type { Environment } from './environment.ts';
import { callFunction } from './function-calls.ts';
import { tensorFunctions } from './functions.ts';
import { candidates, reportUnknown } from './names.ts';
import { applyModel } from './sub-models.ts';
import type { Denotation, Layer, Placement, Tensor } from './values.ts';

/** `lstm(128, depth = 2)`: a definition of the language waiting for its input. */
export function definitionLayer(
  ctx: ElaborationContext,
  definition: AnyDefinition,
  given: readonly GivenArgument[],
  span: Span,
): Layer | undefined {
  const name = definition.name.text;
  // Only where it is written in its own body: as an argument it may stand in another of its kind.
  if (ctx.active.includes(definition)) {
    return ctx.error('N3017', `${name} is defined by itself`, span);
  }
  const label = labelOf(span);
  if (definition.kind === 'model') {
    return {
      kind: 'layer',
      name,
      label,
      span,
      apply: (input, at) => applyModel(ctx, definition, given, input, at, span),
    };
  }
  if (definition.flavour !== 'cell' && definition.flavour !== 'layer') {
    const kind = definition.flavour === 'optimizer' ? 'an optimizer' : 'a schedule';
    return ctx.error('N3014', `${name} is ${kind}, not a layer`, span, {
      hint: 'optimizers and schedules stand after train',
    });
  }
  const bound = bindArguments(ctx, definition, given, span);
  if (bound === undefined) return undefined;
  return {
    kind: 'layer',
    name,
    label,
    span,
    apply: (input, at) =>
      applyDeep(ctx, bound, input, at, (x, placement) =>
        applyDefinition(ctx, definition, bound, x, placement, { span, label }),
      ),
  };
}

/** Text of the call at a span, shortened. */
function labelOf(span: Span): string {
  const text = span.source.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `depth` copies in a row, with dropout between them. */
function applyDeep(
  ctx: ElaborationContext,
  bound: BoundArguments,
  input: Tensor,
  at: Placement,
  apply: (input: Tensor, at: Placement) => Tensor | undefined,
): Tensor | undefined {
  const direction = bound.reverse ? opposite(at.direction) : at.direction;
  if (bound.depth === 1) return apply(input, { ...at, direction });
  let value: Tensor | undefined = input;
  for (let layer = 0; layer < bound.depth && value !== undefined; layer++) {
    ctx.budget.countStep(input.span);
    if (layer > 0) value = dropoutBetween(ctx, value, bound.dropout);
    const path = `${at.path}.l${layer}`;
    value = value && apply(value, { path, stage: at.path, layer, direction });
  }
  return value;
}

export function opposite(direction: Placement['direction']): Placement['direction'] {
  return direction === 'forward' ? 'reverse' : 'forward';
}

export function dropoutBetween(
  ctx: ElaborationContext,
  x: Tensor,
  rate: number,
): Tensor | undefined {
  if (rate === 0) return x;
  const amount: Denotation = { kind: 'number', value: rate, span: x.span };
  const call = { tensors: [x], all: [x, amount], named: new Map<string, Denotation>() };
  const result = tensorFunctions.dropoutOf?.(ctx, x, { ...call, span: x.span });
  return result?.kind === 'tensor' ? result : undefined;
}

/** The expression as a layer; reports what is none. */
export function stageLayer(
  ctx: ElaborationContext,
  env: Environment,
  e: Expression,
): Layer | undefined {
  return toLayer(ctx, env, ctx.evaluate(env, e), e);
}

/** `at` is where it is written; the value may have been made elsewhere. */
export function toLayer(
  ctx: ElaborationContext,
  env: Environment,
  d: Denotation,
  at: { readonly span: Span },
): Layer | undefined {
  switch (d.kind) {
    case 'layer':
      return d;
    case 'nothing':
      return undefined;
    case 'function':
      return functionLayer(ctx, env, d.name, at.span);
    case 'word':
      return reportUnknown(ctx, d.text, at.span, candidates(ctx, env), 'layer');
    case 'tensor':
      return ctx.error('N3014', 'this is a value, not a layer', at.span, {
        hint: 'a pipeline starts with a value; every later stage is a layer',
      });
    default:
      return ctx.error('N3014', `this is ${describeKind(d)}, not a layer`, at.span);
  }
}

function functionLayer(ctx: ElaborationContext, env: Environment, name: string, span: Span): Layer {
  return {
    kind: 'layer',
    name,
    label: labelOf(span),
    span,
    apply: (input) => {
      const result = callFunction(ctx, env, name, [{ value: input, span }], span);
      return result?.kind === 'tensor' ? result : undefined;
    },
  };
}

/** `lstm(64) -> dense(3)` without a source, as an argument. */
export function pipelineLayer(
  ctx: ElaborationContext,
  env: Environment,
  e: Pipeline,
): Layer | undefined {
  const layers = e.stages.map((stage) => stageLayer(ctx, env, stage));
  const stages = layers.filter((l) => l !== undefined);
  if (stages.length < layers.length) return undefined;
  return stackLayers(ctx, stages, sourceText(e), e.span);
}

export function stackLayers(
  ctx: ElaborationContext,
  stages: readonly Layer[],
  label: string,
  span: Span,
): Layer {
  return {
    kind: 'layer',
    name: 'stack',
    label,
    span,
    apply(input, at) {
      let value: Tensor | undefined = input;
      for (const stage of stages) {
        ctx.budget.countStep(stage.span);
        const path = ctx.freshPath(`${at.path}.${stage.name}`);
        value =
          value && stage.apply(value, { path, stage: path, layer: 0, direction: at.direction });
      }
      return value;
    },
  };
}

/** Where a stage of the model (or one written inside a layer) stands. */
export function stagePlacement(ctx: ElaborationContext, layer: Layer, env: Environment): Placement {
  const outer = env.frame?.path ?? ctx.prefix;
  const path = ctx.freshPath(outer === '' ? layer.name : `${outer}.${layer.name}`);
  return { path, stage: path, layer: 0, direction: env.frame?.direction ?? 'forward' };
}
