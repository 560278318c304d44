/** The types of a bundle: of this model's inputs, outputs and states, and of what it can do. */
import {
  Project,
  type InterfaceDeclaration,
  type OptionalKind,
  type PropertySignatureStructure,
  type SourceFile,
} from 'ts-morph';
import type { BundleInput, BundleOutput, BundleState } from '../../runtime/artifact/bundle.ts';
import { commonTypes, sampleTypes } from './common-types.ts';
import type { ModuleParts } from './module-source.ts';
import { timeTexts } from './time-text.ts';

type Property = OptionalKind<PropertySignatureStructure>;

export interface DeclarationParts extends Pick<
  ModuleParts,
  'description' | 'streams' | 'samples' | 'text' | 'labels' | 'target'
> {
  /** Why it cannot stream, where it cannot. */
  readonly whole?: string;
}

export function declarationSource(parts: DeclarationParts): string {
  const project = new Project({ useInMemoryFileSystem: true });
  const common = parts.samples === undefined ? commonTypes : commonTypes + sampleTypes;
  const file = project.createSourceFile('index.d.ts', common);
  const { description, labels } = parts;
  const { inputs, outputs, states } = description;
  if (labels !== undefined) union(file, 'Label', labels);
  backends(file, parts);
  properties(
    file,
    'Inputs',
    'One example.',
    inputs.map((input) => inputProperty(input, parts)),
  );
  properties(file, 'Outputs', 'What the model answers to it.', outputs.map(outputProperty));
  if (parts.streams) {
    const read = states.map(stateProperty);
    properties(file, 'State', 'What it has seen, as plain numbers.', read);
    const steps = outputs.map(stepProperty);
    properties(file, 'StepOutputs', 'What it answers to one time step.', steps);
    addStream(file);
  }
  addModel(file, parts);
  file.addFunction({
    name: 'load',
    isExported: true,
    hasDeclareKeyword: true,
    docs: [
      'Reads the weights and takes the first backend that there is. Rejects with a `BundleError`:' +
        ' R7802 a file that cannot be read, R7803 one that is damaged or of another bundle, R7804 a' +
        ' backend that this place has not.',
    ],
    parameters: [{ name: 'options', type: 'LoadOptions', hasQuestionToken: true }],
    returnType: 'Promise<Model>',
  });
  return file.getFullText();
}

function backends(file: SourceFile, { target }: DeclarationParts): void {
  union(file, 'Backend', target.backends);
}

function union(file: SourceFile, name: string, texts: readonly string[]): void {
  file.addTypeAlias({
    name,
    isExported: true,
    type: texts.length === 0 ? 'string' : texts.map((text) => JSON.stringify(text)).join(' | '),
  });
}

function properties(
  file: SourceFile,
  name: string,
  docs: string,
  of: readonly Property[],
): InterfaceDeclaration {
  return file.addInterface({ name, isExported: true, docs: [docs], properties: [...of] });
}

function inputProperty(input: BundleInput, { text, labels }: DeclarationParts): Property {
  const isText = input.element === 'words' || input.element === 'characters';
  const takesText = isText && text !== undefined;
  const takesLabels = input.element === 'class' && labels !== undefined;
  const types = [
    ...(takesText ? ['string', 'readonly string[]'] : []),
    ...(takesLabels ? ['Label', 'readonly Label[]'] : []),
    'Numbers',
  ];
  const shape = shapeText(timeTexts(input.time), input.sizes);
  const what =
    input.element === 'float'
      ? 'Numbers'
      : `${takesText ? 'Text, or ids' : 'Ids'}${input.ids === undefined ? '' : ` from 0 to ${input.ids - 1}`}`;
  return { name: quoted(input.name), type: types.join(' | '), docs: [`${what}, ${shape}.`] };
}

function outputProperty({ name, time, sizes, labels, tokens, dtype }: BundleOutput): Property {
  const shape = shapeText(timeTexts(time), sizes);
  return {
    name: quoted(name),
    isReadonly: true,
    type: outputType(dtype, time === undefined ? sizes : ['number', ...sizes], { labels, tokens }),
    docs: [`${shape}, of the example's own time steps.`],
  };
}

