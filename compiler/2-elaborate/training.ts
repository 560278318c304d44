/**
 * `train adam(rate = cosine(0.002, steps = 2000)), batch = 32`: optimizers and schedules are
 * definitions of the language (specs/std). An optimizer's equations become a rule that a training
 * step inlines for each weight: `w` is the weight, `g` its gradient, `k` the step from 1, `rate`
 * the learning rate; its states have the weight's shape and start at zero.
 */
import type {
  Argument,
  CellDefinition,
  CellStatement,
  Expression,
  TrainDeclaration,
} from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { constant } from '../graph/build.ts';
import type { OptimizerPoint, OptimizerRule, SettingValue } from '../graph/model.ts';
import type { Builder, Value } from '../graph/types.ts';
import { CompilerBug } from '../base/bug.ts';
import { evaluateTensor } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import { Environment, type CellFrame } from './environment.ts';
import { chooseBranches, runStatements } from './statements.ts';
import type { Denotation, Tensor } from './values.ts';

export const settingNames: readonly string[] = [
  'batch',
  'epochs',
  'steps',
  'clipNorm',
  'clipValue',
  'truncate',
  'validation',
  'minCount',
  'maxWords',
  'lowerCase',
  'seed',
  'residuals',
];

export function trainSettings(
  ctx: ElaborationContext,
  env: Environment,
  declarations: readonly TrainDeclaration[],
): Map<string, SettingValue> {
  const settings = new Map<string, SettingValue>();
  for (const a of declarations.flatMap((d) => d.settings)) {
    const name = a.name?.text;
    if (name === undefined || !settingNames.includes(name)) {
      const near = name === undefined ? undefined : nearest(name, settingNames);
      ctx.error('N3003', `train has no setting ${name ?? ''}`, a.span, {
        hint:
          near === undefined ? `settings are ${settingNames.join(', ')}` : `did you mean ${near}?`,
      });
      continue;
    }
    const value = settingValue(ctx.evaluate(env, a.value));
    if (value === undefined) ctx.error('N3005', `${name} is a number or a word`, a.span);
    else settings.set(name, value);
  }
  return settings;
}

function settingValue(d: Denotation): SettingValue | undefined {
  if (d.kind === 'number') return d.value;
  if (d.kind === 'text') return d.text;
  if (d.kind !== 'word') return undefined;
  return d.text === 'true' ? true : d.text === 'false' ? false : d.text;
}

/** The rule of an optimizer call; reports what is wrong with it. */
export function optimizerRule(
  ctx: ElaborationContext,
  env: Environment,
  call: Expression,
): OptimizerRule | undefined {
  const found = calledDefinition(ctx, call, 'optimizer');
  if (found === undefined) return undefined;
  const { definition, given } = found;
  const parameters = bindParameters(ctx, definition, given, call.span);
  if (parameters === undefined) return undefined;
  const scope = parameterScope(ctx, env, parameters);
  const statements = chooseBranches(ctx, scope, definition.statements);
  const states = statements.flatMap((s) => (s.kind === 'state' ? [s.name.text] : []));
  const rule: OptimizerRule = {
    name: definition.name.text,
    states,
    rate: (b, step) => rateAt(ctx, env, parameters.get('rate'), b, step),
    update: (b, at) => updateAt(ctx, scope, { definition, statements, states }, b, at),
  };
  return tryRule(ctx, rule) ? rule : undefined;
}

/** Elaborates the rule once on a scalar, so that its mistakes are reported with the rest. */
function tryRule(ctx: ElaborationContext, rule: OptimizerRule): boolean {
  const region = ctx.newRegion();
  const before = ctx.diagnostics.all.length;
  try {
    const b = region.builder;
    const one = constant(b, 1);
    rule.update(b, {
      weight: one,
      gradient: one,
      states: rule.states.map(() => one),
      rate: rule.rate(b, one),
      step: one,
    });
  } catch (fault) {
    if (fault instanceof CompilerBug && ctx.diagnostics.all.length > before) return false;
    throw fault;
  }
  return ctx.diagnostics.all.length === before;
}

interface Called {
  readonly definition: CellDefinition;
  readonly given: readonly Argument[];
}

