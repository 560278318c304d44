/**
 * Arguments of optimizers and schedules. They are bound as syntax, because a rate may be a
 * schedule, and evaluated apart: each of the others is a number or a word.
 */
import type { Argument, CellDefinition, Expression } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { checkChoice, counted } from './arguments.ts';
import { describeKind } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import type { Environment } from './environment.ts';
import type { Denotation } from './values.ts';

export interface CalledRule {
  readonly definition: CellDefinition;
  /** By parameter, with the defaults of those that are not given. */
  readonly parameters: ReadonlyMap<string, Expression>;
}

/** The definition that a call names, with its arguments; reports what is wrong with them. */
export function calledRule(
  ctx: ElaborationContext,
  e: Expression,
  flavour: 'optimizer' | 'schedule',
): CalledRule | undefined {
  const name = e.kind === 'call' ? e.callee.text : e.kind === 'reference' ? e.name : undefined;
  const definition = name === undefined ? undefined : ctx.definitions.get(name);
  if (definition?.kind === 'cell' && definition.flavour === flavour) {
    const given = e.kind === 'call' ? e.arguments : [];
    const parameters = bindParameters(ctx, definition, given, e.span);
    return parameters && { definition, parameters };
  }
  if (e.kind === 'broken') return undefined;
  const known = ctx.definitions.keys().filter((key) => {
    const d = ctx.definitions.get(key);
    return d?.kind === 'cell' && d.flavour === flavour;
  });
  const near = name === undefined ? undefined : nearest(name, known);
  const message =
    name === undefined ? `${flavour}s are called by name` : `unknown ${flavour} ${name}`;
  return ctx.error('N3001', message, e.span, {
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

function bindParameters(
  ctx: ElaborationContext,
  definition: CellDefinition,
  given: readonly Argument[],
  span: Span,
): ReadonlyMap<string, Expression> | undefined {
  const rule = definition.name.text;
  const names = definition.parameters.map((p) => p.name.text);
  const bound = new Map<string, Expression>();
  let position = 0;
  for (const a of given) {
    const name = a.name?.text ?? names[position++];
    if (name === undefined) return ctx.error('N3004', `${rule} takes ${counted(names)}`, a.span);
    if (!names.includes(name)) {
      const near = nearest(name, names);
      return ctx.error('N3003', `${rule} has no argument ${name}`, a.span, {
        hint: near === undefined ? `it takes ${names.join(', ')}` : `did you mean ${near}?`,
      });
    }
    if (bound.has(name)) return ctx.error('N3006', `${name} is given twice`, a.span);
    bound.set(name, a.value);
  }
  for (const p of definition.parameters) {
    if (bound.has(p.name.text)) continue;
    if (p.value === undefined) return ctx.error('N3002', `${rule} needs ${p.name.text}`, span);
    bound.set(p.name.text, p.value);
  }
  return bound;
}

/** Values of all parameters but those left out; undefined if one is neither number nor word. */
export function ruleValues(
  ctx: ElaborationContext,
  env: Environment,
  { definition, parameters }: CalledRule,
  without: readonly string[] = [],
): ReadonlyMap<string, Denotation> | undefined {
  const values = new Map<string, Denotation>();
  let fine = true;
  for (const [name, e] of parameters) {
    if (without.includes(name)) continue;
    const value = ctx.evaluate(env, e);
    fine = checkValue(ctx, definition, name, { ...value, span: e.span }) && fine;
    values.set(name, value);
  }
  return fine ? values : undefined;
}

function checkValue(
  ctx: ElaborationContext,
  definition: CellDefinition,
  name: string,
  value: Denotation,
): boolean {
  if (value.kind === 'nothing') return false;
  if (value.kind === 'number') return true;
  if (value.kind === 'word') return checkChoice(ctx, definition, name, { value, span: value.span });
  const what = describeKind(value);
  ctx.error('N3005', `${name} is a number or a word, not ${what}`, value.span);
  return false;
}
