/**
 * A case at work: its arrays, what the oracle says of them, and how far off a backend may be. Each
 * is computed when it is first asked for, and once for all backends and checks.
 */
import { bindInputs } from '../../runtime/artifact/bind.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import { roomsOf, type Room } from './accuracy.ts';
import type { Arrays } from './arrays.ts';
import { takeRows } from './batches.ts';
import { drawInputs } from './draw-inputs.ts';
import { flushed, nudged } from './nudge.ts';
import type { GraphRunner } from './runner.ts';
import type { GraphKind, VerifySubject } from './subject.ts';
import { bindingsOfCase, timesOf, type CaseData } from './verify-case.ts';

/** The runners that judge: interpreters, one of each precision. */
export interface Oracle {
  readonly f64: GraphRunner;
  readonly f32: GraphRunner;
}

/**
 * What the oracle says, and how much room each result has by runs in f32: of the graph as it was
 * written; as passes leave it for kernels; and of the latter with inputs and functions that are off
 * in their last bits, three times, so that no chance makes the room too small.
 */
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

export class CasePoint {
  readonly subject: VerifySubject;
  readonly data: CaseData;
  private readonly oracle: Oracle;
  private readonly drawn = new Map<GraphKind, Arrays>();
  private readonly bases = new Map<string, Promise<Arrays>>();
  private readonly alone = new Map<string, Promise<readonly Arrays[]>>();
  private readonly wider = new Map<GraphKind, Promise<ReadonlyMap<string, Room>>>();
  private readonly known = new Map<GraphKind, Promise<References>>();

  /** `given` are the arrays of one kind of graph, where they are not drawn. */
  constructor(subject: VerifySubject, data: CaseData, oracle: Oracle, given?: GivenArrays) {
    this.subject = subject;
    this.data = data;
    this.oracle = oracle;
    if (given !== undefined) this.drawn.set(given.kind, given.arrays);
  }

  inputs(kind: GraphKind): Arrays {
    const { graph } = this.subject.graph(kind, 'interpreter');
    const found = this.drawn.get(kind) ?? drawInputs(this.subject, graph, this.data);
    this.drawn.set(kind, found);
    return found;
  }

  references(kind: GraphKind): Promise<References> {
    const found = this.known.get(kind) ?? this.refer(kind);
    this.known.set(kind, found);
    return found;
  }

  /** How much room each result has on a device that takes numbers below the normal ones for 0. */
  flushingRooms(kind: GraphKind): Promise<ReadonlyMap<string, Room>> {
    const found = this.wider.get(kind) ?? this.flush(kind);
    this.wider.set(kind, found);
    return found;
  }

  private async flush(kind: GraphKind): Promise<ReadonlyMap<string, Room>> {
    const { model } = this.subject.graph(kind, 'kernels');
    const [graph, inputs] = [this.subject.flushing(kind), flushed(this.inputs(kind))];
    const { f64, f32 } = await this.references(kind);
    return roomsOf([...f32, await this.runGraph(this.oracle.f32, model, graph, inputs)], f64);
  }

  /** What each float result may be off by: for the oracle itself, the rounding of f64. */
  async allowed(
    kind: GraphKind,
    { isOracle, keepsDenormals }: { readonly isOracle: boolean; readonly keepsDenormals: boolean },
  ): Promise<ReadonlyMap<string, number>> {
    const { rooms } = await this.references(kind);
    if (isOracle) {
      return new Map([...rooms].map(([name, { exact }]) => [name, 1e-10 * scaleOf(exact.data)]));
    }
    const own = keepsDenormals ? rooms : await this.flushingRooms(kind);
    return new Map([...own].map(([name, { allowed }]) => [name, allowed]));
  }

  /** One run of a backend, on the arrays of the case or on others of its graph. */
  run(runner: GraphRunner, kind: GraphKind, inputs = this.inputs(kind)): Promise<Arrays> {
    const { model, graph } = this.subject.graph(kind, runner.use);
    return this.runGraph(runner, model, graph, inputs);
  }

  /** A graph of the check's own making. */
  runGraph(runner: GraphRunner, model: Model, graph: Graph, inputs: Arrays): Promise<Arrays> {
    return runner.run({ model, graph, inputs, bindings: this.bindings(graph, inputs) });
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

  private async refer(kind: GraphKind): Promise<References> {
    const inputs = this.inputs(kind);
    const [plain, kernels] = (['interpreter', 'kernels'] as const).map((use) => {
      const { model, graph } = this.subject.graph(kind, use);
      return { model, graph, inputs, bindings: this.bindings(graph, inputs) };
    });
    if (plain === undefined || kernels === undefined) throw new Error('two graphs expected');
    const { f64, f32 } = this.oracle;
    const exact = await f64.run(plain);
    const rounded = [await f32.run(plain), await f32.run(kernels)];
    for (const units of [1, -1, 0]) {
      const graph = this.subject.roughened(kind, units);
      const moved = nudged(inputs, this.data.seed + units);
      rounded.push(await f32.run({ ...kernels, graph, inputs: moved }));
    }
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
