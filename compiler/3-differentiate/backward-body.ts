/**
 * The body of a backward scan: one step of BPTT. Parameters: the forward constants; the cotangents
 * of the carries that leave the step; then as xs the residuals, the forward xs and the cotangents
 * of the ys. Results: the cotangents of the carries that enter the step, then ys of all that the
 * rule of scan wants to see for every step.
 *
 * Invariant operands. An elementwise op's is formed here, step by step, and summed over time
 * outside. Any other op's is deferred: the body only yields what the op's vjp needs, and the
 * cotangent is formed outside for all steps at once.
 */
import { CompilerBug, present } from '../base/bug.ts';
import { isElementwise } from '../graph/elementwise.ts';
import type { ScanParts } from '../graph/scan.ts';
import type { Graph, GraphParameter, Instruction, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { opNamed } from '../ops/all.ts';
import { accumulate, type CotangentList, type ScanRule } from './accumulate.ts';
import { Cotangents } from './cotangents.ts';
import { renamed, type ScanTape, type TapeEntry } from './tape.ts';

export interface BackwardRequest {
  /** The forward scan, residuals among its ys. */
  readonly parts: ScanParts;
  readonly tape: ScanTape;
  /** Ids of the body values whose cotangents are wanted. */
  readonly wanted: ReadonlySet<number>;
  /** Which carries bring a cotangent into the step, and which ys. */
  readonly carries: readonly boolean[];
  readonly ys: readonly boolean[];
  /** Whether to yield the cotangents of the carries that leave the step. */
  readonly observe: boolean;
  readonly scanRule: ScanRule;
}

export interface BackwardBody {
  readonly graph: Graph;
  /** Which carries have a cotangent as they enter the step. */
  readonly reached: readonly boolean[];
  /** For each constant, x and carry of the forward scan: which of the ys is its cotangent. */
  readonly constants: readonly (number | undefined)[];
  readonly xs: readonly (number | undefined)[];
  readonly observed: readonly (number | undefined)[];
  readonly deferrals: readonly Deferral[];
}

/** An instruction of the body of which some invariant operands await their cotangents. */
export interface Deferral {
  readonly instruction: Instruction;
  readonly wanted: readonly boolean[];
  /** Which of the ys are the cotangents of its results. */
  readonly cotangents: readonly (number | undefined)[];
  readonly operands: readonly Source[];
}

/** Where the value of an operand for all time steps is to be had. */
export type Source =
  | { readonly kind: 'constant'; readonly index: number }
  | { readonly kind: 'x'; readonly index: number }
  /** Of the forward scan. */
  | { readonly kind: 'residual'; readonly index: number }
  /** Of the backward scan. */
  | { readonly kind: 'yield'; readonly index: number };

export function backwardBody(request: BackwardRequest): BackwardBody {
  const { parts, tape } = request;
  const step = declareStep(request);
  const { builder, names, sources } = step;
  for (const entry of tape.entries) recompute(builder, entry, names);
  const nameOf = (v: Value): Value => present(names.get(v.id), `a copy of %${v.id}`);
  const cotangents = new Cotangents(builder);
  parts.nexts.forEach((r, i) => addDefined(cotangents, nameOf(r.value), step.carries[i]));
  parts.yields.forEach((r, i) => addDefined(cotangents, nameOf(r.value), step.ys[i]));

  const outlets = new Outlets();
  const deferrals: Deferral[] = [];
  accumulate({
    builder,
    entries: tape.entries.map((entry) => renamed(entry, names)),
    cotangents,
    wanted: new Set([...request.wanted].map((id) => present(names.get(id), 'a copy').id)),
    scanRule: request.scanRule,
    defer(entry, incoming, wanted) {
      const deferred = invariantOperands(entry, sources).map((is, i) => is && wanted[i] === true);
      if (deferred.includes(true)) {
        deferrals.push(deferral(entry, incoming, deferred, sources, outlets));
      }
      return deferred;
    },
  });

  const yielded = (p: { readonly value: Value }): number | undefined => {
    const cotangent = cotangents.get(nameOf(p.value));
    return cotangent && outlets.add(cotangent);
  };
  const asked = (p: GraphParameter): number | undefined =>
    request.wanted.has(p.value.id) ? yielded(p) : undefined;
  const layout = {
    reached: parts.bodyCarries.map((p) => cotangents.get(nameOf(p.value)) !== undefined),
    constants: parts.bodyConstants.map(asked),
    xs: parts.bodyXs.map(asked),
    observed: parts.nexts.map((r) => (request.observe ? yielded(r) : undefined)),
    deferrals,
  };
  const entering = parts.bodyCarries.filter((_, i) => request.carries[i] === true);
  const graph = builder.finish(`${parts.body.name}.backward`, [
    ...entering.map((p) => ({
      name: `d/${p.name}`,
      value: cotangents.getOrZeros(nameOf(p.value)),
    })),
    ...outlets.values.map((value, i) => ({ name: `yield${i}`, value })),
  ]);
  return { graph, ...layout };
}

/** The values that the body yields, each once. */
class Outlets {
  readonly values: Value[] = [];

  add(value: Value): number {
    const at = this.values.findIndex((v) => v.id === value.id);
    return at === -1 ? this.values.push(value) - 1 : at;
  }
}

interface Step {
  readonly builder: GraphBuilder;
  /** By the id of a value of the forward body: what stands for it here. */
  readonly names: Map<number, Value>;
  /** By the id of a parameter of this body. */
  readonly sources: ReadonlyMap<number, Source>;
  /** Cotangents that come in, one a carry and one a y of the forward scan. */
  readonly carries: CotangentList;
  readonly ys: CotangentList;
}

function declareStep({ parts, tape, carries, ys }: BackwardRequest): Step {
  const builder = new GraphBuilder();
  const names = new Map<number, Value>();
  const sources = new Map<number, Source>();
  const declare = (name: string, of: Value, source?: Source): Value => {
    const value = builder.parameter(name, of.type, 'local');
    if (source !== undefined) {
      sources.set(value.id, source);
      names.set(of.id, value);
    }
    return value;
  };
  parts.bodyConstants.forEach((p, index) => declare(p.name, p.value, { kind: 'constant', index }));
  const carryCotangents = parts.bodyCarries.map((p, i) =>
    carries[i] === true ? declare(`d/${p.name}`, p.value) : undefined,
  );
  for (const [id, index] of tape.stored) {
    const value = present(parts.yields[index], `residual ${id}`).value;
    declare(`forward/${id}`, value, { kind: 'residual', index });
  }
  parts.bodyXs.forEach((p, index) => declare(p.name, p.value, { kind: 'x', index }));
  const yCotangents = parts.yields.map((r, i) =>
    ys[i] === true ? declare(`d/y${i}`, r.value) : undefined,
  );
  return { builder, names, sources, carries: carryCotangents, ys: yCotangents };
}

/** Emits the instruction again unless all its results are at hand. */
function recompute(builder: GraphBuilder, entry: TapeEntry, names: Map<number, Value>): void {
  const { op, operands, attributes, results, origin } = entry.instruction;
  if (results.every((v) => names.has(v.id))) return;
  const inputs = operands.map((v) => present(names.get(v.id), `a copy of %${v.id}`));
  const copies = builder.withOrigin(origin, () => builder.emitMany(op, inputs, attributes));
  results.forEach((v, i) => names.set(v.id, present(copies[i], `a result of ${op}`)));
}

/** Which operands are constants of the scan that need the op's stacked form. */
function invariantOperands(
  { instruction }: TapeEntry,
  sources: ReadonlyMap<number, Source>,
): readonly boolean[] {
  if (isElementwise(instruction.op)) return [];
  return instruction.operands.map((v) => sources.get(v.id)?.kind === 'constant');
}

function deferral(
  { instruction }: TapeEntry,
  incoming: CotangentList,
  wanted: readonly boolean[],
  sources: ReadonlyMap<number, Source>,
  outlets: Outlets,
): Deferral {
  if (opNamed(instruction.op).stack === undefined) {
    throw new CompilerBug(
      'differentiate',
      `no gradient reaches an operand of ${instruction.op} that a surrounding scan holds constant`,
    );
  }
  const sourceOf = (v: Value): Source =>
    sources.get(v.id) ?? { kind: 'yield', index: outlets.add(v) };
  return {
    instruction,
    wanted,
    cotangents: incoming.map((c) => c && outlets.add(c)),
    operands: instruction.operands.map(sourceOf),
  };
}

function addDefined(cotangents: Cotangents, of: Value, cotangent: Value | undefined): void {
  if (cotangent !== undefined) cotangents.add(of, cotangent);
}
