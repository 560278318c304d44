/**
 * The forward half of a differentiated graph: the same instructions, with loop-invariant code moved
 * out of each scan and each scan's residuals among its ys. Yields the tape for the way back.
 */
import { present } from '../base/bug.ts';
import { splitInvariants } from '../graph/invariants.ts';
import { emitScan, scanInstruction, scanParts, type ScanInputs } from '../graph/scan.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { residualsOf, type ResidualMode } from './residuals.ts';
import type { ScanTape, TapeEntry } from './tape.ts';

export interface Forward {
  readonly entries: readonly TapeEntry[];
  /** The graph's results, in order. */
  readonly results: readonly Value[];
}

/** Copies the graph in, `inputs` for its parameters. */
export function emitForward(
  builder: Builder,
  graph: Graph,
  inputs: readonly Value[],
  mode: ResidualMode,
): Forward {
  const copies = new Map<number, Value>();
  graph.parameters.forEach((p, i) => copies.set(p.value.id, present(inputs[i], p.name)));
  const entries = emitAll(builder, graph.instructions, copies, mode);
  return {
    entries,
    results: copiesOf(
      graph.results.map((r) => r.value),
      copies,
    ),
  };
}

/** Adds the copy of each result to `copies`. */
function emitAll(
  builder: Builder,
  instructions: readonly Instruction[],
  copies: Map<number, Value>,
  mode: ResidualMode,
): TapeEntry[] {
  return instructions.flatMap((original) => {
    const instruction = { ...original, operands: copiesOf(original.operands, copies) };
    const emitted =
      original.op === 'scan'
        ? emitForwardScan(builder, instruction, mode)
        : [emitPlain(builder, instruction)];
    const results = present(emitted.at(-1), 'the copy of an instruction').instruction.results;
    original.results.forEach((v, i) => copies.set(v.id, present(results[i], 'a result')));
    return emitted;
  });
}

function copiesOf(values: readonly Value[], copies: ReadonlyMap<number, Value>): readonly Value[] {
  return values.map((v) => present(copies.get(v.id), `a copy of %${v.id}`));
}

function emitPlain(builder: Builder, instruction: Instruction): TapeEntry {
  const { op, operands, attributes, origin } = instruction;
  const results = builder.withOrigin(origin, () => builder.emitMany(op, operands, attributes));
  return { instruction: { ...instruction, results } };
}

/** The entries of what was moved out, then that of the scan, whose first results are as before. */
function emitForwardScan(builder: Builder, scan: Instruction, mode: ResidualMode): TapeEntry[] {
  const parts = scanParts(scan);
  const split = splitInvariants(parts.body, parts.constants.length);
  const outside = new Map<number, Value>();
  parts.bodyConstants.forEach((p, i) =>
    outside.set(p.value.id, present(parts.constants[i], p.name)),
  );
  const moved = emitAll(builder, split.invariant, outside, mode);
  const constants = [...parts.constants, ...copiesOf(split.outgoing, outside)];
  return [...moved, emitAugmented(builder, scan, { ...parts, constants, body: split.body }, mode)];
}

function emitAugmented(
  builder: Builder,
  from: Instruction,
  scan: ScanInputs,
  mode: ResidualMode,
): TapeEntry {
  const inside = new GraphBuilder();
  const parameters = scan.body.parameters.map((p) =>
    inside.parameter(p.name, p.value.type, p.role),
  );
  const forward = emitForward(inside, scan.body, parameters, mode);
  const fixed = parameters.slice(0, scan.constants.length);
  const entering = parameters.slice(fixed.length, fixed.length + scan.carries.length);
  const residuals = residualsOf(forward.entries, fixed, entering, mode);
  const body = inside.finish(scan.body.name, [
    ...scan.body.results.map((r, i) => ({ ...r, value: present(forward.results[i], r.name) })),
    ...residuals.map((value) => ({ name: `residual${value.id}`, value })),
  ]);
  const { finals, ys } = builder.withOrigin(from.origin, () =>
    emitScan(builder, { ...scan, body }),
  );
  const instruction = scanInstruction(from, { ...scan, body }, [...finals, ...ys]);
  const first = ys.length - residuals.length;
  const stored = new Map(residuals.map((v, i) => [v.id, first + i]));
  const tape: ScanTape = { entries: forward.entries, stored };
  return { instruction, scan: tape };
}
