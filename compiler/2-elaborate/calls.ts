/**
 * Calls: functions on tensors, combinators, layers with their arguments, initializers and losses.
 * A name that is both (softmax) is the function when it is given a value, else the layer.
 */
import type { Call } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { GivenArgument } from './arguments.ts';
import { describeKind, toTensor } from './coerce.ts';
import type { AnyDefinition } from './collect.ts';
import { applyCombinator } from './combinators.ts';
import type { ElaborationContext } from './context.ts';
import type { Environment } from './environment.ts';
import { callFunction } from './function-calls.ts';
import { initializerForms } from './initializers.ts';
import { definitionLayer, stagePlacement } from './layers.ts';
import { applyLoss } from './losses.ts';
import { candidates, combinatorNames, isFunctionName, lossNames, reportUnknown } from './names.ts';
import { nothing, type Denotation, type Layer } from './values.ts';

export function evaluateCall(ctx: ElaborationContext, env: Environment, e: Call): Denotation {
  const given = e.arguments.map((a): GivenArgument => ({
    ...(a.name === undefined ? {} : { name: a.name }),
    value: ctx.evaluate(env, a.value),
    span: a.span,
  }));
  if (given.some((a) => a.value.kind === 'nothing')) return nothing(e.span);
  return resolveCall(ctx, env, e, given) ?? nothing(e.span);
}

function resolveCall(
  ctx: ElaborationContext,
  env: Environment,
  e: Call,
  given: readonly GivenArgument[],
): Denotation | undefined {
  const name = e.callee.text;
  const bound = env.lookup(name);
  if (bound !== undefined) return callBound(ctx, env, e, bound, given);
  const onValues = given.some((a) => a.value.kind === 'tensor' || a.value.kind === 'pending');
  if (isFunctionName(name) && (onValues || !ctx.visible(env).has(name))) {
    return callFunction(ctx, env, name, given, e.span);
  }
  if (combinatorNames.includes(name)) return applyCombinator(ctx, env, e, given);
  const definition = ctx.visible(env).get(name);
  if (definition !== undefined) return callDefinition(ctx, env, e, definition, given);
  if (Object.hasOwn(initializerForms, name)) return callInitializer(ctx, name, given, e.span);
  if (lossNames.includes(name)) return applyLoss(ctx, env, name, given, e.span);
  const known = [...candidates(ctx, env), ...Object.keys(initializerForms)];
  return reportUnknown(ctx, name, e.callee.span, known, 'layer or function');
}

/** A parameter that holds a function or a layer: `activation(…)`. */
function callBound(
  ctx: ElaborationContext,
  env: Environment,
  e: Call,
  bound: Denotation,
  given: readonly GivenArgument[],
): Denotation | undefined {
  if (bound.kind === 'function') return callFunction(ctx, env, bound.name, given, e.span);
  if (bound.kind === 'layer') return applyToFirst(ctx, env, bound, given, e.span);
  if (bound.kind === 'nothing') return bound;
  return ctx.error('N3015', `${e.callee.text} is ${describeKind(bound)}, not a function`, e.span);
}

function callDefinition(
  ctx: ElaborationContext,
  env: Environment,
  e: Call,
  definition: AnyDefinition,
  given: readonly GivenArgument[],
): Denotation | undefined {
  const [first, ...rest] = given;
  // A product of widths is a tensor too, but no value that a layer could be applied to.
  const onValue = first?.name === undefined && first?.value.kind === 'tensor' && first.value.batch;
  const layer = definitionLayer(ctx, definition, onValue ? rest : given, e.span);
  return layer && onValue ? applyToFirst(ctx, env, layer, given.slice(0, 1), e.span) : layer;
}

function applyToFirst(
  ctx: ElaborationContext,
  env: Environment,
  layer: Layer,
  given: readonly GivenArgument[],
  span: Span,
): Denotation | undefined {
  const [first] = given;
  const input = first && toTensor(ctx, env, first.value);
  if (input !== undefined) return layer.apply(input, stagePlacement(ctx, layer, env));
  return first === undefined ? ctx.error('N3002', 'a value is missing', span) : undefined;
}

function callInitializer(
  ctx: ElaborationContext,
  name: string,
  given: readonly GivenArgument[],
  span: Span,
): Denotation | undefined {
  const form = Object.hasOwn(initializerForms, name) ? initializerForms[name] : undefined;
  if (form === undefined) return undefined;
  const wanted = form.parameters.map(([parameter]) => parameter);
  const strange = given.find((a) => a.name !== undefined && !wanted.includes(a.name.text));
  if (strange !== undefined) {
    return ctx.error('N3003', `${name} has no argument ${strange.name?.text ?? ''}`, strange.span, {
      hint: wanted.length === 0 ? 'it takes none' : `it takes ${wanted.join(', ')}`,
    });
  }
  const values = form.parameters.map(([parameter, fallback], i) => {
    const argument =
      given.find((a) => a.name?.text === parameter) ?? given.filter((a) => a.name === undefined)[i];
    if (argument === undefined) return fallback;
    return argument.value.kind === 'number' ? argument.value.value : undefined;
  });
  const numbers = values.filter((v) => v !== undefined);
  if (numbers.length < values.length || given.length > form.parameters.length) {
    return ctx.error('N3005', `${name} takes numbers: ${name}(${wanted.join(', ')})`, span);
  }
  if (!numbers.every(Number.isFinite) || form.wanted?.holds(numbers) === false) {
    const wanted = form.wanted?.text ?? 'finite numbers';
    return ctx.error('N3005', `${name} takes ${wanted}`, span);
  }
  return { kind: 'initializer', initializer: form.build(numbers), span };
}