function stepProperty({ name, sizes, labels, dtype }: BundleOutput): Property {
  const type = outputType(dtype, sizes, { labels, tokens: undefined });
  return { name: quoted(name), isReadonly: true, type, docs: [`${shapeText([], sizes)}.`] };
}

function outputType(
  dtype: BundleOutput['dtype'],
  sizes: readonly (number | 'number')[],
  { labels, tokens }: { labels: readonly string[] | undefined; tokens: string | undefined },
): string {
  const data = dtype === 'float' ? 'Float32Array' : 'Int32Array';
  const parts = [
    `Output<${data}, readonly [${sizes.join(', ')}]>`,
    ...(labels === undefined ? [] : ['{ readonly labels: readonly Label[] }']),
    ...(tokens === undefined ? [] : ['{ readonly tokens: readonly string[] }']),
  ];
  return parts.join(' & ');
}

function stateProperty({ name, sizes, dtype }: BundleState): Property {
  return {
    name: quoted(name),
    isReadonly: true,
    type: dtype === 'float' ? 'Float32Array' : 'Int32Array',
    docs: [`${shapeText([], sizes)}.`],
  };
}

function addStream(file: SourceFile): void {
  file.addInterface({
    name: 'Stream',
    isExported: true,
    docs: ['Time step after time step; each begins with the state that the one before it left.'],
    methods: [
      {
        name: 'step',
        docs: ['One time step of each input. Throws a `BundleError`, R7801, for anything else.'],
        parameters: [{ name: 'inputs', type: 'Inputs' }],
        returnType: 'StepOutputs',
      },
    ],
    properties: [{ name: 'state', type: 'State', isReadonly: true, docs: ['A copy.'] }],
  });
}

function addModel(file: SourceFile, parts: DeclarationParts): void {
  const { streams, samples, whole } = parts;
  const why = whole === undefined ? [] : [`There is no \`stream()\`: ${whole}`];
  const model = file.addInterface({
    name: 'Model',
    isExported: true,
    docs: why,
    properties: [{ name: 'backend', type: 'Backend', isReadonly: true }],
    methods: [
      {
        name: 'run',
        docs: ['Rejects with a `BundleError`, R7801, that names the input that is wrong.'],
        parameters: [{ name: 'example', type: 'Inputs' }],
        returnType: 'Promise<Outputs>',
      },
      {
        name: 'run',
        docs: [
          'A batch: sequences may be of unequal length, and each answer is that of its example alone, but for the last bits.',
        ],
        parameters: [{ name: 'examples', type: 'readonly Inputs[]' }],
        returnType: 'Promise<Outputs[]>',
      },
      {
        name: 'selfTest',
        docs: ['Runs inputs that the bundle carries, and compares with the f64 interpreter.'],
        returnType: 'Promise<SelfTest>',
      },
      { name: 'close', docs: ['Frees what it holds on a device.'], returnType: 'void' },
    ],
  });
  if (streams) {
    model.addMethod({
      name: 'stream',
      docs: ['Begins with no past, or with a state that another stream had.'],
      parameters: [{ name: 'from', type: 'Partial<State>', hasQuestionToken: true }],
      returnType: 'Stream',
    });
  }
  if (samples !== undefined) {
    model.addMethod({
      name: 'sample',
      docs: ['New text, token after token. Throws a `BundleError`, R7208, for wrong options.'],
      parameters: [{ name: 'options', type: 'SampleOptions', hasQuestionToken: true }],
      returnType: 'AsyncIterableIterator<string>',
    });
  }
}

function shapeText(axes: readonly string[], sizes: readonly number[]): string {
  // Names of the spec are among them, and must not end the comment.
  return `[${[...axes, ...sizes].join(', ')}]`.replaceAll('*/', '*');
}

/** Any name at all as a property. */
function quoted(name: string): string {
  return JSON.stringify(name);
}
