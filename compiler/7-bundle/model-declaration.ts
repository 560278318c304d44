/** The type of a bundle's model: what it can do. */
import type { InterfaceDeclaration, SourceFile } from 'ts-morph';

/** One that takes time steps as they come. */
export function addStream(file: SourceFile): void {
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

export interface ModelParts {
  readonly streams: boolean;
  readonly samples: boolean;
  readonly trains: boolean;
  /** Why it cannot stream, where it cannot. */
  readonly whole?: string;
}

export function addModel(file: SourceFile, parts: ModelParts): void {
  const { streams, samples, trains, whole } = parts;
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
  if (trains) addTraining(model);
  if (samples) {
    model.addMethod({
      name: 'sample',
      docs: ['New text, token after token. Throws a `BundleError`, R7208, for wrong options.'],
      parameters: [{ name: 'options', type: 'SampleOptions', hasQuestionToken: true }],
      returnType: 'AsyncIterableIterator<string>',
    });
  }
}

function addTraining(model: InterfaceDeclaration): void {
  model.addMethods([
    {
      name: 'fit',
      docs: [
        'Trains further, by the loss and the optimizer of the spec, and resolves to another model.' +
          ' Rejects with a `BundleError`: R7801 names the example that is wrong, R7310 an option,' +
          ' R7301 where the numbers diverge.',
      ],
      parameters: [
        { name: 'examples', type: 'readonly TrainingExample[]' },
        { name: 'options', type: 'FitOptions', hasQuestionToken: true },
      ],
      returnType: 'Promise<Fitted>',
    },
    {
      name: 'save',
      docs: [
        'Weights, optimizer and number of updates, as safetensors: for `load({ saved })`, which goes on' +
          ' training as if it had never stopped.',
      ],
      returnType: 'Promise<Uint8Array>',
    },
  ]);
}
