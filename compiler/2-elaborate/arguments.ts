/**
 * Binds the arguments of a layer to its parameters. Besides its own, every layer takes `bias`,
 * `init`, `recurrentInit`, `biasInit`, `depth`, `dropout` (between the layers of a depth) and
 * `reverse`.
 */
import type { CellDefinition, CellStatement, Expression, Name } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { describeKind } from './coerce.ts';
import { limits, type ElaborationContext } from './context.ts';
import type { GenericArguments } from './environment.ts';
import type { InitializerSpec } from './initializers.ts';
import { plainInitializer } from './initializers.ts';
import type { Denotation } from './values.ts';

export interface GivenArgument {
  readonly name?: Name;
  readonly value: Denotation;
  readonly span: Span;
}

export interface BoundArguments {
  /** By parameter; a parameter without an entry has its default. */
  readonly values: ReadonlyMap<string, Denotation>;
  readonly generic: GenericArguments;
  readonly depth: number;
  readonly dropout: number;
  readonly reverse: boolean;
}

const genericNames = [
  'bias',
  'init',
  'recurrentInit',
  'biasInit',
  'depth',
  'dropout',
  'reverse',
] as const;

type GenericName = (typeof genericNames)[number];

export function bindArguments(
  ctx: ElaborationContext,
  definition: CellDefinition,
  given: readonly GivenArgument[],
  span: Span,
): BoundArguments | undefined {
  const values = new Map<string, Denotation>();
  const generic = new Map<GenericName, GivenArgument>();
  const parameters = definition.parameters.map((p) => p.name.text);
  const layer = definition.name.text;
  let position = 0;
  let fine = true;
  for (const argument of given) {
    const name = argument.name?.text ?? parameters[position++];
    if (name === undefined) {
      ctx.error('N3004', `${layer} takes ${counted(parameters)}`, argument.span);
      fine = false;
    } else if (parameters.includes(name)) {
      if (values.has(name)) {
        ctx.error('N3006', `${name} is given twice`, argument.span);
        fine = false;
      }
      values.set(name, argument.value);
      fine = checkChoice(ctx, definition, name, argument) && fine;
    } else if (isGeneric(name)) {
      if (generic.has(name)) {
        ctx.error('N3006', `${name} is given twice`, argument.span);
        fine = false;
      }
      generic.set(name, argument);
    } else {
      reportUnknownArgument(ctx, layer, name, argument, parameters);
      fine = false;
    }
  }
  fine = checkMissing(ctx, definition, values, span) && fine;
  const bound = bindGeneric(ctx, generic);
  return fine && bound !== undefined ? { values, ...bound } : undefined;
}

function isGeneric(name: string): name is GenericName {
  return genericNames.some((g) => g === name);
}

/** `2 arguments: n, activation`. */
export function counted(parameters: readonly string[]): string {
  if (parameters.length === 0) return 'no arguments';
  return `${parameters.length} argument${parameters.length === 1 ? '' : 's'}: ${parameters.join(', ')}`;
}

function reportUnknownArgument(
  ctx: ElaborationContext,
  layer: string,
  name: string,
  argument: GivenArgument,
  parameters: readonly string[],
): void {
  const near = nearest(name, [...parameters, ...genericNames]);
  ctx.error('N3003', `${layer} has no argument ${name}`, argument.name?.span ?? argument.span, {
    hint:
      near === undefined
        ? `it takes ${[...parameters, ...genericNames].join(', ')}`
        : `did you mean ${near}?`,
  });
}

function checkMissing(
  ctx: ElaborationContext,
  definition: CellDefinition,
  values: ReadonlyMap<string, Denotation>,
  span: Span,
): boolean {
  const missing = definition.parameters.filter(
    (p) => p.value === undefined && !values.has(p.name.text),
  );
  for (const p of missing) {
    const name = p.name.text;
    ctx.error('N3002', `${definition.name.text} needs ${name}`, span, {
      hint: `write ${definition.name.text}(${name === 'n' ? '64' : `${name} = …`})`,
    });
  }
  return missing.length === 0;
}

/** A word must be one that the definition compares its parameter with. */
export function checkChoice(
  ctx: ElaborationContext,
  definition: CellDefinition,
  name: string,
  argument: GivenArgument,
): boolean {
  const choices = choicesOf(definition, name);
  const word = wordOf(argument.value);
  if (word === undefined && choices.size === 0) return true;
  if (word !== undefined && choices.size === 0) {
    if (argument.value.kind !== 'word' || ['true', 'false', 'none'].includes(word)) return true;
    const near = nearest(word, [...ctx.definitions.keys(), 'tanh', 'relu', 'sigmoid', 'identity']);
    ctx.error('N3001', `unknown name ${word}`, argument.value.span, {
      hint: near === undefined ? undefined : `did you mean ${near}?`,
    });
    return false;
  }
  if (word !== undefined && choices.has(word)) return true;
  const near = word === undefined ? undefined : nearest(word, [...choices]);
  const list = [...choices].join(' or ');
  const found = word ?? describeKind(argument.value);
  ctx.error('N3010', `${name} is ${list}, not ${found}`, argument.span, {
    hint: near === undefined ? `write ${name} = ${[...choices][0] ?? ''}` : `did you mean ${near}?`,
  });
  return false;
}

