/**
 * What one elaboration carries along: the graph under construction, the solver, the diagnostics,
 * and the lists that become the Model. One context lives for one call of `elaborate`; nothing is
 * global.
 */
import type { Expression, ModelDefinition } from '../ast/types.ts';
import { positionAt, type Span } from '../base/source.ts';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import { broadcast, iota, less } from '../graph/build.ts';
import { printDim, symbol, type Dim, type Shape } from '../graph/dim.ts';
import type {
  LayerInstance,
  ModelInput,
  ModelMetric,
  ModelState,
  ModelWeight,
} from '../graph/model.ts';
import { substituteAttributes, substituteType } from '../graph/substitute.ts';
import type {
  Attributes,
  Builder,
  GraphResult,
  Origin,
  TensorType,
  Value,
} from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import type { AnyDefinition, Definitions } from './collect.ts';
import { Budget } from './budget.ts';
import type { Environment } from './environment.ts';
import { Solver } from './solver.ts';
import { featureShape, type Denotation, type Tensor, type TimeAxis } from './values.ts';

export const batchDim: Dim = symbol('B');

/** Limits of single numbers, far above any useful model; for all together see budget.ts. */
export const limits = {
  width: 1 << 24,
  depth: 256,
  weightElements: 2 ** 31,
} as const;

export interface PendingSummary {
  readonly path: string;
  readonly label: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Number of weights that existed before, which orders summaries as the spec does. */
  readonly order: number;
}

export interface NamedOutput {
  readonly tensor: Tensor;
}

/** What expressions, layers and models need of one another, tied together in `elaborate`. */
export interface Recursion {
  evaluate(ctx: ElaborationContext, env: Environment, e: Expression): Denotation;
  runBindings(
    ctx: ElaborationContext,
    env: Environment,
    model: ModelDefinition,
  ): readonly NamedOutput[];
}

/** A builder whose operands always carry the dimensions that are known by now. */
class ResolvingBuilder implements Builder {
  private readonly inner: GraphBuilder;
  private readonly solver: Solver;
  private readonly budget: Budget;

  constructor(inner: GraphBuilder, solver: Solver, budget: Budget) {
    this.inner = inner;
    this.solver = solver;
    this.budget = budget;
  }

  emit(op: string, operands: readonly Value[], attributes: Attributes = {}): Value {
    this.budget.countInstruction();
    return this.inner.emit(op, this.resolved(operands), this.attributes(attributes));
  }

  emitMany(op: string, operands: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    this.budget.countInstruction();
    return this.inner.emitMany(op, this.resolved(operands), this.attributes(attributes));
  }

  withOrigin<T>(origin: Origin | undefined, body: () => T): T {
    return this.inner.withOrigin(origin, body);
  }

  private resolved(operands: readonly Value[]): readonly Value[] {
    const known = this.solver.solutions;
    if (known.size === 0) return operands;
    return operands.map((v) => ({ id: v.id, type: substituteType(v.type, known) }));
  }

  private attributes(attributes: Attributes): Attributes {
    const known = this.solver.solutions;
    return known.size === 0 ? attributes : substituteAttributes(attributes, known);
  }
}

/** Where instructions go at the moment: the model's graph or a scan body. */
export interface Region {
  readonly graph: GraphBuilder;
  readonly builder: Builder;
  /** In a body: the outer values that it uses, with the body parameters that stand for them. */
  readonly imports?: Map<number, { readonly outer: Value; readonly inner: Value }>;
  /** True for a rule of training, which is inlined into a graph that has nothing of the model. */
  readonly rule?: boolean;
}

export class ElaborationContext {
  readonly diagnostics = new Diagnostics();
  readonly solver = new Solver();
  readonly budget = new Budget();
  readonly definitions: Definitions;
  readonly training: boolean;
  readonly inputs: ModelInput[] = [];
  readonly weights: ModelWeight[] = [];
  readonly states: ModelState[] = [];
  readonly metrics: ModelMetric[] = [];
  readonly instances: LayerInstance[] = [];
  readonly summaries: PendingSummary[] = [];
  readonly results: GraphResult[] = [];
  /** Time symbols in the order of their first use; the first one's lengths are `lengths`. */
  readonly times = new Map<string, TimeAxis>();
  /** Every symbol that the spec or the form of a bare pipeline declares: what `--dim` may bind. */
  readonly symbols = new Set<string>(['B']);
  /** Definitions being elaborated, outermost first: a repetition is a recursion. */
  readonly active: AnyDefinition[] = [];
  readonly model: Region;
  /** Evaluates an expression; given, because expressions and layers need each other. */
  readonly evaluate: (env: Environment, e: Expression) => Denotation;
  region: Region;
  /** Elaborates the bindings of a model whose inputs are in scope; its outputs. */
  readonly runBindings: (env: Environment, model: ModelDefinition) => readonly NamedOutput[];
  /** Path of the sub-model at hand; the names of its layers begin with it. */
  prefix = '';
  /** Path of the layer at hand, for origins. */
  layer: string | undefined;
  /** The call of the standard layer at hand: what is wrong within it is shown there. */
  blamed: Span | undefined;
  /** Paths of layers in which something was wrong, so that more follows from it. */
  readonly broken = new Set<string>();
  private readonly reported = new Set<string>();
  private readonly paths = new Set<string>();
  private readonly masks = new Map<string, Value>();
  private randomKey: Value | undefined;
  private readonly pathCounts = new Map<string, number>();
  private sites = 0;

