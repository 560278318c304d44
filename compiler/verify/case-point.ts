/**
 * A case at work: its arrays, what the oracle says of them, and how far off a backend may be. Each
 * is computed when it is first asked for, and once for all backends and checks.
 */
import { bindInputs } from '../../runtime/artifact/bind.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import type { GraphUse } from '../pipeline.ts';
import { roomsOf, type Room } from './accuracy.ts';
import type { Arrays } from './arrays.ts';
import { takeRows } from './batches.ts';
import { drawInputs } from './draw-inputs.ts';
import { flushed } from './nudge.ts';
import { roundedRuns } from './rounded-runs.ts';
import { stepReferences, type StepReference } from './training/references.ts';
import { stepInputs, stepOracle } from './training/step-oracle.ts';
import type { GraphJob, GraphRunner, Oracle } from './runner.ts';
import type { GraphKind, PlainKind, SubjectGraph, VerifySubject } from './subject.ts';
import { bindingsOfCase, timesOf, type CaseData } from './verify-case.ts';

/** What the oracle says, and how much room each result has by runs in f32. */
export interface References {
  readonly f64: Arrays;
  readonly f32: readonly Arrays[];
  readonly rooms: ReadonlyMap<string, Room>;
}

/** Arrays of a case that is replayed. */
export interface GivenArrays {
  readonly kind: GraphKind;
  readonly arrays: Arrays;
}

/** What a backend keeps of numbers, as `Backend` has it. */
interface Keeping {
  readonly isOracle: boolean;
  readonly keepsDenormals: boolean;
  readonly keepsNonFinite: boolean;
}

export class CasePoint {
  readonly subject: VerifySubject;
  readonly data: CaseData;
  private readonly oracle: Oracle;
  private readonly thoroughly: boolean;
  private readonly drawn = new Map<GraphKind, Arrays>();
  private readonly bases = new Map<string, Promise<Arrays>>();
  private readonly alone = new Map<string, Promise<readonly Arrays[]>>();
  private readonly wider = new Map<PlainKind, Promise<ReadonlyMap<string, Room>>>();
  private readonly known = new Map<PlainKind, Promise<References>>();
  private trained: Promise<readonly StepReference[]> | undefined;

  /** `given` are the arrays of one kind of graph, where they are not drawn. */
  constructor(
    subject: VerifySubject,
    data: CaseData,
    oracle: Oracle,
    given?: GivenArrays,
    thoroughly = false,
  ) {
    this.subject = subject;
    this.data = data;
    this.oracle = oracle;
    this.thoroughly = thoroughly;
    if (given !== undefined) this.drawn.set(given.kind, given.arrays);
  }

  /** The same case, of which the oracle says more exactly how much room there is. */
  thorough(): CasePoint {
    const point = new CasePoint(this.subject, this.data, this.oracle, undefined, true);
    for (const [kind, arrays] of this.drawn) point.drawn.set(kind, arrays);
    return point;
  }

  graph(kind: GraphKind, use: GraphUse): SubjectGraph {
    return this.subject.graph(kind, use, this.data.training);
  }

  inputs(kind: GraphKind): Arrays {
    const { graph } = this.graph(kind, 'interpreter');
    const found = this.drawn.get(kind) ?? drawInputs(this.subject, graph, this.data);
    this.drawn.set(kind, found);
    return found;
  }

  /** Has the oracle say what there is to say of one kind of graph. */
  prepare(kind: GraphKind): Promise<unknown> {
    return kind === 'training' ? this.steps() : this.references(kind);
  }

  references(kind: PlainKind): Promise<References> {
    const found = this.known.get(kind) ?? this.refer(kind);
    this.known.set(kind, found);
    return found;
  }

  /** Of training, step after step; fewer than the case has where numbers leave f32. */
  steps(): Promise<readonly StepReference[]> {
    const { subject, data, oracle, thoroughly } = this;
    const first = this.inputs('training');
    const job = this.job.bind(this);
    this.trained ??= stepReferences(
      stepOracle({ subject, data, oracle, thoroughly, first, job }),
      data.training.steps,
    );
    return this.trained;
  }

  /** Parameters of step `k` of training, from 1; of later ones those that no step is fed. */
  stepInputs(k: number): Arrays {
    return stepInputs(
      { subject: this.subject, data: this.data, first: this.inputs('training') },
      k,
    );
  }

  /** How much room each result has on a device that takes numbers below the normal ones for 0. */
  flushingRooms(kind: PlainKind): Promise<ReadonlyMap<string, Room>> {
    const found = this.wider.get(kind) ?? this.flush(kind);
    this.wider.set(kind, found);
    return found;
  }

