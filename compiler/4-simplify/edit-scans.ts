/**
 * The frame of passes that move code out of scans: offers each scan, inner ones first, together
 * with what is known of its constants.
 */
import { mapSame } from '../base/same-items.ts';
import { scanParts, withBody } from '../graph/scan.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { editGraph, withCode, type GraphEditor } from './graph-editor.ts';
import { removeDeadCode } from './remove-dead-code.ts';
import { uniformValues, type UniformValues } from './uniform-values.ts';

/** The values that stand for the scan's results, or undefined to keep it. */
export type ScanEdit = (
  scan: Instruction,
  editor: GraphEditor,
  /** By the ids of the body's parameters. */
  numbers: UniformValues,
) => readonly Value[] | undefined;

export function editScans(graph: Graph, edit: ScanEdit): Graph {
  return editIn(removeDeadCode(graph), new Map(), edit);
}

function editIn(graph: Graph, parameters: UniformValues, edit: ScanEdit): Graph {
  const known = uniformValues(graph, parameters);
  const instructions = mapSame(graph.instructions, (instruction) => {
    if (instruction.op !== 'scan') return instruction;
    const { body } = scanParts(instruction);
    return withBody(instruction, editIn(body, numbersInside(instruction, known), edit));
  });
  return editGraph(withCode(graph, instructions, graph.results), (instruction, editor, original) =>
    original.op === 'scan' ? edit(instruction, editor, numbersInside(original, known)) : undefined,
  );
}

function numbersInside(scan: Instruction, known: UniformValues): UniformValues {
  const { constants, bodyConstants } = scanParts(scan);
  return new Map(
    bodyConstants.flatMap(({ value }, i): [number, number][] => {
      const outside = constants[i];
      const number = outside && known.get(outside.id);
      return number === undefined ? [] : [[value.id, number]];
    }),
  );
}
