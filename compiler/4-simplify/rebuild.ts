/**
 * The frame of passes that write new instructions: copies a graph instruction by instruction, each
 * offered to the pass with its operands already renewed, and numbers all values anew. Parameters
 * and origins stay. Bodies are the pass's own affair. Where nothing changes, numbers included, the
 * graph itself comes back.
 */
import { CompilerBug } from '../base/bug.ts';
import { mapSame } from '../base/same-items.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { GraphEditor, withCode, withOperands, withValue } from './graph-editor.ts';

/**
 * The values that stand for the instruction's results, or undefined to copy it as it is. `original`
 * is the instruction as the old graph has it.
 */
export type Rewrite = (
  instruction: Instruction,
  editor: GraphEditor,
  original: Instruction,
) => readonly Value[] | undefined;

export function rebuild(graph: Graph, rewrite: Rewrite): Graph {
  const editor = new GraphEditor(0);
  const renewed = new Map<number, Value>();
  const parameters = mapSame(graph.parameters, (p) => withValue(p, editor.numbered(p.value)));
  graph.parameters.forEach((p, i) => renewed.set(p.value.id, parameters[i]?.value ?? p.value));
  const renew = (v: Value): Value => {
    const value = renewed.get(v.id);
    if (value === undefined) throw new CompilerBug('rebuild', `%${v.id} is not defined`);
    return value;
  };
  for (const original of graph.instructions) {
    const instruction = withOperands(original, mapSame(original.operands, renew));
    const rewritten = editor.withOrigin(original.origin, () =>
      rewrite(instruction, editor, original),
    );
    const results = rewritten ?? editor.keepNumbered(instruction);
    original.results.forEach((v, i) => {
      const result = results[i];
      if (result === undefined) throw new CompilerBug('rebuild', `${original.op} lost a result`);
      renewed.set(v.id, result);
    });
  }
  const results = mapSame(graph.results, (r) => withValue(r, renew(r.value)));
  const code = withCode(graph, editor.instructions, results);
  return parameters === graph.parameters ? code : { ...code, parameters };
}
