/**
 * Moves loop-invariant code of a scan before the scan, where its results become constants; a carry
 * that a step hands on unchanged becomes a constant too. Inner bodies come first, so that code
 * leaves as many loops as it can.
 */
import { splitInvariants } from '../graph/invariants.ts';
import { emitScan, scanParts, withBody, type ScanParts } from '../graph/scan.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { rebuild } from './rebuild.ts';

export function hoistInvariants(graph: Graph): Graph {
  return rebuild(graph, (scan, builder) =>
    scan.op === 'scan' ? hoistFromScan(scan, builder) : undefined,
  );
}

/** Undefined where nothing leaves it. */
function hoistFromScan(scan: Instruction, builder: Builder): readonly Value[] | undefined {
  const inner = withBody(scan, hoistInvariants(scanParts(scan).body));
  const parts = fixCarries(scanParts(inner));
  const split = splitInvariants(parts.body, parts.constants.length);
  const stays = split.invariant.length === 0 && parts.unchanged.every((v) => v === undefined);
  if (inner === scan && stays) return undefined;
  const outside = new Map<number, Value>();
  parts.bodyConstants.forEach((p, i) => setDefined(outside, p.value, parts.constants[i]));
  for (const instruction of split.invariant) {
    const operands = instruction.operands.map((v) => outside.get(v.id) ?? v);
    const results = builder.withOrigin(instruction.origin ?? scan.origin, () =>
      builder.emitMany(instruction.op, operands, instruction.attributes),
    );
    instruction.results.forEach((v, i) => setDefined(outside, v, results[i]));
  }
  const hoisted = split.outgoing.map((v) => outside.get(v.id) ?? v);
  const constants = [...parts.constants, ...hoisted];
  const { finals, ys } = emitScan(builder, { ...parts, constants, body: split.body });
  let next = 0;
  const allFinals = parts.unchanged.map((initial) => initial ?? finals[next++]);
  return [...allFinals, ...ys].filter((v) => v !== undefined);
}

interface FixedCarries extends ScanParts {
  /** One a carry of the original: its initial value if no step changes it. */
  readonly unchanged: readonly (Value | undefined)[];
}

/** Turns carries that stay as they are into constants. */
function fixCarries(parts: ScanParts): FixedCarries {
  // With no xs the first carry tells how many rows there are, and has to remain one.
  const stays = parts.bodyCarries.map(
    (p, i) => parts.nexts[i]?.value.id === p.value.id && (i > 0 || parts.xs.length > 0),
  );
  const unchanged = parts.carries.map((initial, i) => (stays[i] === true ? initial : undefined));
  const moving = <T>(items: readonly T[]): T[] => items.filter((_, i) => stays[i] !== true);
  const staying = <T>(items: readonly T[]): T[] => items.filter((_, i) => stays[i] === true);
  const bodyConstants = [...parts.bodyConstants, ...staying(parts.bodyCarries)];
  const bodyCarries = moving(parts.bodyCarries);
  const nexts = moving(parts.nexts);
  return {
    ...parts,
    constants: [...parts.constants, ...staying(parts.carries)],
    carries: moving(parts.carries),
    bodyConstants,
    bodyCarries,
    nexts,
    body: {
      ...parts.body,
      parameters: [...bodyConstants, ...bodyCarries, ...parts.bodyXs],
      results: [...nexts, ...parts.yields],
    },
    unchanged,
  };
}

function setDefined(map: Map<number, Value>, key: Value, value: Value | undefined): void {
  if (value !== undefined) map.set(key.id, value);
}
