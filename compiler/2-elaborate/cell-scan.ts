/**
 * A cell with states as a scan: its equations become the body, its states the carry, its weights
 * the constants. The initial states are parameters of the model (zero unless given), the final ones
 * results. Ids travel through a cell as id + 1, so that the zero of a fresh state is "no token".
 */
import type { CellStatement, StateDeclaration } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import * as g from '../graph/build.ts';
import type { Shape } from '../graph/dim.ts';
import { substituteGraph } from '../graph/substitute.ts';
import type { Graph, TensorType, Value } from '../graph/types.ts';
import { batchDim, type ElaborationContext, type Region } from './context.ts';
import { shapeFrom } from './declarations.ts';
import type { CellFrame, Environment } from './environment.ts';
import { gives } from './operators.ts';
import { runStatements } from './statements.ts';
import { featureShape, type Placement, type Tensor, type TimeAxis } from './values.ts';

export interface Application {
  readonly span: Span;
  readonly label: string;
}

export interface CellUse {
  readonly statements: readonly CellStatement[];
  readonly input: Tensor;
  readonly direction: Placement['direction'];
  readonly application: Application;
}

export function scanCell(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  use: CellUse,
): Tensor | undefined {
  const { input, application } = use;
  if (ctx.region.imports !== undefined) {
    return ctx.error('N3014', 'a recurrent layer does not stand inside a cell', application.span);
  }
  const time = input.time;
  if (time === undefined || !input.batch) {
    return ctx.error('S4002', 'a recurrent layer needs a sequence', application.span, {
      secondary: [gives(ctx, input)],
      hint: 'its input has no time axis; dense(n) works on single values',
    });
  }
  const sequence = enterIds(ctx, input);
  const region = ctx.newRegion(new Map());
  const body = ctx.within(region, () => buildBody(ctx, env, frame, use, sequence));
  if (body === undefined) return undefined;
  return leaveIds(ctx, emitScan(ctx, frame, { ...use, time, sequence, region, body }));
}

interface Body {
  readonly graph: Graph;
  readonly emitted: Tensor;
  readonly states: readonly { readonly name: string; readonly type: TensorType }[];
}

function buildBody(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  use: CellUse,
  sequence: Tensor,
): Body | undefined {
  const graph = ctx.region.graph;
  const declarations = use.statements.filter((s) => s.kind === 'state');
  for (const s of declarations) if (!declareState(ctx, env, frame, s, sequence)) return undefined;
  const { time: _, ...step } = sequence;
  const shape = [batchDim, ...featureShape(sequence)];
  const type = ctx.resolveType({ dtype: sequence.value.type.dtype, shape });
  env.define('x', { ...step, value: graph.parameter('x', type, 'local') });
  const emitted = runStatements(ctx, env, frame, use.statements);
  if (emitted === undefined) return undefined;
  const results = [];
  for (const [name, state] of frame.states) {
    if (state.next === undefined) {
      return ctx.error('N3008', `the state ${name} never changes`, state.span, {
        hint: `add an equation ${name}<t> = …`,
      });
    }
    results.push({ name, value: withBatch(ctx, state.next) });
  }
  if (!checkWeightNames(ctx, frame)) return undefined;
  const y = withBatch(ctx, emitted);
  let output = 'y';
  while (frame.states.has(output)) output += "'";
  const finished = graph.finish(frame.definition.name.text, [
    ...results,
    { name: output, value: y },
  ]);
  return {
    graph: substituteGraph(finished, ctx.solver.solutions),
    emitted: { ...emitted, value: y },
    states: [...frame.states].map(([name, s]) => ({
      name,
      type: ctx.resolveType(s.previous.value.type),
    })),
  };
}

function declareState(
  ctx: ElaborationContext,
  env: Environment,
  frame: CellFrame,
  declaration: StateDeclaration,
  sequence: Tensor,
): boolean {
  const name = declaration.name.text;
  const own = declaration.shape && shapeFrom(ctx, env, declaration.shape);
  if (declaration.shape !== undefined && own === undefined) return false;
  // A state without a shape is like the input.
  const dtype = own === undefined ? sequence.value.type.dtype : 'float';
  const shape: Shape = [batchDim, ...(own ?? featureShape(sequence))];
  const value = ctx.region.graph.parameter(name, ctx.resolveType({ dtype, shape }), 'local');
  const previous: Tensor = {
    kind: 'tensor',
    value,
    batch: true,
    recurrent: true,
    ...(dtype === 'int' && sequence.ids !== undefined ? { ids: sequence.ids } : {}),
    span: declaration.span,
  };
  frame.states.set(name, { previous, span: declaration.span });
  return true;
}

