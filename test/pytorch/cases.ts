/** What is compared with PyTorch: the cases as data, each with its spec in our language. */

export interface RecurrentCase {
  readonly kind: 'rnn' | 'gru' | 'lstm';
  readonly activation: 'tanh' | 'relu';
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  readonly width: number;
  readonly hidden: number;
  readonly batch: number;
  readonly time: number;
  readonly lengths: readonly number[] | null;
}

export interface StageCase extends RecurrentCase {
  readonly task: 'stage';
  readonly name: string;
  readonly seed: number;
  /** Initial states given, and final states in the loss. */
  readonly states: boolean;
  /** Before every weight's name. */
  readonly prefix: string;
}

const cells: readonly Pick<RecurrentCase, 'kind' | 'activation'>[] = [
  { kind: 'rnn', activation: 'tanh' },
  { kind: 'rnn', activation: 'relu' },
  { kind: 'gru', activation: 'tanh' },
  { kind: 'lstm', activation: 'tanh' },
];

/** Every cell, 1 to 4 layers, one and two directions, with and without lengths, states, biases. */
export function stageCases(): readonly StageCase[] {
  const cases: StageCase[] = [];
  const both = [false, true];
  for (const cell of cells) {
    for (const layers of [1, 2, 3, 4]) {
      for (const bidirectional of both) {
        for (const states of both) {
          for (const packed of both) {
            for (const bias of both) {
              const seed = cases.length + 1;
              cases.push({
                ...cell,
                task: 'stage',
                name: `stage${seed}`,
                seed,
                layers,
                bidirectional,
                states,
                bias,
                lengths: packed ? [3, 6, 1, 5] : null,
                prefix: seed % 3 === 0 ? 'encoder.rnn.' : '',
                width: 3,
                hidden: 5,
                batch: 4,
                time: 6,
              });
            }
          }
        }
      }
    }
  }
  return cases;
}

/** `bidirectional(gru(5, reset=after), depth=2)`. */
export function stageSpec(c: RecurrentCase): string {
  const settings = [
    ...(c.kind === 'gru' ? ['reset=after'] : []),
    ...(c.activation === 'relu' ? ['activation=relu'] : []),
    ...(c.bias ? [] : ['bias=false']),
  ];
  const depth = c.layers > 1 ? [`depth=${c.layers}`] : [];
  if (!c.bidirectional) return `${c.kind}(${[c.hidden, ...settings, ...depth].join(', ')})`;
  const cell = `${c.kind}(${[c.hidden, ...settings].join(', ')})`;
  return `bidirectional(${[cell, ...depth].join(', ')})`;
}

export function describeCase(c: StageCase): string {
  const parts = [
    stageSpec(c),
    ...(c.lengths === null ? [] : ['packed']),
    ...(c.states ? ['states'] : []),
    ...(c.prefix === '' ? [] : [c.prefix]),
  ];
  return parts.join(' · ');
}

export const taggerCase = {
  task: 'tagger',
  name: 'tagger',
  seed: 7,
  kind: 'lstm',
  activation: 'tanh',
  layers: 2,
  bidirectional: true,
  bias: true,
  width: 4,
  hidden: 5,
  batch: 3,
  time: 6,
  lengths: [6, 2, 4],
  words: 9,
  classes: 4,
} as const;

/** The same with PyTorch's prefixes, which are not our paths. */
export const taggerSpec =
  'embed(4) -> layerNorm -> bidirectional(lstm(5), depth=2) -> gru(3, reset=after) -> dense(4)';

export interface CtcCase {
  readonly task: 'ctc';
  readonly name: string;
  readonly seed: number;
  readonly batch: number;
  readonly time: number;
  readonly classes: number;
  readonly blank: number;
  readonly lengths: readonly number[];
  readonly targets: readonly (readonly number[])[];
  readonly targetLengths: readonly number[];
}

