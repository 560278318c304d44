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
import { fitTypes } from './fit-declarations.ts';
import { addModel, addStream } from './model-declaration.ts';
import type { ModuleParts } from './module-source.ts';
import { timeTexts } from './time-text.ts';

type Property = OptionalKind<PropertySignatureStructure>;

export interface DeclarationParts extends Pick<
  ModuleParts,
  'description' | 'streams' | 'samples' | 'text' | 'labels' | 'target' | 'training'
> {
  /** Why it cannot stream, where it cannot. */
  readonly whole?: string;
}

export function declarationSource(parts: DeclarationParts): string {
  const project = new Project({ useInMemoryFileSystem: true });
  const { description, labels, training } = parts;
  const drawn = parts.samples === undefined ? '' : sampleTypes;
  const learned = training === undefined ? '' : fitTypes;
  const file = project.createSourceFile('index.d.ts', commonTypes + drawn + learned);
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
  if (training !== undefined) {
    const learns = training.inputs.map((input) => inputProperty(input, parts));
    properties(file, 'TrainingExample', 'What it learns from.', learns);
  }
  addModel(file, {
    ...parts,
    samples: parts.samples !== undefined,
    trains: training !== undefined,
  });
  addLoadOptions(file, parts);
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

function addLoadOptions(file: SourceFile, { training }: DeclarationParts): void {
  const optional = { hasQuestionToken: true, isReadonly: true };
  file.addInterface({
    name: 'LoadOptions',
    isExported: true,
    properties: [
      {
        ...{ name: 'backend', type: 'Backend | undefined', ...optional },
        docs: ['The first that there is, if left out.'],
      },
      {
        ...{ name: 'weights', type: 'string | URL | Uint8Array | undefined', ...optional },
        docs: ["The weights' file, where it is not beside the module: its address or its bytes."],
      },
      ...(training === undefined
        ? []
        : [
            {
              ...{ name: 'saved', type: 'Uint8Array | undefined', ...optional },
              docs: ['What `save()` of a model gave, instead of the weights.'],
            },
          ]),
    ],
  });
}

function shapeText(axes: readonly string[], sizes: readonly number[]): string {
  // Names of the spec are among them, and must not end the comment.
  return `[${[...axes, ...sizes].join(', ')}]`.replaceAll('*/', '*');
}

/** Any name at all as a property. */
function quoted(name: string): string {
  return JSON.stringify(name);
}
