/**
 * The model card, `README.md`, in the layout of Hugging Face: metadata between dashes, then what
 * the model is, how it is used, and what is known of it.
 */
import type {
  BundleDescription,
  BundleInput,
  BundleOutput,
} from '../../runtime/artifact/bundle.ts';
import { qualityRow, type Quality } from './quality.ts';
import { timeTexts } from './time-text.ts';

export interface CardParts {
  readonly description: BundleDescription;
  readonly spec: string;
  readonly parameters: number;
  readonly streams: boolean;
  readonly samples: boolean;
  /** Whether it can be trained further. */
  readonly trains: boolean;
  readonly precision: string;
  readonly quality?: Quality;
  /** What is said of its training, a line each. */
  readonly training: readonly string[];
  readonly license?: string;
  readonly takesText: boolean;
  /** Files that the module reads from beside it, where it does. */
  readonly beside: readonly string[];
}

export function cardText(parts: CardParts): string {
  const { description, spec, parameters, streams, samples, training, license } = parts;
  const { inputs, outputs } = description;
  const metadata = [
    'library_name: gatework',
    ...(license === undefined ? [] : [`license: ${JSON.stringify(license)}`]),
    'tags:',
    '  - recurrent',
    ...(samples ? ['pipeline_tag: text-generation'] : []),
  ];
  const [output] = outputs;
  const lines = [
    ...['---', ...metadata, '---', ''],
    ...[`# ${inline(description.name)}`, ''],
    `A sequence model of ${parameters} parameters in ${parts.precision}, compiled by Gatework to one`,
    'module without dependencies. It runs in browsers, workers, Node and on the edge.',
    ...['', '## Use', ''],
    ...fenced('js', [
      `import { load } from './index.js';`,
      'const model = await load();',
      `const answer = await model.run({ ${inputs.map((i) => given(i, parts)).join(', ')} });`,
      ...(output === undefined ? [] : [`console.log(answer[${JSON.stringify(output.name)}]);`]),
    ]),
    ...[''],
    ...(streams ? ['`model.stream()` takes one time step after another and keeps its state.'] : []),
    ...(samples ? ['`model.sample({ prefix })` yields new text, token after token.'] : []),
    ...(parts.trains
      ? [
          '`model.fit(examples)` trains it further and gives another model; `save()` of that one gives',
          'bytes for `load({ saved })`.',
        ]
      : []),
    '`model.selfTest()` runs inputs that come with the bundle, and compares with the interpreter.',
    ...besideLines(parts),
    ...['', '## Inputs and outputs', ''],
    ...['| name | what | shape |', '| --- | --- | --- |'],
    ...inputs.map((i) => `| ${inline(i.name)} | input, ${i.element} | ${shape(i)} |`),
    ...outputs.map((o) => `| ${inline(o.name)} | output, ${o.dtype} | ${shape(o)} |`),
    ...['', '## Training', ''],
    ...(training.length === 0 ? ['The weights are as they were given.'] : training),
    ...qualityLines(parts),
    ...['', '## Specification', ''],
    ...fenced('', spec.trimEnd().split('\n')),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the precision of the weights costs. */
function qualityLines({ precision, quality }: CardParts): string[] {
  if (quality === undefined) return [];
  const rows = quality.measures.map(qualityRow);
  return [
    ...['', '## Precision', ''],
    `With weights in ${precision}, and before, on data of ${quality.tokens} tokens whose SHA-256 is`,
    `\`${quality.data}\`:`,
    ...['', `| measure | f32 | ${precision} | change |`, '| --- | --- | --- | --- |'],
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
}

/** What bundlers do with the files that a module names by address. */
function besideLines({ beside }: CardParts): string[] {
  if (beside.length === 0) return [];
  const names = beside.map((name) => `\`${name}\``).join(', ');
  return [
    '',
    `The module reads ${names} from beside it. Vite and webpack bring them along when they build a`,
    'page. Rollup, esbuild and Vite for servers leave them behind: copy them to where the built script',
    'is, or build the bundle with `--inline`, which puts everything into one module.',
  ];
}

function given({ name, element, sizes, time }: BundleInput, { takesText }: CardParts): string {
  const key = JSON.stringify(name);
  const isText = element === 'words' || element === 'characters';
  if (isText && takesText) return `${key}: 'some text'`;
  const count = sizes.reduce((product, size) => product * size, time === undefined ? 1 : 10);
  const array = element === 'float' ? 'Float32Array' : 'Int32Array';
  return `${key}: new ${array}(${count})`;
}

function shape({ time, sizes }: BundleInput | BundleOutput): string {
  return inline(`[${[...timeTexts(time), ...sizes].join(', ')}]`);
}

/** Names are data: nothing in one is markup. */
function inline(text: string): string {
  const plain = text.replace(/\s+/g, ' ').slice(0, 200);
  return plain.replace(/[\\`*_{}[\]<>()#+!|&~$]/g, '\\$&');
}

/** With a fence that is longer than any in the text. */
function fenced(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(0, ...lines.flatMap((l) => (l.match(/`+/g) ?? []).map((x) => x.length)));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [`${fence}${language}`, ...lines, fence];
}
