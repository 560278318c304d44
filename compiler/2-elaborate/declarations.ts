/** What a cell or layer declares: its input, its weights, and widths in general. */
import type { CellStatement, Expression } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { fixedValue, type Dim, type Shape } from '../graph/dim.ts';
import { asDim, describeKind } from './coerce.ts';
import { limits, type ElaborationContext } from './context.ts';
import type { CellFrame, Environment } from './environment.ts';
import { candidates, reportUnknown } from './names.ts';
import { gives } from './operators.ts';
import type { Denotation, Tensor } from './values.ts';

/** `input x: ids(V)` in a layer says what it takes and names the number of ids. */
export function declareInputs(
  ctx: ElaborationContext,
  env: Environment,
  statements: readonly CellStatement[],
  input: Tensor,
  span: Span,
): boolean {
  for (const s of statements) {
    if (s.kind !== 'input') continue;
    const wantsIds = s.type.element.text !== 'float';
    if (wantsIds !== (input.ids !== undefined)) {
      ctx.error('S4006', wantsIds ? 'this layer takes ids' : 'this layer takes vectors', span, {
        secondary: [gives(ctx, input)],
        hint: wantsIds
          ? 'declare the input as words(n)[T], characters(n)[T] or ids(n)[T]'
          : 'embed(n) or oneHot turns ids into vectors',
      });
      return false;
    }
    const size = s.type.size;
    if (size?.kind === 'reference' && input.ids !== undefined) {
      env.define(size.name, { kind: 'dim', dim: ctx.solver.resolve(input.ids), span: size.span });
    }
    env.define(s.name.text, input);
  }
  return true;
}

/** False where one is declared wrongly. */
export function declareWeights(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  statements: readonly CellStatement[],
): boolean {
  let fine = true;
  for (const s of statements) {
    if (s.kind !== 'weight') continue;
    const initial = s.initializer === undefined ? undefined : ctx.evaluate(env, s.initializer);
    const initializer = initial?.kind === 'initializer' ? initial : undefined;
    if (initial !== undefined && initializer === undefined) fine = false;
    if (initial !== undefined && initializer === undefined && initial.kind !== 'nothing') {
      ctx.error('N3005', `${describeKind(initial)} is not an initializer`, initial.span, {
        hint: 'zeros, ones, glorot, he, orthogonal, identity, constant(v), normal(s), uniform(a, b)',
      });
    }
    frame.declared.set(s.name.text, {
      declaration: s,
      ...(initializer === undefined ? {} : { initializer }),
    });
    const shape = s.shape && shapeFrom(ctx, env, s.shape);
    if (shape !== undefined) frame.shapes.set(s.name.text, shape);
    else if (s.shape !== undefined) fine = false;
  }
  return fine;
}

/** Evaluates the dimensions of a shape; each is a width from 1 up to the limit. */
export function shapeFrom(
  ctx: ElaborationContext,
  env: Environment,
  expressions: readonly Expression[],
): Shape | undefined {
  const shape: Dim[] = [];
  for (const e of expressions) {
    const d = widthFrom(ctx, env, ctx.evaluate(env, e));
    if (d === undefined) return undefined;
    shape.push(d);
  }
  return shape;
}

export function widthFrom(
  ctx: ElaborationContext,
  env: Environment,
  d: Denotation,
): Dim | undefined {
  if (d.kind === 'nothing') return undefined;
  if (d.kind === 'word') {
    return reportUnknown(ctx, d.text, d.span, candidates(ctx, env), 'width');
  }
  const dim = asDim(d);
  if (dim === undefined) {
    return ctx.error('N3005', `a width is a whole number, not ${describeKind(d)}`, d.span);
  }
  return checkWidth(ctx, dim, d.span) ? dim : undefined;
}

/** Whether a width is still open, or a whole number within the limit. */
export function checkWidth(ctx: ElaborationContext, width: Dim, span: Span): boolean {
  const value = fixedValue(width);
  if (value === undefined) return true;
  if (Number.isInteger(value) && value >= 1 && value <= limits.width) return true;
  ctx.error('N3016', `a width of ${value} is out of range`, span, {
    hint: `widths are whole numbers from 1 to ${limits.width}`,
  });
  return false;
}

/** Time symbols of a model: T, Tx, Ty…, and every axis of an input of ids. */
export function isTimeSymbol(name: string): boolean {
  return /^T[a-z0-9]*$/.test(name);
}