  private async flush(kind: PlainKind): Promise<ReadonlyMap<string, Room>> {
    const { model, graph } = this.graph(kind, 'kernels');
    const { f64, f32 } = await this.references(kind);
    const flushing = this.subject.flushing(graph);
    const inputs = flushed(this.inputs(kind));
    return roomsOf([...f32, await this.runGraph(this.oracle.f32, model, flushing, inputs)], f64);
  }

  /**
   * What each float result may be off by: for the oracle itself, the rounding of f64. Anything
   * where a device may assume that all numbers are finite, and they are not.
   */
  async allowed(
    kind: PlainKind,
    { isOracle, keepsDenormals, keepsNonFinite }: Keeping,
  ): Promise<ReadonlyMap<string, number>> {
    const { rooms } = await this.references(kind);
    if (isOracle) {
      return new Map([...rooms].map(([name, { exact }]) => [name, 1e-10 * scaleOf(exact.data)]));
    }
    const own = keepsDenormals ? rooms : await this.flushingRooms(kind);
    const isFree = ({ exact, exempt }: Room): boolean =>
      !keepsNonFinite && (exempt !== undefined || !exact.data.every(Number.isFinite));
    return new Map([...own].map(([name, room]) => [name, isFree(room) ? Infinity : room.allowed]));
  }

  /** One run of a backend, on the arrays of the case or on others of its graph. */
  run(runner: GraphRunner, kind: GraphKind, inputs = this.inputs(kind)): Promise<Arrays> {
    return runner.run(this.jobFor(runner, kind, inputs));
  }

  /** What a runner is asked to do on one of the model's own graphs. */
  jobFor({ use }: GraphRunner, kind: GraphKind, inputs = this.inputs(kind)): GraphJob {
    const { model, graph, feeds } = this.graph(kind, use);
    const job = this.job(model, graph, inputs);
    return feeds === undefined ? job : { ...job, feeds };
  }

  /** A graph of the check's own making. */
  runGraph(runner: GraphRunner, model: Model, graph: Graph, inputs: Arrays): Promise<Arrays> {
    return runner.run(this.job(model, graph, inputs));
  }

  private job(model: Model, graph: Graph, inputs: Arrays): GraphJob {
    return { model, graph, inputs, bindings: this.bindings(graph, inputs) };
  }

  /** The run of a backend on the arrays of the case themselves, which several laws compare with. */
  base(runner: GraphRunner, kind: GraphKind): Promise<Arrays> {
    const found = this.bases.get(`${runner.name}, ${kind}`) ?? this.run(runner, kind);
    this.bases.set(`${runner.name}, ${kind}`, found);
    return found;
  }

  /** The runs of a backend on each row of the case alone, of gradients without a loss. */
  rows(runner: GraphRunner): Promise<readonly Arrays[]> {
    const found = this.alone.get(runner.name) ?? this.runRows(runner);
    this.alone.set(runner.name, found);
    return found;
  }

  private async runRows(runner: GraphRunner): Promise<readonly Arrays[]> {
    const { graph } = this.subject.graph('seeded', 'interpreter');
    const runs: Arrays[] = [];
    for (const row of this.data.lengths.keys()) {
      const inputs = takeRows(graph, this.inputs('seeded'), [row]);
      runs.push(await this.run(runner, 'seeded', inputs));
    }
    return runs;
  }

  private async refer(kind: PlainKind): Promise<References> {
    const inputs = this.inputs(kind);
    const jobFor = (use: GraphUse): GraphJob => {
      const { model, graph } = this.graph(kind, use);
      return this.job(model, graph, inputs);
    };
    const [plain, kernels] = [jobFor('interpreter'), jobFor('kernels')];
    const { f64, f32 } = this.oracle;
    const exact = await f64.run(plain);
    const variants = this.subject.variants.bind(this.subject);
    const { seed } = this.data;
    const { thoroughly } = this;
    const rounded = await roundedRuns({ f32, plain, kernels, variants, seed, thoroughly });
    return { f64: exact, f32: rounded, rooms: roomsOf(rounded, exact) };
  }

  /** As the inputs at hand have them; of other rows and steps than the case, perhaps. */
  bindings(graph: Graph, inputs: Arrays): Bindings {
    const { model, bindings } = this.subject;
    const sizes = new Map(bindingsOfCase(model, this.data, bindings));
    for (const name of ['B', ...timesOf(model)]) sizes.delete(name);
    const forms = graph.parameters.map(({ name, value }) => ({ name, ...value.type }));
    return bindInputs(forms, inputs, sizes);
  }
}

function scaleOf(data: ArrayLike<number>): number {
  let scale = 1;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (Number.isFinite(size) && size > scale) scale = size;
  }
  return scale;
}