function calledDefinition(
  ctx: ElaborationContext,
  e: Expression,
  flavour: 'optimizer' | 'schedule',
): Called | undefined {
  const name = e.kind === 'call' ? e.callee.text : e.kind === 'reference' ? e.name : undefined;
  const definition = name === undefined ? undefined : ctx.definitions.get(name);
  if (definition?.kind === 'cell' && definition.flavour === flavour) {
    return { definition, given: e.kind === 'call' ? e.arguments : [] };
  }
  const known = ctx.definitions.keys().filter((key) => {
    const d = ctx.definitions.get(key);
    return d?.kind === 'cell' && d.flavour === flavour;
  });
  const near = name === undefined ? undefined : nearest(name, known);
  return ctx.error('N3001', `unknown ${flavour} ${name ?? ''}`, e.span, {
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

/** Arguments of an optimizer or schedule as syntax, with the defaults of the rest. */
function bindParameters(
  ctx: ElaborationContext,
  definition: CellDefinition,
  given: readonly Argument[],
  span: Span,
): ReadonlyMap<string, Expression> | undefined {
  const names = definition.parameters.map((p) => p.name.text);
  const bound = new Map<string, Expression>();
  let position = 0;
  for (const a of given) {
    const name = a.name?.text ?? names[position++];
    if (name === undefined || !names.includes(name)) {
      const near = name === undefined ? undefined : nearest(name, names);
      return ctx.error('N3003', `${definition.name.text} has no argument ${name ?? ''}`, a.span, {
        hint: near === undefined ? `it takes ${names.join(', ')}` : `did you mean ${near}?`,
      });
    }
    bound.set(name, a.value);
  }
  for (const p of definition.parameters) {
    if (bound.has(p.name.text)) continue;
    if (p.value === undefined) {
      return ctx.error('N3002', `${definition.name.text} needs ${p.name.text}`, span);
    }
    bound.set(p.name.text, p.value);
  }
  return bound;
}

function rateAt(
  ctx: ElaborationContext,
  env: Environment,
  rate: Expression | undefined,
  b: Builder,
  step: Value,
): Value {
  return within(ctx, b, () => {
    if (rate === undefined) return constant(b, 0);
    const schedule = scheduleCall(ctx, rate);
    if (schedule === undefined) return required(evaluateTensor(ctx, env, rate)).value;
    const { definition, given } = schedule;
    const parameters = bindParameters(ctx, definition, given, rate.span);
    if (parameters === undefined) throw new CompilerBug('training', 'broken schedule');
    const frame = frameOf(definition);
    const inner = new Environment(undefined, frame);
    inner.define('k', scalarTensor(step, rate.span));
    for (const [name, e] of parameters) inner.define(name, ctx.evaluate(env, e));
    const statements = chooseBranches(ctx, inner, definition.statements);
    return required(runStatements(ctx, inner, frame, statements)).value;
  });
}

/** A call of a schedule; undefined for a plain number. An unknown name is reported. */
function scheduleCall(ctx: ElaborationContext, e: Expression): Called | undefined {
  if (e.kind !== 'call') return undefined;
  const called = calledDefinition(ctx, e, 'schedule');
  if (called === undefined) throw new CompilerBug('training', 'unknown schedule');
  return called;
}

interface RuleParts {
  readonly definition: CellDefinition;
  /** With its branches chosen. */
  readonly statements: readonly CellStatement[];
  readonly states: readonly string[];
}

/** Every parameter but the rate, which varies from step to step. */
function parameterScope(
  ctx: ElaborationContext,
  env: Environment,
  parameters: ReadonlyMap<string, Expression>,
): Environment {
  const scope = new Environment();
  for (const [name, e] of parameters) {
    if (name !== 'rate') scope.define(name, ctx.evaluate(env, e));
  }
  return scope;
}

function updateAt(
  ctx: ElaborationContext,
  scope: Environment,
  rule: RuleParts,
  b: Builder,
  at: OptimizerPoint,
): { weight: Value; states: readonly Value[] } {
  return within(ctx, b, () => {
    const { span } = rule.definition;
    const frame = frameOf(rule.definition);
    const inner = new Environment(scope, frame);
    inner.define('w', weightTensor(at.weight, span));
    inner.define('g', weightTensor(at.gradient, span));
    inner.define('k', scalarTensor(at.step, span));
    inner.define('rate', scalarTensor(at.rate, span));
    rule.states.forEach((name, i) => {
      const previous = weightTensor(at.states[i] ?? at.weight, span);
      frame.states.set(name, { previous, span });
    });
    const weight = required(runStatements(ctx, inner, frame, rule.statements));
    const states = rule.states.map((name) => required(frame.states.get(name)?.next).value);
    return { weight: weight.value, states };
  });
}

function within<T>(ctx: ElaborationContext, b: Builder, body: () => T): T {
  return ctx.within({ ...ctx.model, builder: b }, body);
}

function frameOf(definition: CellDefinition): CellFrame {
  return {
    definition,
    path: '',
    direction: 'forward',
    generic: { bias: true },
    states: new Map(),
    targets: new Set(
      definition.statements.flatMap((s) => (s.kind === 'equation' ? [s.target.text] : [])),
    ),
    declared: new Map(),
    shapes: new Map(),
    weights: new Map(),
  };
}

/** A weight's axes are all features: no batch, no time. */
function weightTensor(value: Value, span: Span): Tensor {
  return { kind: 'tensor', value, batch: false, span };
}

const scalarTensor = weightTensor;

function required(t: Tensor | undefined): Tensor {
  if (t === undefined) throw new CompilerBug('training', 'an equation of an optimizer failed');
  return t;
}
