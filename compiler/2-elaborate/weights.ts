/**
 * Weights of a layer instance: declared ones, and those that the notation implies. A product
 * `Wu[c<t-1>, x<t>]` has one stacked weight with a column block for each operand; an undeclared
 * `b…` is a vector of the shape that it first meets. Weights live in the model's graph; inside a
 * scan they come in as constants.
 */
import type { Product } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { concat, linear } from '../graph/build.ts';
import { addDims, fixed, fixedValue, type Dim, type Shape } from '../graph/dim.ts';
import type { Initializer, WeightBlock } from '../graph/model.ts';
import type { Value } from '../graph/types.ts';
import { limits, type ElaborationContext } from './context.ts';
import type { CellFrame } from './environment.ts';
import { alignLeading } from './operators.ts';
import { featureShape, type PendingWeight, type Tensor } from './values.ts';

/** `bu`, `bf`: what `bias = false` leaves out. */
export function isBiasName(name: string): boolean {
  return name.startsWith('b');
}

interface NewWeight {
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly blocks?: readonly WeightBlock[];
  readonly span: Span;
}

function addWeight(
  ctx: ElaborationContext,
  frame: CellFrame,
  name: string,
  weight: NewWeight,
): Value {
  const full = frame.path === '' ? name : `${frame.path}.${name}`;
  const value = ctx.model.graph.parameter(
    full,
    { dtype: 'float', shape: ctx.solver.resolveShape(weight.shape) },
    'weight',
  );
  frame.weights.set(name, value);
  // A weight of a standard layer comes from where the layer is called.
  ctx.weights.push({ ...weight, name: full, layer: frame.path, span: ctx.blamed ?? weight.span });
  checkSize(ctx, weight);
  return value;
}

function checkSize(ctx: ElaborationContext, weight: NewWeight): void {
  const elements = weight.shape
    .map((d) => fixedValue(ctx.solver.resolve(d)) ?? 1)
    .reduce((a, b) => a * b, 1);
  if (elements > limits.weightElements) {
    ctx.error('S4007', `a weight of ${elements} numbers is too large`, weight.span, {
      hint: `at most ${limits.weightElements} numbers fit in one weight`,
    });
  }
}

/** `W[a, b]` = `a Wa^T + b Wb^T`, as one product with the stacked weight. */
export function applyProduct(
  ctx: ElaborationContext,
  frame: CellFrame,
  product: Product,
  operands: readonly Tensor[],
): Tensor | undefined {
  for (const t of operands) {
    if (featureShape(t).length !== 1 || t.value.type.dtype !== 'float') {
      return ctx.error('S4006', 'a product needs vectors', product.span, {
        secondary: [{ span: t.span, text: `gives ${ctx.describe(t)}` }],
        hint:
          t.ids === undefined
            ? 'a product takes values with exactly one feature axis'
            : 'these are ids: embed(n) or oneHot turns them into vectors',
      });
    }
  }
  const blocks = operands.map((t) => ({
    columns: featureShape(t)[0] ?? fixed(0),
    recurrent: t.recurrent === true,
  }));
  const weight = productWeight(ctx, frame, product, blocks);
  if (weight === undefined) return undefined;
  const stacked = stackOperands(ctx, operands, product.span);
  if (stacked === undefined) return undefined;
  const b = ctx.builder;
  const value = b.withOrigin(ctx.origin(product.span), () =>
    linear(b, stacked.value, ctx.importValue(weight)),
  );
  return { ...stacked, value, span: product.span };
}

function productWeight(
  ctx: ElaborationContext,
  frame: CellFrame,
  product: Product,
  blocks: readonly WeightBlock[],
): Value | undefined {
  const columns = blocks.reduce<Dim>((sum, block) => addDims(sum, block.columns), fixed(0));
  const name = product.weight.text;
  const known = frame.weights.get(name);
  if (known !== undefined) return matchColumns(ctx, product, known, columns);
  const declared = frame.declared.get(name);
  const shape = declaredShape(ctx, frame, name, 2) ?? [ctx.solver.unknown(), columns];
  const weight = addWeight(ctx, frame, name, {
    shape,
    initializer: declared?.initializer?.initializer ?? blockInitializer(frame, blocks),
    blocks,
    span: product.weight.span,
  });
  return matchColumns(ctx, product, weight, columns);
}

