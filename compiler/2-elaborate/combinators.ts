/**
 * Layers made of layers: `bidirectional`, `stack`, `residual`, `concat`. They work around any
 * layer, written in the language or not.
 */
import type { Call } from '../ast/types.ts';
import * as g from '../graph/build.ts';
import type { Dim } from '../graph/dim.ts';
import { depthArgument, type GivenArgument } from './arguments.ts';
import { toTensor } from './coerce.ts';
import { limits, sourceText, type ElaborationContext } from './context.ts';
import type { Environment } from './environment.ts';
import { dropoutBetween, opposite, stackLayers, toLayer } from './layers.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { alignLeading, applyArithmetic, gives } from './operators.ts';
import {
  featureShape,
  type Denotation,
  type Layer,
  type Placement,
  type Tensor,
} from './values.ts';

interface CombinatorUse {
  readonly ctx: ElaborationContext;
  readonly call: Call;
  readonly layers: readonly Layer[];
  readonly depth: number;
  readonly dropout: number;
}

export function applyCombinator(
  ctx: ElaborationContext,
  env: Environment,
  call: Call,
  given: readonly GivenArgument[],
): Denotation | undefined {
  const name = call.callee.text;
  const positional = given.filter((a) => a.name === undefined || a.name.text === 'layer');
  const settings = given.filter((a) => !positional.includes(a));
  if (name === 'concat' && positional.some((a) => a.value.kind === 'tensor')) {
    return concatValues(ctx, env, call, positional);
  }
  const found = positional.map((a) => toLayer(ctx, env, a.value, a));
  const layers = found.filter((l) => l !== undefined);
  for (const [i, a] of settings.entries()) {
    if (settings.findIndex((other) => other.name?.text === a.name?.text) === i) continue;
    return ctx.error('N3006', `${a.name?.text ?? ''} is given twice`, a.span);
  }
  const depth = depthArgument(
    ctx,
    settings.find((a) => a.name?.text === 'depth'),
  );
  const dropout = dropoutSetting(ctx, settings);
  if (!checkSettings(ctx, name, settings)) return undefined;
  if (layers.length < found.length || depth === undefined || dropout === undefined)
    return undefined;
  const single = name === 'bidirectional' || name === 'residual';
  if (layers.length === 0 || (single && layers.length > 1)) {
    return ctx.error('N3002', `${name} needs ${single ? 'one layer' : 'layers'}`, call.span, {
      hint: single ? `write ${name}(lstm(128))` : `write ${name}(lstm(64), dense(3))`,
    });
  }
  return build(name, { ctx, call, layers, depth, dropout });
}

function checkSettings(
  ctx: ElaborationContext,
  name: string,
  settings: readonly GivenArgument[],
): boolean {
  const known = ['depth', 'dropout'];
  const strange = settings.filter((a) => !known.includes(a.name?.text ?? ''));
  for (const a of strange) {
    const near = nearest(a.name?.text ?? '', known);
    ctx.error('N3003', `${name} has no argument ${a.name?.text ?? ''}`, a.name?.span ?? a.span, {
      hint: near === undefined ? `it takes ${known.join(', ')}` : `did you mean ${near}?`,
    });
  }
  return strange.length === 0;
}

function dropoutSetting(
  ctx: ElaborationContext,
  settings: readonly GivenArgument[],
): number | undefined {
  const argument = settings.find((a) => a.name?.text === 'dropout');
  if (argument === undefined) return 0;
  const { value } = argument;
  if (value.kind === 'number' && value.value >= 0 && value.value < 1) return value.value;
  return ctx.error('N3005', 'dropout is a number from 0 up to, not including, 1', argument.span);
}

function build(name: string, use: CombinatorUse): Layer {
  const { call, layers } = use;
  const [first] = layers;
  const label = sourceText(call);
  const apply = layerOf(name, use);
  return {
    kind: 'layer',
    name: name === 'bidirectional' && first !== undefined ? first.name : name,
    label: label.length > 60 ? `${label.slice(0, 57)}…` : label,
    span: call.span,
    apply: (input, at) => repeat(use, input, at, apply),
  };
}

type Application = (input: Tensor, at: Placement) => Tensor | undefined;

function layerOf(name: string, use: CombinatorUse): Application {
  const { call, layers } = use;
  switch (name) {
    case 'bidirectional':
      return (input, at) => bothDirections(use, input, at);
    case 'residual':
      return (input, at) => residual(use, input, at);
    case 'concat':
      return (input, at) => branches(use, input, at);
    default:
      return stackLayers(use.ctx, layers, sourceText(call), call.span).apply;
  }
}

