/**
 * A graph whose functions are one unit of the last place off, as formulas of exp, tanh and their
 * kin may be: the interpreter's are the host's, which are nearly exact. Where a gate is saturated,
 * that unit is all there is of its derivative 1 - σ, and the backward pass multiplies it.
 */
import { rebuild } from '../4-simplify/rebuild.ts';
import { filled, mul } from '../graph/build.ts';
import { scanParts, withBody } from '../graph/scan.ts';
import type { Graph } from '../graph/types.ts';

const formulas = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'erf', 'sin', 'cos', 'pow'];

/** `units` of 2^-23 are added to each, in proportion. */
export function roughened(graph: Graph, units: number): Graph {
  return rebuild(graph, (instruction, editor) => {
    if (instruction.op === 'scan') {
      const { body } = scanParts(instruction);
      const { op, operands, attributes } = withBody(instruction, roughened(body, units));
      return editor.emitMany(op, operands, attributes);
    }
    if (!formulas.includes(instruction.op)) return undefined;
    const { op, operands, attributes } = instruction;
    const exact = editor.emit(op, operands, attributes);
    return [mul(editor, exact, filled(editor, 1 + units * 2 ** -23, exact.type.shape))];
  });
}
