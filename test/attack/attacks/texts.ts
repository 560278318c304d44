/** A spec and its canonical form are one tree, and so are its graphs and their texts. */
import { parseSpec } from '../../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../../compiler/ast/equal.ts';
import { printFile } from '../../../compiler/ast/print.ts';
import { printGraph } from '../../../compiler/graph/print.ts';
import { readGraph } from '../../../compiler/graph/read.ts';
import { sameGraph } from '../../../compiler/graph/same-graph.ts';
import type { Attempt, Target } from '../types.ts';

export async function* textAttacks({ program, subject }: Target): AsyncGenerator<Attempt> {
  yield { name: 'spec reads back', wrong: specFaults(program.text) };
  const graphs = [subject.training.graph, subject.graph('gradients', 'kernels').graph];
  const apart = graphs
    .map((graph) => printGraph(graph))
    .flatMap((text, i) => {
      const back = readGraph(text);
      const same = sameGraph(back, graphs[i] ?? back) && printGraph(back) === text;
      return same ? [] : [text];
    });
  yield { name: 'graph reads back', wrong: apart };
}

function specFaults(text: string): readonly string[] {
  const { file } = parseSpec({ name: 'random.gate', text });
  if (file === undefined) return ['it does not parse'];
  const printed = printFile(file);
  const again = parseSpec({ name: 'random.gate', text: printed }).file;
  const same = again !== undefined && sameTree(file, again) && printFile(again) === printed;
  return same ? [] : [printed];
}
