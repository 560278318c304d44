/**
 * `train adam(rate = cosine(0.002, steps = 2000)), batch = 32`: optimizers and schedules are
 * definitions of the language (specs/std). An optimizer's equations become a rule that a training
 * step inlines for each weight: `w` is the weight, `g` its gradient, `k` the step from 1, `rate`
 * the learning rate; its states have the weight's shape and start at zero.
 */
import type {
  CellDefinition,
  CellStatement,
  Expression,
  Name,
  TrainDeclaration,
} from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { broadcastTo, constant } from '../graph/build.ts';
import { fixed, printShape, sameShape } from '../graph/dim.ts';
import type { OptimizerPoint, OptimizerRule, SettingValue } from '../graph/model.ts';
import type { Builder, Value } from '../graph/types.ts';
import { describeKind } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import { checkDuplicates } from './duplicates.ts';
import { Environment, type CellFrame } from './environment.ts';
import { calledRule, ruleValues } from './rule-arguments.ts';
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
    if (settings.has(name)) ctx.error('N3006', `${name} is given twice`, a.span);
    else if (value === undefined) ctx.error('N3005', `${name} is a number or a word`, a.span);
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
  const called = calledRule(ctx, call, 'optimizer');
  // The rate varies from step to step.
  const values = called && ruleValues(ctx, env, called, ['rate']);
  if (called === undefined || values === undefined) return undefined;
  const { definition } = called;
  const scope = new Environment();
  for (const [name, value] of values) scope.define(name, value);
  const statements = chooseBranches(ctx, scope, definition.statements);
  if (!checkDuplicates(ctx, definition, statements)) return undefined;
  const states = statements.filter((s) => s.kind === 'state').map((s) => s.name);
  const rule: OptimizerRule = {
    name: definition.name.text,
    states: states.map((s) => s.text),
    rate: (b, step) => rateAt(ctx, env, called.parameters.get('rate'), b, step),
    update: (b, at) => updateAt(ctx, scope, { definition, statements, states }, b, at),
  };
  return tryRule(ctx, rule) ? rule : undefined;
}

/**
 * Elaborates the rule once for each number of axes that a weight of the model has, so that its
 * mistakes are reported with the rest.
 */
function tryRule(ctx: ElaborationContext, rule: OptimizerRule): boolean {
  const ranks = new Set([2, ...ctx.weights.map((w) => w.shape.length)]);
  const before = ctx.diagnostics.all.length;
  try {
    const b = ctx.newRegion().builder;
    const one = constant(b, 1);
    const rate = rule.rate(b, one);
    for (const rank of ranks) {
      const shape = Array.from({ length: rank }, (_, axis) => fixed(axis + 2));
      const weight = broadcastTo(b, one, shape);
      const states = rule.states.map(() => weight);
      rule.update(b, { weight, gradient: weight, states, rate, step: one });
    }
  } catch (fault) {
    if (fault instanceof BrokenRule) return false;
    throw fault;
  }
  return ctx.diagnostics.all.length === before;
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
    if (rate.kind !== 'call') return constant(b, plainRate(ctx, env, rate));
    const called = required(calledRule(ctx, rate, 'schedule'));
    const { definition } = called;
    const frame = frameOf(definition);
    const inner = new Environment(undefined, frame);
    inner.define('k', scalarTensor(step, rate.span));
    for (const [name, value] of required(ruleValues(ctx, env, called))) inner.define(name, value);
    const statements = chooseBranches(ctx, inner, definition.statements);
    if (!checkDuplicates(ctx, definition, statements)) throw new BrokenRule();
    return required(runStatements(ctx, inner, frame, statements)).value;
  });
}

function plainRate(ctx: ElaborationContext, env: Environment, e: Expression): number {
  const d = ctx.evaluate(env, e);
  if (d.kind === 'number' && d.value >= 0 && Number.isFinite(d.value)) return d.value;
  if (d.kind === 'number') {
    ctx.error('N3005', `the rate is a number from 0, not ${d.value}`, e.span);
  } else if (d.kind !== 'nothing') {
    ctx.error('N3005', `the rate is a number or a schedule, not ${describeKind(d)}`, e.span, {
      hint: 'write rate = 0.001, or rate = cosine(0.001, steps = 1000)',
    });
  }
  throw new BrokenRule();
}

interface RuleParts {
  readonly definition: CellDefinition;
  /** With its branches chosen. */
  readonly statements: readonly CellStatement[];
  readonly states: readonly Name[];
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
      const previous = weightTensor(at.states[i] ?? at.weight, name.span);
      frame.states.set(name.text, { previous, span: name.span });
    });
    const weight = required(runStatements(ctx, inner, frame, rule.statements));
    checkWeight(ctx, rule.definition, weight, at.weight);
    const states = rule.states.map((name) => nextState(ctx, frame, name.text));
    return { weight: weight.value, states };
  });
}

/** The new weight has the old one's shape; a number alone would be no weight. */
function checkWeight(
  ctx: ElaborationContext,
  { name }: CellDefinition,
  { value, span }: Tensor,
  old: Value,
): void {
  if (sameShape(value.type.shape, old.type.shape)) return;
  ctx.error('S4001', `${name.text} changes the shape of a weight`, {
    span,
    text: `${printShape(old.type.shape)} becomes ${printShape(value.type.shape)}`,
  });
  throw new BrokenRule();
}

function nextState(ctx: ElaborationContext, frame: CellFrame, name: string): Value {
  const state = frame.states.get(name);
  if (state !== undefined && state.next === undefined) {
    ctx.error('N3008', `the state ${name} never changes`, state.span, {
      hint: `add an equation ${name}<t> = …`,
    });
  }
  return required(state?.next).value;
}

function within<T>(ctx: ElaborationContext, b: Builder, body: () => T): T {
  return ctx.within({ ...ctx.model, builder: b, rule: true }, body);
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

/** Thrown where a rule cannot be elaborated; what is wrong has been reported. */
class BrokenRule extends Error {}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new BrokenRule();
  return value;
}
