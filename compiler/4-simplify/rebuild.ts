/**
 * The frame of passes that write new instructions: copies a graph instruction by instruction, each
 * offered to the pass with its operands already renewed. Parameters and origins stay. Bodies are
 * the pass's own affair.
 */
import { CompilerBug } from '../base/bug.ts';
import { Recorder } from '../graph/recorder.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';

/**
 * The values that stand for the instruction's results, or undefined to copy it as it is. `original`
 * is the instruction as the old graph has it.
 */
export type Rewrite = (
  instruction: Instruction,
  recorder: Recorder,
  original: Instruction,
) => readonly Value[] | undefined;

export function rebuild(graph: Graph, rewrite: Rewrite): Graph {
  const builder = new GraphBuilder();
  const recorder = new Recorder(builder);
  const renewed = new Map<number, Value>();
  for (const p of graph.parameters) {
    renewed.set(p.value.id, builder.parameter(p.name, p.value.type, p.role));
  }
  const renew = (v: Value): Value => {
    const value = renewed.get(v.id);
    if (value === undefined) throw new CompilerBug('rebuild', `%${v.id} is not defined`);
    return value;
  };
  for (const original of graph.instructions) {
    const instruction = { ...original, operands: original.operands.map(renew) };
    const results = recorder.withOrigin(
      original.origin,
      () =>
        rewrite(instruction, recorder, original) ??
        recorder.emitMany(instruction.op, instruction.operands, instruction.attributes),
    );
    original.results.forEach((v, i) => {
      const result = results[i];
      if (result === undefined) throw new CompilerBug('rebuild', `${original.op} lost a result`);
      renewed.set(v.id, result);
    });
  }
  const results = graph.results.map((r) => ({ name: r.name, value: renew(r.value) }));
  return builder.finish(graph.name, results);
}
