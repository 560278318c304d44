/** Runs the equations of a cell or layer in the current region; branches are chosen before. */
import type { CellStatement, Expression, Name } from '../ast/types.ts';
import { wordOf } from './arguments.ts';
import { evaluateTensor } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import type { CellFrame, Environment } from './environment.ts';
import { reportUnknown } from './names.ts';
import { fixedValue } from '../graph/dim.ts';
import { featureShape, nothing, type Denotation, type Tensor } from './values.ts';

/** Follows each `if` to the branch that its arguments choose. */
export function chooseBranches(
  ctx: ElaborationContext,
  env: Environment,
  statements: readonly CellStatement[],
): CellStatement[] {
  return statements.flatMap((s) => {
    if (s.kind !== 'if') return [s];
    const chosen = testHolds(ctx, env, s.test) ? s.then : s.otherwise;
    return chooseBranches(ctx, env, chosen);
  });
}

function testHolds(ctx: ElaborationContext, env: Environment, test: Expression): boolean {
  if (test.kind !== 'binary') {
    const word = wordOf(ctx.evaluate(env, test));
    if (word === 'true' || word === 'false') return word === 'true';
    ctx.error('N3015', 'a condition compares two arguments', test.span);
    return false;
  }
  const sides = [test.left, test.right];
  const unknown = sides.every((e) => e.kind !== 'reference' || !env.has(e.name));
  if (unknown && test.left.kind === 'reference') {
    reportUnknown(ctx, test.left.name, test.left.span, env.all(), 'parameter');
    return false;
  }
  const left = ctx.evaluate(env, test.left);
  const right = ctx.evaluate(env, test.right);
  if (test.operator === '==' || test.operator === '!=') {
    return sameStatic(left, right) === (test.operator === '==');
  }
  const [x, y] = [numberOf(left), numberOf(right)];
  if (x === undefined || y === undefined) {
    ctx.error('N3015', 'only numbers have an order', test.span);
    return false;
  }
  if (test.operator === '<') return x < y;
  if (test.operator === '<=') return x <= y;
  return test.operator === '>' ? x > y : x >= y;
}

function sameStatic(left: Denotation, right: Denotation): boolean {
  const [x, y] = [numberOf(left), numberOf(right)];
  if (x !== undefined || y !== undefined) return x === y;
  const [a, b] = [wordOf(left), wordOf(right)];
  return a !== undefined && a === b;
}

function numberOf(d: Denotation): number | undefined {
  if (d.kind === 'number') return d.value;
  return d.kind === 'dim' ? fixedValue(d.dim) : undefined;
}

/** Equations in order; the emitted value. */
export function runStatements(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  statements: readonly CellStatement[],
): Tensor | undefined {
  let fine = true;
  for (const s of statements) {
    if (s.kind === 'equation') {
      const run = (): Tensor | undefined => evaluateTensor(ctx, env, s.value);
      const value = ctx.builder.withOrigin(ctx.origin(s.span), run);
      fine = assign(ctx, env, frame, s.target, value) && fine;
    } else if (s.kind === 'emit') {
      const run = (): Tensor | undefined => evaluateTensor(ctx, env, s.value);
      const value = ctx.builder.withOrigin(ctx.origin(s.span), run);
      if (value === undefined) fine = false;
      else frame.emitted = value;
    }
  }
  if (frame.emitted === undefined && fine) {
    const { text, span } = frame.definition.name;
    return ctx.error('N3009', `${text} emits nothing`, span, { hint: 'end it with emit NAME' });
  }
  return fine ? frame.emitted : undefined;
}

function assign(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  target: Name,
  value: Tensor | undefined,
): boolean {
  const state = frame.states.get(target.text);
  if (state === undefined) {
    env.define(target.text, value ?? nothing(target.span));
    return value !== undefined;
  }
  if (value === undefined) {
    state.broken = true;
    return false;
  }
  if (state.next !== undefined) {
    ctx.error('N3019', `${target.text} already has its value`, target.span);
    return false;
  }
  state.next = value;
  return checkState(ctx, target, state.previous, value);
}

function checkState(
  ctx: ElaborationContext,
  target: Name,
  previous: Tensor,
  value: Tensor,
): boolean {
  const [own, found] = [featureShape(previous), featureShape(value)];
  const fits =
    own.length === found.length &&
    own.every((d, i) => ctx.solver.unify(d, found[i] ?? d)) &&
    previous.value.type.dtype === value.value.type.dtype;
  if (fits) return true;
  ctx.error(
    'S4001',
    `${target.text} changes its shape`,
    { span: target.span, text: `becomes ${ctx.describe(value)}` },
    { secondary: [{ span: previous.span, text: `is ${ctx.describe(previous)}` }] },
  );
  return false;
}
