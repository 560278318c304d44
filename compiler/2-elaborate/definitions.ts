/**
 * One application of a cell or a layer of the language to an input. A layer's equations run on the
 * whole value; a cell's become the body of a scan (cell-scan.ts).
 */
import type { CellDefinition, CellStatement } from '../ast/types.ts';
import type { BoundArguments } from './arguments.ts';
import { scanCell, type Application } from './cell-scan.ts';
import type { ElaborationContext } from './context.ts';
import { declareInputs, declareWeights } from './declarations.ts';
import { checkDuplicates } from './duplicates.ts';
import { Environment, type CellFrame } from './environment.ts';
import { layoutFrom } from './layout-declarations.ts';
import { chooseBranches, runStatements } from './statements.ts';
import { nothing, type Placement, type Tensor } from './values.ts';

export function applyDefinition(
  ctx: ElaborationContext,
  definition: CellDefinition,
  bound: BoundArguments,
  input: Tensor,
  at: Placement,
  application: Application,
): Tensor | undefined {
  if (ctx.region.rule === true) {
    return ctx.error('N3014', 'layers do not stand in optimizers and schedules', application.span);
  }
  ctx.budget.countInstance(application.span);
  ctx.active.push(definition);
  const { layer: outerLayer, blamed: outerBlamed } = ctx;
  ctx.layer = at.path;
  if (ctx.definitions.isStandard(definition)) ctx.blamed ??= application.span;
  try {
    const weightsBefore = ctx.weights.length;
    const result = elaborateBody(ctx, definition, bound, input, at, application);
    if (result !== undefined) {
      ctx.summaries.push({
        path: at.path,
        label: application.label,
        input: input.value.type.shape,
        output: result.value.type.shape,
        order: weightsBefore,
      });
    }
    if (result === undefined) ctx.broken.add(at.path);
    return result;
  } finally {
    ctx.layer = outerLayer;
    ctx.blamed = outerBlamed;
    ctx.active.pop();
  }
}

function elaborateBody(
  ctx: ElaborationContext,
  definition: CellDefinition,
  bound: BoundArguments,
  input: Tensor,
  at: Placement,
  application: Application,
): Tensor | undefined {
  const frame: CellFrame = {
    definition,
    path: at.path,
    direction: at.direction,
    generic: bound.generic,
    states: new Map(),
    targets: new Set(),
    declared: new Map(),
    shapes: new Map(),
    weights: new Map(),
  };
  const env = new Environment(undefined, frame);
  env.define('x', input);
  for (const p of definition.parameters) {
    const given = bound.values.get(p.name.text);
    const value = given ?? (p.value === undefined ? nothing(p.span) : ctx.evaluate(env, p.value));
    env.define(p.name.text, value);
  }
  const statements = chooseBranches(ctx, env, definition.statements);
  if (!checkDuplicates(ctx, definition, statements)) return undefined;
  frame.targets = targetsOf(statements);
  if (!declareInputs(ctx, env, statements, input, application.span)) return undefined;
  if (!declareWeights(ctx, env, frame, statements)) return undefined;
  addInstance(ctx, definition, statements, at);
  const result = statements.some((s) => s.kind === 'state')
    ? scanCell(ctx, env, frame, { statements, input, direction: at.direction, application })
    : runStatements(ctx, env, frame, statements);
  return result && { ...result, span: application.span };
}

function targetsOf(statements: readonly CellStatement[]): Set<string> {
  return new Set(statements.flatMap((s) => (s.kind === 'equation' ? [s.target.text] : [])));
}

function addInstance(
  ctx: ElaborationContext,
  definition: CellDefinition,
  statements: readonly CellStatement[],
  at: Placement,
): void {
  const layout = statements.find((s) => s.kind === 'layout');
  ctx.instances.push({
    path: at.path,
    stage: at.stage,
    definition: definition.name.text,
    recurrent: statements.some((s) => s.kind === 'state'),
    layer: at.layer,
    direction: at.direction,
    ...(layout?.kind === 'layout'
      ? { layout: layoutFrom(ctx, layout.format.text, layout.settings) }
      : {}),
  });
}
