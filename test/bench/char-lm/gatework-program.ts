/** What the compiler makes of the task's training step, for gatework-page.ts to run. */
import { compile, idRanges, shaderProgram, trainingGraph } from '../../../compiler/pipeline.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { learningRate, sizes } from './task.ts';

const { vocabulary, width, batch } = sizes;

// The forget gate begins as in the other contestants: its bias is 0.
const spec = `
model charLm() {
  input text: ids(${vocabulary})[T]
  input next: class(${vocabulary})[T]
  output y = text -> oneHot -> lstm(${width}, forget = 0) -> softmax(${vocabulary})
  loss crossEntropy(y, next)
  train adam(rate = ${learningRate}), batch = ${batch}
}`;

export function compileTask(): { readonly program: Program; readonly shaders: readonly string[] } {
  const { model, diagnostics } = compile({ name: 'char-lm', text: spec }, { mode: 'training' });
  const optimizer = model?.training.optimizer;
  if (model === undefined || optimizer === undefined) {
    throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  }
  const graph = trainingGraph(model, { optimizer }, 'kernels');
  const next = graph.results.filter(({ name }) => name.startsWith('next/'));
  const feeds = new Map(next.map(({ name }) => [name.slice('next/'.length), name]));
  // As the command line has it on a device in software.
  const forDevice = { schedule: 'steps', device: 'software' } as const;
  return shaderProgram(graph, { feeds, ids: idRanges(model), ...forDevice });
}