function matchColumns(
  ctx: ElaborationContext,
  product: Product,
  weight: Value,
  columns: Dim,
): Value | undefined {
  const own = weight.type.shape[1];
  if (own !== undefined && weight.type.shape.length === 2 && ctx.solver.unify(own, columns)) {
    return weight;
  }
  return ctx.error('S4001', `${product.weight.text} does not fit what it multiplies`, {
    span: product.span,
    text: `has ${ctx.describeDim(columns)} columns to multiply, ${product.weight.text} has ${
      own === undefined ? 'none' : ctx.describeDim(own)
    }`,
  });
}

/** Glorot for what comes from outside, orthogonal for what comes from the state, unless chosen. */
function blockInitializer(frame: CellFrame, blocks: readonly WeightBlock[]): Initializer {
  const outside = frame.generic.init?.initializer ?? { kind: 'glorot' };
  const inside = frame.generic.recurrentInit?.initializer ?? { kind: 'orthogonal', gain: 1 };
  return {
    kind: 'blocks',
    blocks: blocks.map((block) => ({
      columns: block.columns,
      initializer: block.recurrent ? inside : outside,
    })),
  };
}

/** Operands of a product side by side, brought to common leading axes. */
function stackOperands(
  ctx: ElaborationContext,
  operands: readonly Tensor[],
  span: Span,
): Tensor | undefined {
  const aligned = alignLeading(ctx, operands, span);
  const [first] = aligned?.values ?? [];
  if (aligned === undefined || first === undefined) return undefined;
  const value = concat(ctx.builder, aligned.values, first.type.shape.length - 1);
  return { ...aligned.template, value };
}

/** Turns a pending `b…` into a vector of the features that it meets. */
export function settlePending(
  ctx: ElaborationContext,
  frame: CellFrame,
  pending: PendingWeight,
  shape: Shape,
): Tensor {
  const known = frame.weights.get(pending.name) ?? newVector(ctx, frame, pending, shape);
  return {
    kind: 'tensor',
    value: ctx.importValue(known),
    batch: false,
    span: pending.span,
  };
}

function newVector(
  ctx: ElaborationContext,
  frame: CellFrame,
  pending: PendingWeight,
  shape: Shape,
): Value {
  const declared = frame.declared.get(pending.name);
  const chosen = declared?.initializer ?? frame.generic.biasInit;
  return addWeight(ctx, frame, pending.name, {
    shape: declaredShape(ctx, frame, pending.name, undefined) ?? shape,
    initializer: chosen?.initializer ?? { kind: 'zeros' },
    span: pending.span,
  });
}

/** The weight of a full declaration (`weight p: [n]`), made where it is first used. */
export function declaredWeight(
  ctx: ElaborationContext,
  frame: CellFrame,
  name: string,
  span: Span,
): Tensor | undefined {
  const shape = declaredShape(ctx, frame, name, undefined);
  const declared = frame.declared.get(name);
  if (shape === undefined || declared === undefined) return undefined;
  const value =
    frame.weights.get(name) ??
    addWeight(ctx, frame, name, {
      shape,
      initializer: declared.initializer?.initializer ?? defaultInitializer(frame, shape),
      span: declared.declaration.span,
    });
  return { kind: 'tensor', value: ctx.importValue(value), batch: false, span };
}

function defaultInitializer(frame: CellFrame, shape: Shape): Initializer {
  if (shape.length < 2) return { kind: 'zeros' };
  return frame.generic.init?.initializer ?? { kind: 'glorot' };
}

function declaredShape(
  ctx: ElaborationContext,
  frame: CellFrame,
  name: string,
  rank: number | undefined,
): Shape | undefined {
  const shape = frame.shapes.get(name);
  if (shape === undefined || rank === undefined || shape.length === rank) return shape;
  const declaration = frame.declared.get(name)?.declaration;
  if (declaration !== undefined) {
    ctx.error('S4001', `a weight in a product is a matrix`, {
      span: declaration.span,
      text: `declared with ${shape.length} axes`,
    });
  }
  return undefined;
}
