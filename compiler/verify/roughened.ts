/**
 * A graph whose functions are one unit of the last place off, as formulas of exp, tanh and their
 * kin may be: the interpreter's are the host's, which are nearly exact. Where a gate is saturated,
 * that unit is all there is of its derivative 1 - σ, and the backward pass multiplies it. And two of
 * the formulas give 0 where the result is below the normal numbers (specs/numerics.md).
 */
import { rebuild } from '../4-simplify/rebuild.ts';
import { filled, less, mul, select } from '../graph/build.ts';
import { scanParts, withBody } from '../graph/scan.ts';
import type { Graph } from '../graph/types.ts';
import { smallestNormal } from './nudge.ts';

const formulas = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'erf', 'sin', 'cos', 'pow'];

const flushing = ['sigmoid', 'softplus'];

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
    const { shape } = exact.type;
    const rough = mul(editor, exact, filled(editor, 1 + units * 2 ** -23, shape));
    if (!flushing.includes(op)) return [rough];
    const isLost = less(editor, rough, filled(editor, smallestNormal, shape));
    return [select(editor, isLost, filled(editor, 0, shape), rough)];
  });
}
