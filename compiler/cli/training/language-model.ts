/** Which text a model continues, and which output says how. */
import { printDim } from '../../graph/dim.ts';
import type { Model, ModelOutput } from '../../graph/model.ts';
import type { TextInput } from './data-format.ts';
import { textFormat } from './data-format.ts';

/** The output with a probability for each token of the text that comes next. */
export function nextTokenOutput(model: Model, text: TextInput): ModelOutput | undefined {
  return model.outputs.find(
    (o) =>
      o.distribution === 'softmax' &&
      o.time === text.time &&
      o.type.shape.length === 3 &&
      text.size !== undefined &&
      printDim(o.type.shape[2] ?? text.size) === printDim(text.size),
  );
}

export function languageModelOf(
  model: Model,
): { readonly input: string; readonly output: string } | undefined {
  const format = textFormat(model);
  if (format?.kind !== 'sequences' || model.inputs.length > 1) return undefined;
  const output = nextTokenOutput(model, format.text);
  return output && { input: format.text.name, output: output.name };
}
