/** Calls of the language's functions on tensors. */
import type { Span } from '../base/source.ts';
import type { GivenArgument } from './arguments.ts';
import { toTensor } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import { binaryFunctions, elementwiseFunctions } from './elementwise.ts';
import type { Environment } from './environment.ts';
import { tensorFunctions, type FunctionCall } from './functions.ts';
import { align, plain } from './operators.ts';
import { padWith } from './padding.ts';
import type { Denotation, Tensor } from './values.ts';

export function callFunction(
  ctx: ElaborationContext,
  env: Environment,
  name: string,
  given: readonly GivenArgument[],
  span: Span,
): Denotation | undefined {
  const call = functionCall(ctx, env, given, span);
  if (call === undefined) return undefined;
  const [x, y] = call.tensors;
  if (x === undefined) return ctx.error('N3002', `${name} needs a value`, span);
  const elementwise = ownEntry(elementwiseFunctions, name);
  if (elementwise !== undefined) {
    if (call.all.length > 1) return ctx.error('N3004', `${name} takes one value`, span);
    return applyElementwise(ctx, name, elementwise, x, span);
  }
  const pair = ownEntry(binaryFunctions, name);
  if (pair !== undefined) {
    if (y === undefined) return ctx.error('N3002', `${name} needs two values`, span);
    const aligned = align(ctx, [name === 'pow' ? padWith(ctx, x, 1) : x, y], span);
    const [left, right] = aligned?.values ?? [];
    if (aligned === undefined || left === undefined || right === undefined) return undefined;
    return { ...aligned.template, value: pair(ctx.builder, left, right) };
  }
  return ownEntry(tensorFunctions, name)?.(ctx, x, call);
}

function applyElementwise(
  ctx: ElaborationContext,
  name: string,
  f: (typeof elementwiseFunctions)[string],
  x: Tensor,
  span: Span,
): Tensor | undefined {
  if (x.value.type.dtype !== 'float') {
    return ctx.error('S4006', `${name} takes numbers, not ids`, span, {
      hint: 'embed(n) or oneHot turns ids into vectors',
    });
  }
  // Neither has a derivative at 0, which may stand in the padding.
  const steep = name === 'log' || name === 'sqrt';
  const { value } = steep ? padWith(ctx, x, 1) : x;
  const result = { ...plain(x, span), value: f(ctx.builder, value) };
  return name === 'sigmoid'
    ? { ...result, distribution: { kind: 'sigmoid', logits: x.value } }
    : result;
}

/** Positional numbers after the first value stay static: `dropoutOf(x, 0.5)`. */
function functionCall(
  ctx: ElaborationContext,
  env: Environment,
  given: readonly GivenArgument[],
  span: Span,
): FunctionCall | undefined {
  const positional = given.filter((a) => a.name === undefined).map((a) => a.value);
  const tensors: Tensor[] = [];
  for (const [i, d] of positional.entries()) {
    const wanted = i === 0 || d.kind === 'tensor' || d.kind === 'number' || d.kind === 'pending';
    const t = wanted ? toTensor(ctx, env, d) : undefined;
    if (wanted && t === undefined) return undefined;
    if (t !== undefined) tensors.push(t);
  }
  const named = new Map<string, Denotation>();
  for (const a of given) if (a.name !== undefined) named.set(a.name.text, a.value);
  return { tensors, all: positional, named, span };
}

function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
