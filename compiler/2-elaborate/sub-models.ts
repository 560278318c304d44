/** A model used as a layer of another: its one input is the value, its one output the result. */
import type { ModelDefinition } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { counted, type GivenArgument } from './arguments.ts';
import type { ElaborationContext } from './context.ts';
import { Environment } from './environment.ts';
import { bindModelInput } from './sub-model-input.ts';
import type { Denotation, Placement, Tensor } from './values.ts';

export function applyModel(
  ctx: ElaborationContext,
  model: ModelDefinition,
  given: readonly GivenArgument[],
  input: Tensor,
  at: Placement,
  span: Span,
): Tensor | undefined {
  const inputs = model.statements.filter((s) => s.kind === 'input');
  const [only] = inputs;
  const outputs = model.statements.filter((s) => s.kind === 'binding' && s.output);
  const name = model.name.text;
  if (only === undefined || inputs.length > 1 || outputs.length !== 1) {
    return ctx.error('N3018', `${name} is no layer`, span, {
      hint: 'a model with exactly one input and one output can stand in a pipeline',
    });
  }
  const env = new Environment();
  if (!bindModelArguments(ctx, env, model, given, span)) return undefined;
  if (!bindModelInput(ctx, env, only, input, span)) return undefined;
  ctx.active.push(model);
  const outerPath = ctx.prefix;
  ctx.prefix = at.path;
  try {
    const results = ctx.runBindings(env, model);
    const result = results[0]?.tensor;
    return result && { ...result, span };
  } finally {
    ctx.prefix = outerPath;
    ctx.active.pop();
  }
}

/** Parameters of a model, positional or by name, or their defaults. */
export function bindModelArguments(
  ctx: ElaborationContext,
  env: Environment,
  model: ModelDefinition,
  given: readonly GivenArgument[],
  span: Span,
): boolean {
  const names = model.parameters.map((p) => p.name.text);
  const values = new Map<string, Denotation>();
  let position = 0;
  for (const a of given) {
    const name = a.name?.text ?? names[position++];
    if (name === undefined) {
      ctx.error('N3004', `${model.name.text} takes ${counted(names)}`, a.span);
      return false;
    }
    if (!names.includes(name)) {
      ctx.error('N3003', `${model.name.text} has no argument ${name}`, a.name?.span ?? a.span, {
        hint: `it takes ${counted(names)}`,
      });
      return false;
    }
    if (values.has(name)) {
      ctx.error('N3006', `${name} is given twice`, a.span);
      return false;
    }
    values.set(name, a.value);
  }
  for (const p of model.parameters) {
    const value = values.get(p.name.text) ?? (p.value && ctx.evaluate(env, p.value));
    if (value === undefined) {
      ctx.error('N3002', `${model.name.text} needs ${p.name.text}`, span);
      return false;
    }
    if (env.has(p.name.text)) {
      ctx.error('N3006', `${p.name.text} is defined already`, p.name.span);
      return false;
    }
    env.define(p.name.text, value);
  }
  return true;
}
