/**
 * Which data a model takes follows from its inputs: one text is a language model's, a text with a
 * class for each token a tagger's, a text with one class a classifier's. Everything else, and every
 * file that is safetensors by its content, is a batch of tensors.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { TokenKind } from '../../../runtime/text/tokenize.ts';
import type { Model, ModelInput } from '../../graph/model.ts';

export type DataFormat = TextFormat | { readonly kind: 'tensors' };

/** `sequences`: one a line; `tagged`: token and tag a line; `labelled`: text and label a row. */
export type TextFormat =
  | { readonly kind: 'sequences'; readonly text: TextInput }
  | { readonly kind: 'tagged' | 'labelled'; readonly text: TextInput; readonly label: ClassInput };

export type TextInput = ModelInput & { readonly element: TokenKind; readonly lengths: string };
export type ClassInput = ModelInput & { readonly element: 'class' };

/** R7601 where the file is text and the inputs are not. */
export function dataFormat(model: Model, bytes: Uint8Array, file: string): DataFormat {
  if (isSafetensors(bytes)) return { kind: 'tensors' };
  const format = textFormat(model);
  if (format !== undefined) return format;
  const inputs = model.inputs.map((i) => `${i.name}: ${i.element}`).join(', ');
  throw new RuntimeFault(
    'R7601',
    `${file} is no safetensors file, and the model's inputs (${inputs}) cannot be read from text`,
    'give a safetensors file with one tensor an input; text needs an input of words or characters',
  );
}

/** What text the inputs can be read from; undefined where they cannot. */
export function textFormat(model: Model): TextFormat | undefined {
  const texts = model.inputs.filter(isTextInput);
  const classes = model.inputs.filter(isClassInput);
  const [text, label] = [texts[0], classes[0]];
  if (text === undefined || texts.length + classes.length !== model.inputs.length) return undefined;
  if (texts.length > 1 || classes.length > 1) return undefined;
  if (label === undefined) return { kind: 'sequences', text };
  if (label.time === undefined) return { kind: 'labelled', text, label };
  return label.time === text.time ? { kind: 'tagged', text, label } : undefined;
}

function isTextInput(input: ModelInput): input is TextInput {
  const text = input.element === 'words' || input.element === 'characters';
  return text && input.time !== undefined && input.lengths !== undefined;
}

function isClassInput(input: ModelInput): input is ClassInput {
  return input.element === 'class';
}

/** Eight bytes of header length, then the header, a JSON object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(4, true) === 0 && view.getUint32(0, true) <= bytes.length - 8;
}