  constructor(definitions: Definitions, training: boolean, recursion: Recursion) {
    this.evaluate = (env, e) => {
      this.budget.countStep(e.span);
      return recursion.evaluate(this, env, e);
    };
    this.runBindings = (env, model) => recursion.runBindings(this, env, model);
    this.definitions = definitions;
    this.training = training;
    this.model = this.newRegion();
    this.region = this.model;
  }

  /** The definitions that an expression can name. */
  visible({ frame }: Environment): Definitions {
    const inside = frame !== undefined && this.definitions.isStandard(frame.definition);
    return inside ? this.definitions.standard : this.definitions;
  }

  get builder(): Builder {
    return this.region.builder;
  }

  newRegion(imports?: Region['imports']): Region {
    const graph = new GraphBuilder();
    return {
      graph,
      builder: new ResolvingBuilder(graph, this.solver, this.budget),
      ...(imports === undefined ? {} : { imports }),
    };
  }

  /** Runs `body` with its instructions going to `region`. */
  within<T>(region: Region, body: () => T): T {
    const outer = this.region;
    this.region = region;
    try {
      return body();
    } finally {
      this.region = outer;
    }
  }

  /** A value of the model's graph, usable in the current region. */
  importValue(outer: Value): Value {
    const imports = this.region.imports;
    if (imports === undefined) return outer;
    const known = imports.get(outer.id);
    if (known !== undefined) return known.inner;
    const { graph } = this.region;
    let name = `constant${imports.size}`;
    while (graph.hasParameter(name)) name += "'";
    const inner = graph.parameter(name, this.resolveType(outer.type), 'local');
    imports.set(outer.id, { outer, inner });
    return inner;
  }

  /** `lstm`, then `lstm2`, `lstm3`, …: every path of the model is unique. */
  freshPath(name: string): string {
    let path = name;
    let count = this.pathCounts.get(name) ?? 0;
    do path = ++count === 1 ? name : `${name}${count}`;
    while (this.paths.has(path));
    this.pathCounts.set(name, count);
    this.paths.add(path);
    return path;
  }

  timeAxis(name: string): TimeAxis {
    const known = this.times.get(name);
    if (known !== undefined) return known;
    this.symbols.add(name);
    this.solver.makeRigid(name);
    const lengths = this.model.graph.parameter(
      this.times.size === 0 ? 'lengths' : `lengths/${name}`,
      { dtype: 'int', shape: [batchDim] },
      'control',
    );
    const axis: TimeAxis = { symbol: name, dim: symbol(name), lengths };
    this.times.set(name, axis);
    return axis;
  }

  lengthsName(name: string): string {
    return [...this.times.keys()].indexOf(name) === 0 ? 'lengths' : `lengths/${name}`;
  }

  /** bool [B, T]: true where the time step is within its sequence. Only at model level. */
  mask(time: TimeAxis): Value | undefined {
    if (time.lengths === undefined) return undefined;
    const known = this.masks.get(time.symbol);
    if (known !== undefined) return known;
    const b = this.model.builder;
    const shape = [batchDim, time.dim];
    const steps = broadcast(b, iota(b, time.dim), shape, [1]);
    const mask = less(b, steps, broadcast(b, time.lengths, shape, [0]));
    this.masks.set(time.symbol, mask);
    return mask;
  }

  /** Key and a new site for one random op; the key is the model's `random` parameter. */
  randomSite(): { key: Value; site: number } {
    this.randomKey ??= this.model.graph.parameter(
      'random',
      { dtype: 'int', shape: [{ constant: 2, terms: [] }] },
      'control',
    );
    return { key: this.randomKey, site: this.sites++ };
  }

  resolveType(type: TensorType): TensorType {
    return { dtype: type.dtype, shape: this.solver.resolveShape(type.shape) };
  }

  origin(span: Span): Origin {
    const { line, column } = positionAt(span.source, span.start);
    const origin = { source: span.source.name, line, column };
    return this.layer === undefined ? origin : { ...origin, layer: this.layer };
  }

  error(
    code: string,
    message: string,
    at: Span | { span: Span; text: string },
    rest: { secondary?: readonly { span: Span; text: string }[]; hint?: string | undefined } = {},
  ): undefined {
    const label = 'span' in at ? at : { span: at, text: '' };
    const inside = this.blamed !== undefined && label.span.source !== this.blamed.source;
    const primary = inside && this.blamed ? { ...label, span: this.blamed } : label;
    // A layer may make the same mistake in each of its gates and directions.
    const { source, start, end } = primary.span;
    const key = [code, message, primary.text, source.name, start, end].join('\n');
    if (this.reported.has(key)) return undefined;
    this.reported.add(key);
    this.diagnostics.error(code, message, primary, rest);
    this.budget.countMistake();
    return undefined;
  }

  /** `[batch, time, 128]`. */
  describe(t: Tensor): string {
    const axes = [
      ...(t.batch ? ['batch'] : []),
      ...(t.time === undefined ? [] : [t.time.symbol === 'T' ? 'time' : `time ${t.time.symbol}`]),
      ...this.solver.resolveShape(featureShape(t)).map((d) => describeDim(d)),
    ];
    return `[${axes.join(', ')}]`;
  }

  describeDim(d: Dim): string {
    return describeDim(this.solver.resolve(d));
  }
}

function describeDim(d: Dim): string {
  const text = printDim(d);
  return text.includes('?') ? 'any' : text;
}

/** The text of an expression as the user wrote it, on one line. */
export function sourceText(e: Expression): string {
  return e.span.source.text.slice(e.span.start, e.span.end).replace(/\s+/g, ' ');
}
