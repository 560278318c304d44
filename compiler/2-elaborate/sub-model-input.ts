/**
 * The input of a model that is used as a layer: what flows in must be what the model declares, and
 * the names that the declaration leaves open (`D`, `V`) take their values from it.
 */
import type { Expression, InputDeclaration } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { Dim } from '../graph/dim.ts';
import type { ElaborationContext } from './context.ts';
import { isTimeSymbol, widthFrom } from './declarations.ts';
import type { Environment } from './environment.ts';
import { gives } from './operators.ts';
import { featureShape, type Tensor } from './values.ts';

/** Defines the input and its open names in `env`; reports what does not fit. */
export function bindModelInput(
  ctx: ElaborationContext,
  env: Environment,
  declaration: InputDeclaration,
  input: Tensor,
  span: Span,
): boolean {
  const { type } = declaration;
  const wantsIds = type.element.text !== 'float';
  const fail = (code: string, message: string): boolean => {
    ctx.error(code, message, span, {
      secondary: [gives(ctx, input), { span: type.span, text: 'declared here' }],
    });
    return false;
  };
  if (wantsIds !== (input.ids !== undefined)) {
    return fail('S4006', wantsIds ? 'this model takes ids' : 'this model takes vectors');
  }
  const [first, ...rest] = type.shape;
  const timed = first?.kind === 'reference' && !env.has(first.name);
  const wantsTime = timed && (wantsIds || isTimeSymbol(first.name));
  if (wantsTime && input.time === undefined) return fail('S4002', 'this model takes a sequence');
  if (!wantsTime && input.time !== undefined) {
    return fail('S4001', 'this model takes one value a row, not a sequence');
  }
  const declared = wantsTime ? rest : type.shape;
  const found = featureShape(input);
  const sizes = type.size === undefined || input.ids === undefined ? [] : [type.size];
  const expected = [...declared, ...sizes];
  const actual = [...found, ...(sizes.length === 0 || !input.ids ? [] : [input.ids])];
  const fits =
    declared.length === found.length && expected.every((e, i) => fitsWidth(ctx, env, e, actual[i]));
  env.define(declaration.name.text, input);
  return fits || fail('S4001', 'this model takes another width');
}

function fitsWidth(
  ctx: ElaborationContext,
  env: Environment,
  e: Expression,
  actual: Dim | undefined,
): boolean {
  if (actual === undefined) return false;
  if (e.kind === 'reference' && !env.has(e.name)) {
    env.define(e.name, { kind: 'dim', dim: ctx.solver.resolve(actual), span: e.span });
    return true;
  }
  const width = widthFrom(ctx, env, ctx.evaluate(env, e));
  return width !== undefined && ctx.solver.unify(width, actual);
}
