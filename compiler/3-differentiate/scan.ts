/**
 * Back-propagation through time: the rule of `scan`. The backward scan has the same lengths and
 * runs the other way; it carries the cotangents of the float carries and yields, for every step,
 * those of the xs. A row past its length keeps its carry both ways and yields zeros, so padding
 * adds exactly 0. What does not vary over time (weights) gets its cotangent outside; see
 * backward-body.ts.
 */
import { present } from '../base/bug.ts';
import { filled, reduceSum } from '../graph/build.ts';
import { emitScan, scanParts, type ScanParts } from '../graph/scan.ts';
import type { Builder, GraphResult, Value } from '../graph/types.ts';
import type { CotangentList, ScanRule } from './accumulate.ts';
import {
  backwardBody,
  type BackwardBody,
  type BackwardRequest,
  type Deferral,
  type Source,
} from './backward-body.ts';
import { Cotangents } from './cotangents.ts';
import { stackedCotangents } from './stacked.ts';
import { dependents, type ScanTape, type TapeEntry } from './tape.ts';

/** Told of each carry by name: the cotangents of the state after every step, [B, T, …]. */
export type CarryObserver = (scan: TapeEntry, carry: string, cotangents: Value) => void;

/** Scans within scans are not observed. */
export function scanRule(observer?: CarryObserver): ScanRule {
  return (builder, entry, incoming, wanted) => {
    const parts = scanParts(entry.instruction);
    const tape = present(entry.scan, 'the tape of a scan');
    const inside = wantedInside(parts, tape, wanted);
    const arrives = (r: GraphResult, i: number): boolean =>
      incoming[i] !== undefined && inside.has(r.value.id);
    const backward = settle({
      parts,
      tape,
      wanted: inside,
      carries: parts.nexts.map(arrives),
      ys: parts.yields.map((r, i) => arrives(r, i + parts.nexts.length)),
      observe: observer !== undefined,
      scanRule: scanRule(),
    });
    const scan = emitBackward(builder, backward, incoming);
    parts.bodyCarries.forEach((p, i) => {
      const cotangents = yielded(scan.ys, backward.body.observed[i]);
      if (cotangents !== undefined) observer?.(entry, p.name, cotangents);
    });
    return [
      ...constantCotangents(builder, backward, scan.ys),
      ...scan.carries,
      ...backward.body.xs.map((at) => yielded(scan.ys, at)),
    ];
  };
}

/** Ids of the body values whose cotangents serve a wanted operand, around the loop if need be. */
function wantedInside(
  parts: ScanParts,
  tape: ScanTape,
  wanted: readonly boolean[],
): ReadonlySet<number> {
  const parameters = parts.body.parameters.filter((_, i) => wanted[i] === true);
  const seeds = new Set(parameters.map((p) => p.value.id));
  for (;;) {
    const reached = dependents(tape.entries, seeds);
    const before = seeds.size;
    parts.bodyCarries.forEach((p, i) => {
      const next = parts.nexts[i]?.value;
      if (next !== undefined && reached.has(next.id)) seeds.add(p.value.id);
    });
    if (seeds.size === before) return reached;
  }
}

interface Backward {
  /** With all carries that take part. */
  readonly request: BackwardRequest;
  readonly body: BackwardBody;
}

/** A carry takes part once a cotangent reaches it from the step after, so this goes round. */
function settle(request: BackwardRequest): Backward {
  const body = backwardBody(request);
  const carries = request.carries.map((is, i) => is || body.reached[i] === true);
  const settled = carries.every((is, i) => is === request.carries[i]);
  return settled ? { request, body } : settle({ ...request, carries });
}

interface BackwardScan {
  /** One a carry of the forward scan: the cotangent of its initial value. */
  readonly carries: CotangentList;
  readonly ys: readonly Value[];
}

function emitBackward(
  builder: Builder,
  { request, body }: Backward,
  incoming: CotangentList,
): BackwardScan {
  const { parts, tape, carries, ys: arriving } = request;
  const initial = parts.finals.map((v, i) => incoming[i] ?? filled(builder, 0, v.type.shape));
  const yCotangents = incoming.slice(parts.finals.length).filter((_, i) => arriving[i] === true);
  const { finals, ys } = emitScan(builder, {
    constants: parts.constants,
    carries: initial.filter((_, i) => carries[i] === true),
    xs: [
      ...[...tape.stored.values()].map((index) => present(parts.ys[index], 'a residual')),
      ...parts.xs,
      ...yCotangents.map((v) => present(v, 'the cotangent of a y')),
    ],
    lengths: parts.lengths,
    reverse: !parts.reverse,
    time: parts.time,
    body: body.graph,
  });
  let next = 0;
  return { carries: carries.map((is) => (is ? finals[next++] : undefined)), ys };
}

/** Elementwise uses summed over time, all others from their stacked forms. */
function constantCotangents(
  builder: Builder,
  { request, body }: Backward,
  ys: readonly Value[],
): CotangentList {
  const sums = new Cotangents(builder);
  const { bodyConstants } = request.parts;
  bodyConstants.forEach((p, i) => {
    const step = yielded(ys, body.constants[i]);
    if (step !== undefined) sums.add(p.value, reduceSum(builder, step, [1]));
  });
  for (const deferral of body.deferrals) {
    const cotangents = deferredCotangents(builder, request, deferral, ys);
    deferral.operands.forEach((source, i) => {
      const cotangent = cotangents[i];
      const constant = source.kind === 'constant' ? bodyConstants[source.index] : undefined;
      if (constant !== undefined && cotangent !== undefined) sums.add(constant.value, cotangent);
    });
  }
  return bodyConstants.map((p) => sums.get(p.value));
}

function deferredCotangents(
  builder: Builder,
  { parts, scanRule: nested }: BackwardRequest,
  deferral: Deferral,
  ys: readonly Value[],
): CotangentList {
  const everyStep: Readonly<Record<Source['kind'], readonly Value[]>> = {
    constant: parts.constants,
    x: parts.xs,
    residual: parts.ys,
    yield: ys,
  };
  return stackedCotangents(builder, {
    instruction: deferral.instruction,
    operands: deferral.operands.map(({ kind, index }) =>
      present(everyStep[kind][index], `${kind} ${index} of a scan`),
    ),
    varying: deferral.operands.map(({ kind }) => kind !== 'constant'),
    cotangents: deferral.cotangents.map((at) => yielded(ys, at)),
    wanted: deferral.wanted,
    time: parts.time,
    scanRule: nested,
  });
}

function yielded(ys: readonly Value[], at: number | undefined): Value | undefined {
  return at === undefined ? undefined : ys[at];
}