/** A value that no row changes (a weight as a state) is repeated for every row. */
function withBatch(ctx: ElaborationContext, t: Tensor): Value {
  const shape = ctx.solver.resolveShape(t.value.type.shape);
  if (t.batch) return t.value;
  const axes = shape.map((_, i) => i + 1);
  return g.broadcast(ctx.builder, t.value, [batchDim, ...shape], axes);
}

/** A state c has an initial value c0 and a final value cn, whose cotangent is dcn. */
function checkWeightNames(ctx: ElaborationContext, frame: CellFrame): boolean {
  for (const [state, { span }] of frame.states) {
    const name = [`${state}0`, `d${state}n`].find((taken) => frame.weights.has(taken));
    if (name === undefined) continue;
    ctx.error('N3006', `the state ${state} has a value that is called ${name} already`, span, {
      hint: `give the weight ${name} another name`,
    });
    return false;
  }
  return true;
}

interface ScanParts extends CellUse {
  readonly time: TimeAxis;
  readonly sequence: Tensor;
  readonly region: Region;
  readonly body: Body;
}

function emitScan(ctx: ElaborationContext, frame: CellFrame, parts: ScanParts): Tensor {
  const { time, sequence, body, application } = parts;
  const imports = [...(parts.region.imports?.values() ?? [])];
  const initial = body.states.map((s) =>
    ctx.model.graph.parameter(stateName(frame.path, s.name, '0'), s.type, 'state'),
  );
  const operands = [
    ...imports.map((i) => i.outer),
    ...initial,
    sequence.value,
    ...(time.lengths === undefined ? [] : [time.lengths]),
  ];
  const b = ctx.builder;
  const results = b.withOrigin(ctx.origin(application.span), () =>
    b.emitMany('scan', operands, {
      constants: imports.length,
      carries: initial.length,
      xs: 1,
      lengths: time.lengths !== undefined,
      reverse: parts.direction === 'reverse',
      time: time.dim,
      body: inOperandOrder(
        body.graph,
        imports.map((i) => i.inner),
      ),
    }),
  );
  body.states.forEach((s, i) => {
    const final = results[i];
    if (final === undefined) return;
    const names = {
      initial: stateName(frame.path, s.name, '0'),
      final: stateName(frame.path, s.name, 'n'),
    };
    ctx.states.push({ ...names, type: s.type, layer: frame.path, time: time.symbol });
    ctx.results.push({ name: names.final, value: final });
  });
  const y = results[body.states.length] ?? sequence.value;
  const { recurrent: _, ...emitted } = body.emitted;
  const { distribution: __, ...rest } = emitted;
  return { ...rest, value: y, batch: true, time, span: application.span };
}

function stateName(path: string, state: string, end: '0' | 'n'): string {
  return `${path}.${state}${end}`;
}

/** Parameters of the body in the order of the scan's operands: constants, carries, xs. */
function inOperandOrder(body: Graph, constants: readonly Value[]): Graph {
  const ids = new Set(constants.map((v) => v.id));
  const first = body.parameters.filter((p) => ids.has(p.value.id));
  const rest = body.parameters.filter((p) => !ids.has(p.value.id));
  return { ...body, parameters: [...first, ...rest] };
}

function enterIds(ctx: ElaborationContext, input: Tensor): Tensor {
  if (input.ids === undefined) return input;
  const one = g.constant(ctx.builder, 1, 'int');
  return { ...input, value: g.add(ctx.builder, input.value, one) };
}

function leaveIds(ctx: ElaborationContext, output: Tensor): Tensor {
  if (output.ids === undefined || output.value.type.dtype !== 'int') return output;
  const one = g.constant(ctx.builder, 1, 'int');
  return { ...output, value: g.sub(ctx.builder, output.value, one), sparse: true };
}
