/**
 * A spec without a loss, made trainable: cross entropy of its first softmax against classes that
 * are a further input. Works on the canonical text, so that any surface will do.
 */
import type { SourceText } from '../../base/source.ts';
import { present } from '../../base/bug.ts';
import { printFile } from '../../ast/print.ts';
import type { ModelDefinition, SourceFile } from '../../ast/types.ts';
import { evaluateDim, type Bindings } from '../../graph/dim.ts';
import type { Model, ModelOutput } from '../../graph/model.ts';
import { parseSource } from '../../pipeline.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { OpenedSpec } from '../spec.ts';

/** `model` is what the spec compiles to. R7603 where no output is a softmax. */
export function withLoss(opened: OpenedSpec, model: Model, bindings: Bindings): OpenedSpec {
  const output = model.outputs.find((o) => o.distribution === 'softmax');
  if (output === undefined) {
    throw new RuntimeFault(
      'R7603',
      `${model.name} has no loss, and no output is a softmax that could be given one`,
      'add one to the model: loss mse(OUTPUT, TARGET)',
    );
  }
  const file = present(parseSource(opened.source).file, 'the file that was compiled');
  const text = printFile(file);
  const lines = lossLines(output, bindings);
  const definition = modelOf(file, model);
  const changed = definition.bare
    ? bareWithLoss(text.trim(), model, lines)
    : insertAtEnd(text, model, lines);
  // The name says where imports are, and must not say that the text is YAML.
  const name = opened.source.name.replace(/\.ya?ml$/i, '.gate');
  return { ...opened, source: { name, text: changed } };
}

/** Nothing else in a spec is likely to be called so. */
const target = 'benchTarget';

function lossLines(output: ModelOutput, bindings: Bindings): string {
  const width = present(output.type.shape.at(-1), 'the width of a softmax');
  const time = output.time === undefined ? '' : `[${output.time}]`;
  return (
    `  input ${target}: class(${evaluateDim(width, bindings)})${time}\n` +
    `  loss crossEntropy(${output.name}, ${target})\n`
  );
}

function bareWithLoss(pipeline: string, model: Model, lines: string): string {
  const ids = model.inputs.some((i) => i.name === 'x' && i.element === 'ids');
  const type = ids ? 'ids(V)[T]' : '[T, D]';
  const whole = /^x\b/.test(pipeline) ? pipeline : `x -> ${pipeline}`;
  return `model main {\n  input x: ${type}\n  output y = ${whole}\n${lines}}\n`;
}

function insertAtEnd(text: string, model: Model, lines: string): string {
  const source: SourceText = { name: 'canonical.gate', text };
  const file = present(parseSource(source).file, 'the canonical text');
  const brace = modelOf(file, model).span.end - 1;
  return `${text.slice(0, brace)}\n${lines}${text.slice(brace)}`;
}

function modelOf(file: SourceFile, model: Model): ModelDefinition {
  const models = file.definitions.filter((d) => d.kind === 'model');
  return present(
    models.findLast((d) => d.name.text === model.name),
    `the model ${model.name}`,
  );
}