function repeat(
  use: CombinatorUse,
  input: Tensor,
  at: Placement,
  apply: Application,
): Tensor | undefined {
  let value: Tensor | undefined = input;
  for (let layer = 0; layer < use.depth && value !== undefined; layer++) {
    use.ctx.budget.countStep(use.call.span);
    if (layer > 0) value = dropoutBetween(use.ctx, value, use.dropout);
    const path = use.depth === 1 ? at.path : `${at.path}.l${layer}`;
    value = value && apply(value, { ...at, path, stage: at.path, layer });
  }
  return value;
}

/** Forward and reverse side by side: [y→, y←] (Schuster & Paliwal 1997). */
function bothDirections(use: CombinatorUse, input: Tensor, at: Placement): Tensor | undefined {
  const { ctx, call } = use;
  const [layer] = use.layers;
  if (layer === undefined) return undefined;
  const one = (direction: Placement['direction'], word: string): Tensor | undefined =>
    layer.apply(input, { ...at, path: `${at.path}.${word}`, direction });
  const forward = one(at.direction, 'forward');
  const reverse = forward && one(opposite(at.direction), 'reverse');
  return forward && reverse && joinFeatures(ctx, [forward, reverse], call);
}

function joinFeatures(
  ctx: ElaborationContext,
  parts: readonly Tensor[],
  call: Call,
): Tensor | undefined {
  for (const t of parts) {
    if (featureShape(t).length !== 1 || t.value.type.dtype !== 'float') {
      return ctx.error('S4006', 'only vectors can stand side by side', call.span, {
        secondary: [gives(ctx, t)],
      });
    }
  }
  const aligned = alignLeading(ctx, parts, call.span);
  const [first] = aligned?.values ?? [];
  if (aligned === undefined || first === undefined) return undefined;
  const value = g.concat(ctx.builder, aligned.values, first.type.shape.length - 1);
  const width = value.type.shape.at(-1);
  if (width !== undefined && isTooWide(ctx.solver.resolve(width))) {
    return ctx.error('N3016', `a width of ${ctx.describeDim(width)} is out of range`, call.span, {
      hint: `widths are whole numbers from 1 to ${limits.width}`,
    });
  }
  return { ...aligned.template, value };
}

function isTooWide({ constant, terms }: Dim): boolean {
  return [constant, ...terms.map((t) => t.coefficient)].some((n) => n > limits.width);
}

/** x + layer(x) (He et al. 2015). */
function residual(use: CombinatorUse, input: Tensor, at: Placement): Tensor | undefined {
  const { ctx, call } = use;
  const [layer] = use.layers;
  const output = layer?.apply(input, { ...at, path: `${at.path}.${layer.name}` });
  if (layer === undefined || output === undefined) return undefined;
  const [before, after] = [featureShape(input), featureShape(output)];
  const fits =
    before.length === after.length &&
    before.every((d, i) => ctx.solver.unify(d, after[i] ?? d)) &&
    input.value.type.dtype === 'float' &&
    input.time?.symbol === output.time?.symbol;
  if (fits) return applyArithmetic(ctx, '+', input, output, call.span);
  return ctx.error(
    'S4003',
    'a residual joins two different shapes',
    { span: layer.span, text: `gives ${ctx.describe(output)}` },
    { secondary: [gives(ctx, input)], hint: residualHint(ctx, input) },
  );
}

function residualHint(ctx: ElaborationContext, input: Tensor): string {
  const width = featureShape(input)[0];
  const text = width === undefined ? 'n' : ctx.describeDim(width);
  return `end the residual with dense(${text}), or give its layer the width ${text}`;
}

function branches(use: CombinatorUse, input: Tensor, at: Placement): Tensor | undefined {
  const { ctx, call, layers } = use;
  const parts = layers.map((layer) => {
    ctx.budget.countStep(layer.span);
    const path = ctx.freshPath(`${at.path}.${layer.name}`);
    return layer.apply(input, { ...at, path, stage: path, layer: 0 });
  });
  const tensors = parts.filter((t) => t !== undefined);
  return tensors.length < parts.length ? undefined : joinFeatures(ctx, tensors, call);
}

function concatValues(
  ctx: ElaborationContext,
  env: Environment,
  call: Call,
  given: readonly GivenArgument[],
): Tensor | undefined {
  const parts = given.map((a) => toTensor(ctx, env, a.value));
  const tensors = parts.filter((t) => t !== undefined);
  return tensors.length < parts.length ? undefined : joinFeatures(ctx, tensors, call);
}
