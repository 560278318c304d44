/**
 * Evaluates expressions to denotations. Mistakes are reported once and yield `nothing`, which every
 * caller passes on in silence.
 */
import type { Binary, BinaryOperator, Expression, List, Pipeline, Timed } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { addDims, fixedValue, scaleDim, subtractDims, type Dim } from '../graph/dim.ts';
import { evaluateCall } from './calls.ts';
import { asDim, describeKind, evaluateTensor, toTensor } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import type { CellFrame, Environment } from './environment.ts';
import { plainInitializer } from './initializers.ts';
import { definitionLayer, pipelineLayer, stageLayer, stagePlacement } from './layers.ts';
import { isFunctionName } from './names.ts';
import { applyArithmetic, isArithmetic, negate } from './operators.ts';
import { shiftTime } from './shift.ts';
import {
  featureShape,
  nothing,
  type Denotation,
  type PendingWeight,
  type Tensor,
} from './values.ts';
import { applyProduct, declaredWeight, isBiasName, settlePending } from './weights.ts';

export function evaluate(ctx: ElaborationContext, env: Environment, e: Expression): Denotation {
  switch (e.kind) {
    case 'number':
      return { kind: 'number', value: e.value, span: e.span };
    case 'string':
      return { kind: 'text', text: e.value, span: e.span };
    case 'reference':
      return reference(ctx, env, e.name, e.span);
    case 'timed':
      return timed(ctx, env, e);
    case 'unary':
      return negative(ctx, evaluate(ctx, env, e.operand), e.span);
    case 'binary':
      return binary(ctx, env, e);
    case 'call':
      return evaluateCall(ctx, env, e);
    case 'product':
      return product(ctx, env, e);
    case 'list':
      return list(ctx, env, e);
    case 'pipeline':
      return pipeline(ctx, env, e);
    case 'broken':
      return nothing(e.span);
    default:
      return e satisfies never;
  }
}

function reference(
  ctx: ElaborationContext,
  env: Environment,
  name: string,
  span: Span,
): Denotation {
  const frame = env.frame;
  const state = frame?.states.get(name);
  if (state?.broken === true) return nothing(span);
  if (state !== undefined) return state.next ?? { ...state.previous, span };
  const local = env.lookup(name);
  if (local !== undefined) return local;
  if (frame?.targets.has(name) === true) {
    ctx.error('N3007', `${name} is used before its equation`, span, {
      hint: 'write the equations in the order in which they are computed',
    });
    return nothing(span);
  }
  if (frame !== undefined) {
    const weight = weightReference(ctx, env, name, span);
    if (weight !== undefined) return weight;
  }
  const definition = ctx.visible(env).get(name);
  if (definition !== undefined) {
    return definitionLayer(ctx, definition, [], span) ?? nothing(span);
  }
  if (isFunctionName(name)) return { kind: 'function', name, span };
  const initializer = plainInitializer(name);
  if (initializer !== undefined) return { kind: 'initializer', initializer, span };
  return { kind: 'word', text: name, span };
}

/** Optimizers and schedules have no weights of their own. */
function ownsWeights({ definition: { flavour } }: CellFrame): boolean {
  return flavour === 'cell' || flavour === 'layer';
}

function weightReference(
  ctx: ElaborationContext,
  env: Environment,
  name: string,
  span: Span,
): Denotation | undefined {
  const frame = env.frame;
  if (frame === undefined || !ownsWeights(frame)) return undefined;
  const declared = frame.declared.has(name);
  if (!declared && !isBiasName(name)) return undefined;
  if (!declared && (ctx.visible(env).has(name) || isFunctionName(name))) return undefined;
  if (isBiasName(name) && !frame.generic.bias) return { kind: 'number', value: 0, span };
  const full = declaredWeight(ctx, frame, name, span);
  return full ?? { kind: 'pending', name, span };
}

function timed(ctx: ElaborationContext, env: Environment, e: Timed): Denotation {
  const frame = env.frame;
  const name = e.name.text;
  if (frame === undefined) return shiftedSequence(ctx, env, e);
  const state = frame.states.get(name);
  if (state !== undefined && e.offset === -1) return { ...state.previous, span: e.span };
  if (state !== undefined && e.offset === 0) {
    if (state.next !== undefined) return { ...state.next, span: e.span };
    if (state.broken === true) return nothing(e.span);
    ctx.error('N3007', `${name}<t> is used before its equation`, e.span, {
      hint: `${name}<t-1> is the value of the step before`,
    });
    return nothing(e.span);
  }
  if (e.offset !== 0) {
    ctx.error('N3012', `${name} has no value at another time step`, e.span, {
      hint:
        state === undefined
          ? `only states have a past: declare state ${name}: [n]`
          : 'a state is known at t and t-1 only',
    });
    return nothing(e.span);
  }
  return reference(ctx, env, name, e.span);
}

function shiftedSequence(ctx: ElaborationContext, env: Environment, e: Timed): Denotation {
  const value = toTensor(ctx, env, reference(ctx, env, e.name.text, e.name.span));
  if (value === undefined) return nothing(e.span);
  return shiftTime(ctx, env, value, e.offset, e.span) ?? nothing(e.span);
}

