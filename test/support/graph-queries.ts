/** Questions that tests ask of a graph. */
import { scanParts } from '../../compiler/graph/scan.ts';
import type { Graph, Instruction } from '../../compiler/graph/types.ts';

export function scansOf(graph: Graph): Instruction[] {
  return graph.instructions.filter((i) => i.op === 'scan');
}

export function bodyOf(scan: Instruction): Graph {
  return scanParts(scan).body;
}

/** How many instructions of the op there are; not in bodies. */
export function countOps(graph: Graph, op: string): number {
  return graph.instructions.filter((i) => i.op === op).length;
}

/** Instructions, bodies included. */
export function sizeOf(graph: Graph): number {
  return graph.instructions.reduce(
    (sum, i) => sum + 1 + (i.op === 'scan' ? sizeOf(bodyOf(i)) : 0),
    0,
  );
}
