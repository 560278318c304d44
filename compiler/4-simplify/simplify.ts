/**
 * The passes that make a graph smaller without changing its numbers, as a list, and the list run
 * until nothing changes.
 */
import { scanParts } from '../graph/scan.ts';
import type { Graph } from '../graph/types.ts';
import { composeLayouts } from './compose-layouts.ts';
import { foldConstants } from './fold-constants.ts';
import { hoistInvariants } from './hoist-invariants.ts';
import { removeDeadCode } from './remove-dead-code.ts';
import { runPass, type Check, type Pass } from './run-pass.ts';
import { shareCommonSubexpressions } from './share-common-subexpressions.ts';

export const passes: readonly Pass[] = [
  { name: 'removeDeadCode', run: removeDeadCode },
  { name: 'foldConstants', run: foldConstants },
  { name: 'composeLayouts', run: composeLayouts },
  { name: 'hoistInvariants', run: hoistInvariants },
  { name: 'shareCommonSubexpressions', run: shareCommonSubexpressions },
  { name: 'removeDeadCodeAgain', run: removeDeadCode },
];

/** Rounds after which it stops even if a further one would still find something. */
const mostRounds = 4;

/** `check` sees the graph after each pass: the pipeline verifies there. */
export function simplify(graph: Graph, check: Check = () => {}): Graph {
  let current = graph;
  for (let round = 0; round < mostRounds; round++) {
    const before = current;
    for (const pass of passes) current = runPass(pass, current, check);
    if (current === before || extent(current) === extent(before)) break;
  }
  return current;
}

/** Instructions and operands, in bodies too: every pass of use changes it. */
function extent(graph: Graph): string {
  let instructions = 0;
  let operands = 0;
  const visit = (body: Graph): void => {
    instructions += body.instructions.length;
    for (const instruction of body.instructions) {
      operands += instruction.operands.length;
      if (instruction.op === 'scan') visit(scanParts(instruction).body);
    }
  };
  visit(graph);
  return `${instructions} ${operands}`;
}