/** Repeated labels, rows of unequal lengths, a row that just fits, another blank. */
export const ctcCases: readonly CtcCase[] = [
  {
    task: 'ctc',
    name: 'ctc1',
    seed: 1,
    batch: 3,
    time: 7,
    classes: 5,
    blank: 0,
    lengths: [7, 5, 6],
    targets: [
      [1, 2, 2],
      [3, 1, 4],
      [4, 4, 1],
    ],
    targetLengths: [3, 3, 2],
  },
  {
    task: 'ctc',
    name: 'ctc2',
    seed: 2,
    batch: 2,
    time: 5,
    classes: 4,
    blank: 3,
    lengths: [5, 5],
    targets: [
      [1, 1, 1],
      [0, 2, 0],
    ],
    targetLengths: [3, 1],
  },
];

export function ctcSpec({ classes, blank }: CtcCase): string {
  return [
    'model ctcTask {',
    `  input x: float[T, ${classes}]`,
    `  input target: class(${classes})[S]`,
    '  output y = x -> softmax',
    `  loss ctc(y, target, blank = ${blank})`,
    '}',
  ].join('\n');
}

export interface OptimizerCase {
  readonly name: string;
  /** In our language. */
  readonly spec: string;
  /** In PyTorch. */
  readonly rule: string;
  readonly settings: Readonly<Record<string, number | boolean | readonly number[]>>;
}

export const optimizerCases: readonly OptimizerCase[] = [
  { name: 'sgd', spec: 'sgd(rate = 0.1)', rule: 'SGD', settings: { lr: 0.1 } },
  {
    name: 'sgd-momentum',
    spec: 'sgd(rate = 0.1, momentum = 0.9, weightDecay = 0.01)',
    rule: 'SGD',
    settings: { lr: 0.1, momentum: 0.9, weight_decay: 0.01 },
  },
  {
    name: 'sgd-nesterov',
    spec: 'sgd(rate = 0.1, momentum = 0.9, nesterov = true)',
    rule: 'SGD',
    settings: { lr: 0.1, momentum: 0.9, nesterov: true },
  },
  { name: 'adam', spec: 'adam(rate = 0.02)', rule: 'Adam', settings: { lr: 0.02 } },
  {
    name: 'adam-settings',
    spec: 'adam(rate = 0.02, beta1 = 0.8, beta2 = 0.95, epsilon = 1e-6, weightDecay = 0.05)',
    rule: 'Adam',
    settings: { lr: 0.02, betas: [0.8, 0.95], eps: 1e-6, weight_decay: 0.05 },
  },
  {
    name: 'adamw',
    spec: 'adamw(rate = 0.02, weightDecay = 0.1)',
    rule: 'AdamW',
    settings: { lr: 0.02, weight_decay: 0.1 },
  },
  { name: 'rmsprop', spec: 'rmsprop(rate = 0.01)', rule: 'RMSprop', settings: { lr: 0.01 } },
  {
    name: 'rmsprop-momentum',
    spec: 'rmsprop(rate = 0.01, alpha = 0.9, momentum = 0.5, weightDecay = 0.02)',
    rule: 'RMSprop',
    settings: { lr: 0.01, alpha: 0.9, momentum: 0.5, weight_decay: 0.02 },
  },
];

/** What the optimizers work on; two stages, so that prefixes are in it. */
export const optimizerTask = {
  task: 'optimizer',
  kind: 'lstm',
  activation: 'tanh',
  layers: 1,
  bidirectional: true,
  bias: true,
  width: 3,
  hidden: 4,
  batch: 3,
  time: 5,
  classes: 2,
  seed: 5,
} as const;

export function optimizerSpec({ spec }: OptimizerCase): string {
  return [
    'model optimizerTask {',
    '  input x: float[T, 3]',
    '  input target: float[T, 2]',
    '  output y = x -> bidirectional(lstm(4)) -> dense(2)',
    '  loss mse(y, target)',
    `  train ${spec}`,
    '}',
  ].join('\n');
}
