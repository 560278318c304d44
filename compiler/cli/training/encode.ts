/** Examples to ids: texts by the vocabulary, labels by theirs, `<EOS>` at the end of a sequence. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { Labels } from '../../../runtime/text/labels.ts';
import { endId, Vocabulary } from '../../../runtime/text/vocabulary.ts';
import type { Example, Field } from '../../../runtime/train/batches.ts';
import { fixedValue } from '../../graph/dim.ts';
import type { TextExample } from './corpus.ts';
import type { TextFormat } from './data-format.ts';

/** What turns text into ids; saved with a model. */
export interface Codec {
  readonly vocabulary: Vocabulary;
  readonly labels?: Labels;
}

export interface CodecSettings {
  readonly minCount?: number;
  readonly maxWords?: number;
  readonly lowerCase?: boolean;
}

/**
 * From training examples alone. A vocabulary is no larger than the number of ids that the spec
 * fixes. R7602 for more labels than classes.
 */
export function buildCodec(
  format: TextFormat,
  examples: readonly TextExample[],
  settings: CodecSettings,
): Codec {
  const { text } = format;
  const fixed = text.size === undefined ? undefined : fixedValue(text.size);
  const maxSize = Math.min(fixed ?? Infinity, (settings.maxWords ?? Infinity) + 2);
  const options = { ...settings, kind: text.element, maxSize };
  const split = examples.flatMap(({ text: t }) => (typeof t === 'string' ? [] : [t]));
  const vocabulary =
    split.length > 0
      ? Vocabulary.fromTokens(split, options)
      : Vocabulary.build(plainTexts(examples), options);
  return format.kind === 'sequences'
    ? { vocabulary }
    : { vocabulary, labels: buildLabels(format, examples) };
}

/** The values of the symbols that the codec settles: the number of ids and of classes. */
export function codecDims(format: TextFormat, codec: Codec): Map<string, number> {
  const dims = new Map<string, number>();
  const bind = (size: TextFormat['text']['size'], value: number): void => {
    const [term, ...more] = size?.terms ?? [];
    // Only a bare symbol can be settled by counting.
    if (term === undefined || more.length > 0 || term.coefficient !== 1) return;
    if (size?.constant === 0) dims.set(term.symbol, value);
  };
  bind(format.text.size, codec.vocabulary.size);
  if (format.kind !== 'sequences') bind(format.label.size, codec.labels?.size ?? 0);
  return dims;
}

export function fieldsOf(format: TextFormat): Field[] {
  const { name, lengths } = format.text;
  const text: Field = { name, kind: 'sequence', lengths };
  if (format.kind === 'sequences') return [text];
  const label: Field =
    format.kind === 'tagged'
      ? { name: format.label.name, kind: 'sequence', lengths }
      : { name: format.label.name, kind: 'value' };
  return [text, label];
}

/** R7205 for a label that training never saw, with file and line. */
export function encodeExamples(
  format: TextFormat,
  examples: readonly TextExample[],
  codec: Codec,
  file: string,
): Example[] {
  return examples.map((example) => encodeExample(format, example, codec, file));
}

function encodeExample(
  format: TextFormat,
  { text, labels, line }: TextExample,
  { vocabulary, labels: known }: Codec,
  file: string,
): Example {
  const ids = typeof text === 'string' ? vocabulary.encode(text) : vocabulary.encodeTokens(text);
  if (format.kind === 'sequences') return [withEnd(ids)];
  const classes = labels.map((label, i) => {
    const at = format.kind === 'tagged' ? line + i : line;
    return known?.id(label, `${file}: line ${at}`) ?? 0;
  });
  return [ids, Int32Array.from(classes)];
}

function withEnd(ids: Int32Array): Int32Array {
  const ended = new Int32Array(ids.length + 1).fill(endId);
  ended.set(ids);
  return ended;
}

function plainTexts(examples: readonly TextExample[]): string[] {
  return examples.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
}

function buildLabels(
  format: Exclude<TextFormat, { kind: 'sequences' }>,
  examples: readonly TextExample[],
): Labels {
  const labels = Labels.build(
    examples.flatMap((e) => e.labels),
    'sorted',
  );
  const { name, size } = format.label;
  const classes = size === undefined ? undefined : fixedValue(size);
  if (classes === undefined || labels.size <= classes) return labels;
  const shown = labels.names.slice(0, 12).map((label) => JSON.stringify(label));
  const rest = labels.size - shown.length;
  throw new RuntimeFault(
    'R7602',
    `${name} is class(${classes}), and the data has ${labels.size} labels: ` +
      `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    `make room for ${labels.size} classes in the spec`,
  );
}
