/**
 * Drops every instruction whose results nobody uses and, of a scan, the ys, carries, constants and
 * xs that nobody uses: a carry that only feeds itself is dead. Bodies likewise, at every depth.
 * Parameters of the graph itself stay. Where all is in use, the graph itself comes back.
 */
import { restrictScan, scanParts, withBody, type ScanParts } from '../graph/scan.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { withCode } from './graph-editor.ts';

/** Many passes begin with it: what is all in use is looked at once. */
const allInUse = new WeakSet<Graph>();

export function removeDeadCode(graph: Graph): Graph {
  if (allInUse.has(graph)) return graph;
  const roots = graph.results.map((r) => r.value);
  const live = withCode(graph, liveCode(graph.instructions, roots).instructions, graph.results);
  if (live === graph) allInUse.add(graph);
  return live;
}

interface LiveCode {
  readonly instructions: readonly Instruction[];
  /** Ids of all values in use. */
  readonly live: ReadonlySet<number>;
}

function liveCode(instructions: readonly Instruction[], roots: readonly Value[]): LiveCode {
  const live = new Set(roots.map((v) => v.id));
  const kept: Instruction[] = [];
  for (let i = instructions.length - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction?.results.some((r) => live.has(r.id)) !== true) continue;
    const trimmed = instruction.op === 'scan' ? trimScan(instruction, live) : instruction;
    for (const operand of trimmed.operands) live.add(operand.id);
    kept.push(trimmed);
  }
  return { instructions: kept.reverse(), live };
}

function trimScan(scan: Instruction, live: ReadonlySet<number>): Instruction {
  const parts = scanParts(scan);
  const ys = parts.ys.map((y) => live.has(y.id));
  let carries = parts.finals.map((c, i) => live.has(c.id) || (parts.xs.length === 0 && i === 0));
  for (;;) {
    const code = liveCode(parts.body.instructions, bodyRoots(parts, carries, ys));
    const inUse = (p: { value: Value }): boolean => code.live.has(p.value.id);
    const fed = parts.bodyCarries.map(inUse);
    const grown = carries.map((kept, i) => kept || fed[i] === true);
    if (grown.every((kept, i) => kept === carries[i])) {
      const body = withCode(parts.body, code.instructions, parts.body.results);
      const constants = parts.bodyConstants.map(inUse);
      // One x stays even if nobody reads it where no carry does: it tells how many rows there are.
      const needsX = !carries.includes(true) && !parts.bodyXs.some(inUse);
      const xs = parts.bodyXs.map((p, i) => inUse(p) || (needsX && i === 0));
      return restrictScan(withBody(scan, body), { constants, carries, xs, ys });
    }
    carries = grown;
  }
}

/** What the body must compute for these carries and ys. */
function bodyRoots(
  parts: ScanParts,
  carries: readonly boolean[],
  ys: readonly boolean[],
): readonly Value[] {
  return [
    ...parts.nexts.filter((_, i) => carries[i] === true),
    ...parts.yields.filter((_, i) => ys[i] === true),
  ].map((r) => r.value);
}