export function wordOf(d: Denotation): string | undefined {
  if (d.kind === 'word') return d.text;
  if (d.kind === 'function' || d.kind === 'layer') return d.name;
  return undefined;
}

/** The words that conditions of the definition compare a parameter with, and its default. */
function choicesOf(definition: CellDefinition, name: string): Set<string> {
  const choices = new Set<string>();
  const others: Expression[] = [];
  const visit = (statements: readonly CellStatement[]): void => {
    for (const s of statements) {
      if (s.kind !== 'if') continue;
      const word = comparedWord(s.test, name);
      if (word !== undefined) choices.add(word);
      else if (compares(s.test, name)) others.push(s.test);
      visit(s.then);
      visit(s.otherwise);
    }
  };
  visit(definition.statements);
  const fallback = definition.parameters.find((p) => p.name.text === name)?.value;
  // Where it may be left out, or be a number, it may be anything.
  if (others.length > 0 || (choices.size === 1 && choices.has('none'))) choices.clear();
  else if (choices.size > 0 && fallback?.kind === 'reference') choices.add(fallback.name);
  return choices;
}

function comparedWord(test: Expression, name: string): string | undefined {
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!='))
    return undefined;
  const { left, right } = test;
  if (left.kind !== 'reference' || left.name !== name) return undefined;
  return right.kind === 'reference' ? right.name : undefined;
}

function compares(test: Expression, name: string): boolean {
  return test.kind === 'binary' && test.left.kind === 'reference' && test.left.name === name;
}

function bindGeneric(
  ctx: ElaborationContext,
  given: ReadonlyMap<GenericName, GivenArgument>,
): Omit<BoundArguments, 'values'> | undefined {
  const flags = {
    bias: flag(ctx, 'bias', given.get('bias'), true),
    reverse: flag(ctx, 'reverse', given.get('reverse'), false),
  };
  const depth = depthArgument(ctx, given.get('depth'));
  const dropout = rateArgument(ctx, given.get('dropout'));
  if (flags.bias === undefined || flags.reverse === undefined) return undefined;
  if (depth === undefined || dropout === undefined) return undefined;
  const init = initializerArgument(ctx, given.get('init'));
  const recurrentInit = initializerArgument(ctx, given.get('recurrentInit'));
  const biasInit = initializerArgument(ctx, given.get('biasInit'));
  const generic: GenericArguments = {
    bias: flags.bias,
    ...(init === undefined ? {} : { init }),
    ...(recurrentInit === undefined ? {} : { recurrentInit }),
    ...(biasInit === undefined ? {} : { biasInit }),
  };
  return { generic, depth, dropout, reverse: flags.reverse };
}

function flag(
  ctx: ElaborationContext,
  name: string,
  argument: GivenArgument | undefined,
  fallback: boolean,
): boolean | undefined {
  if (argument === undefined) return fallback;
  const word = wordOf(argument.value);
  if (word === 'true' || word === 'false') return word === 'true';
  return ctx.error('N3005', `${name} is true or false`, argument.span);
}

/** `depth = 3`, within the limit. */
export function depthArgument(
  ctx: ElaborationContext,
  argument: GivenArgument | undefined,
): number | undefined {
  if (argument === undefined) return 1;
  const d = argument.value;
  if (d.kind === 'number' && Number.isInteger(d.value) && d.value >= 1) {
    if (d.value <= limits.depth) return d.value;
    return ctx.error('N3016', `a depth of ${d.value} is out of range`, argument.span, {
      hint: `at most ${limits.depth} layers; three recurrent layers are already a lot`,
    });
  }
  return ctx.error('N3005', 'depth is a whole number from 1', {
    span: argument.span,
    text: `found ${describeKind(d)}`,
  });
}

function rateArgument(
  ctx: ElaborationContext,
  argument: GivenArgument | undefined,
): number | undefined {
  if (argument === undefined) return 0;
  const d = argument.value;
  if (d.kind === 'number' && d.value >= 0 && d.value < 1) return d.value;
  return ctx.error('N3005', 'dropout is a number from 0 up to, not including, 1', argument.span);
}

function initializerArgument(
  ctx: ElaborationContext,
  argument: GivenArgument | undefined,
): InitializerSpec | undefined {
  if (argument === undefined) return undefined;
  const d = argument.value;
  if (d.kind === 'initializer') return d;
  // A few initializers share their name with a function of the language.
  const word = wordOf(d);
  const initializer = word === undefined ? undefined : plainInitializer(word);
  if (initializer !== undefined) return { kind: 'initializer', initializer, span: argument.span };
  return ctx.error('N3005', 'this is not an initializer', argument.span, {
    hint: 'zeros, ones, glorot, he, orthogonal, identity, constant(v), normal(s), uniform(a, b)',
  });
}