function negative(ctx: ElaborationContext, d: Denotation, span: Span): Denotation {
  if (d.kind === 'number') return { kind: 'number', value: -d.value, span };
  if (d.kind === 'tensor' && d.value.type.dtype === 'float') return negate(ctx, d, span);
  if (d.kind === 'nothing') return d;
  ctx.error('N3015', `${describeKind(d)} has no negative`, span);
  return nothing(span);
}

function binary(ctx: ElaborationContext, env: Environment, e: Binary): Denotation {
  const left = evaluate(ctx, env, e.left);
  const right = evaluate(ctx, env, e.right);
  const { operator } = e;
  if (!isArithmetic(operator)) {
    ctx.error('N3015', 'a comparison stands only after if', e.span);
    return nothing(e.span);
  }
  const folded = foldStatic(operator, left, right, e.span);
  if (folded !== undefined) return folded;
  const [x, y] = settle(ctx, env, left, right);
  if (x === undefined || y === undefined) return nothing(e.span);
  if (isZero(right) && (operator === '+' || operator === '-')) return { ...x, span: e.span };
  if (isZero(left) && operator === '+') return { ...y, span: e.span };
  return applyArithmetic(ctx, operator, x, y, e.span) ?? nothing(e.span);
}

/** A pending bias takes the features of the other side. */
function settle(
  ctx: ElaborationContext,
  env: Environment,
  left: Denotation,
  right: Denotation,
): [Tensor | undefined, Tensor | undefined] {
  const meet = (pending: PendingWeight, other: Tensor | undefined): Tensor | undefined =>
    other === undefined || env.frame === undefined
      ? undefined
      : settlePending(ctx, env.frame, pending, featureShape(other));
  if (left.kind === 'pending' && right.kind !== 'pending') {
    const y = toTensor(ctx, env, right);
    return [meet(left, y), y];
  }
  if (right.kind === 'pending' && left.kind !== 'pending') {
    const x = toTensor(ctx, env, left);
    return [x, meet(right, x)];
  }
  return [toTensor(ctx, env, left), toTensor(ctx, env, right)];
}

type Arithmetic = Exclude<BinaryOperator, '==' | '!=' | '<' | '<=' | '>' | '>='>;

function isZero(d: Denotation): boolean {
  return d.kind === 'number' && d.value === 0;
}

function foldStatic(
  operator: Arithmetic,
  left: Denotation,
  right: Denotation,
  span: Span,
): Denotation | undefined {
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', value: foldNumbers(operator, left.value, right.value), span };
  }
  const x = asDim(left);
  const y = asDim(right);
  if (x === undefined || y === undefined) return undefined;
  const dim = foldDims(operator, x, y);
  return dim && { kind: 'dim', dim, span };
}

function foldNumbers(operator: Arithmetic, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '^':
      return x ** y;
    default:
      return operator satisfies never;
  }
}

function foldDims(operator: string, x: Dim, y: Dim): Dim | undefined {
  if (operator === '+') return addDims(x, y);
  if (operator === '-') return subtractDims(x, y);
  const factor = fixedValue(y);
  const left = fixedValue(x);
  if (operator === '*' && factor !== undefined) return scaleDim(x, factor);
  if (operator === '*' && left !== undefined) return scaleDim(y, left);
  if (operator === '/' && factor !== undefined && factor !== 0) return scaleDim(x, 1 / factor);
  return undefined;
}

function product(
  ctx: ElaborationContext,
  env: Environment,
  e: Extract<Expression, { kind: 'product' }>,
): Denotation {
  const frame = env.frame;
  if (frame === undefined || !ownsWeights(frame) || env.has(e.weight.text)) {
    ctx.error('N3015', `${e.weight.text}[…] is a product with a weight`, e.span, {
      hint: 'products stand in cells and layers; in a model use dense(n)',
    });
    return nothing(e.span);
  }
  const operands = e.operands.map((o) => evaluateTensor(ctx, env, o));
  const tensors = operands.filter((t) => t !== undefined);
  if (tensors.length < operands.length || tensors.length === 0) return nothing(e.span);
  return applyProduct(ctx, frame, e, tensors) ?? nothing(e.span);
}

function list(ctx: ElaborationContext, env: Environment, e: List): Denotation {
  return { kind: 'list', items: e.items.map((i) => evaluate(ctx, env, i)), span: e.span };
}

/** `a -> b -> c`: a value through layers, or layers joined to one. */
function pipeline(ctx: ElaborationContext, env: Environment, e: Pipeline): Denotation {
  const [source, ...stages] = e.stages;
  if (source === undefined) return nothing(e.span);
  const first = evaluate(ctx, env, source);
  if (first.kind === 'tensor') return throughStages(ctx, env, first, stages, e.span);
  if (first.kind === 'nothing') return throughStages(ctx, env, undefined, stages, e.span);
  return pipelineLayer(ctx, env, e) ?? nothing(e.span);
}

function throughStages(
  ctx: ElaborationContext,
  env: Environment,
  input: Tensor | undefined,
  stages: readonly Expression[],
  span: Span,
): Denotation {
  let value = input;
  for (const stage of stages) {
    // Later stages are still looked at when one fails, so that all mistakes are reported.
    const layer = stageLayer(ctx, env, stage);
    const at = layer && stagePlacement(ctx, layer, env);
    value = value && layer && at && layer.apply(value, at);
  }
  return value ?? nothing(span);
}
