/**
 * Random well-typed specs as text: bare pipelines, and .gate files with cells of their own, several
 * inputs and outputs, sub-results, and every loss. With the text comes what a driver must know of
 * the inputs that it cannot see in the model.
 */
import fc from 'fast-check';
import { cellText, userCell, type UserCell } from './cells.ts';
import { ownRules, trainStatement, type TrainStatement } from './training.ts';
import {
  joined,
  ownLayers,
  ownModel,
  stages,
  widened,
  writeStages,
  type Flow,
  type Stage,
  type StageLimits,
} from './stages.ts';

/** How the numbers of an input are to be drawn. */
export type InputKind = 'float' | 'unit' | 'ids' | 'class' | 'labels';

export interface Spec {
  readonly text: string;
  readonly inputs: ReadonlyMap<string, InputKind>;
  readonly hasLoss: boolean;
}

export interface SpecOptions extends Partial<StageLimits> {
  readonly loss?: boolean;
  /** Whether models with a loss may say how they are trained; yes if not said. */
  readonly train?: boolean;
  /** How many outputs at most. */
  readonly heads?: number;
  /** Widths are multiples of this; 1 if not said. */
  readonly widths?: number;
}

type LossKind = 'crossEntropy' | 'binaryCrossEntropy' | 'mse' | 'ctc';

interface Head {
  readonly stages: readonly Stage[];
  readonly loss: LossKind;
  readonly variant: number;
  readonly classes: number;
}

type SourceKind = 'x' | 'ids' | 'oneHot' | 'past' | 'future' | 'both' | 'context' | 'aside' | 'one';

interface Draft {
  readonly source: SourceKind;
  readonly width: number;
  readonly trunk: readonly Stage[];
  readonly heads: readonly Head[];
  readonly cells: readonly UserCell[];
  readonly sum: boolean;
  readonly train: TrainStatement | undefined;
}

const head: fc.Arbitrary<Head> = fc.record({
  stages: fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: stages },
  ),
  loss: fc.constantFrom('crossEntropy', 'binaryCrossEntropy', 'mse', 'ctc'),
  variant: fc.nat(11),
  classes: fc.integer({ min: 2, max: 3 }),
});

const sources: readonly SourceKind[] = [
  ...(['x', 'ids', 'oneHot', 'past', 'future', 'both', 'context', 'aside', 'one'] as const),
];

function draft(heads: number): fc.Arbitrary<Draft> {
  return fc.record({
    source: fc.constantFrom(...sources),
    width: fc.integer({ min: 1, max: 3 }),
    trunk: stages,
    heads: fc.array(head, { minLength: 1, maxLength: heads }),
    cells: fc.array(userCell, { maxLength: 2 }),
    sum: fc.boolean(),
    train: fc.option(trainStatement, { nil: undefined, freq: 2 }),
  });
}

function wide(d: Draft, factor: number): Draft {
  const all = (inside: readonly Stage[]): Stage[] => inside.map((s) => widened(s, factor));
  return {
    ...d,
    width: d.width * factor,
    trunk: all(d.trunk),
    heads: d.heads.map((h) => ({ ...h, stages: all(h.stages), classes: h.classes * factor })),
  };
}

/** A .gate file with one model. */
export function fileSpec(options: SpecOptions = {}): fc.Arbitrary<Spec> {
  return draft(options.heads ?? 2).map((d) => writeModel(wide(d, options.widths ?? 1), options));
}

/** A pipeline in quotes: no loss, and its input width is left open. */
export function pipelineSpec(options: SpecOptions = {}): fc.Arbitrary<Spec> {
  return fc
    .record({ ids: fc.constantFrom('', '', 'embed(2)', 'oneHot'), body: stages })
    .map(({ ids, body }) => {
      const limits = limitsOf(options, false);
      // The width of the input is open: data have three features, or two ids of width two.
      const width = ids === 'embed(2)' ? 2 : openWidth;
      const wider = body.map((stage) => widened(stage, options.widths ?? 1));
      const { texts } = writeStages(wider, { time: true, width }, [], limits);
      const text = joined(ids === '' ? texts : [ids, ...texts]);
      const kind = ids === '' ? 'float' : 'ids';
      return { text, inputs: new Map([['x', kind]]), hasLoss: false };
    });
}

/** Data bind every width that a spec leaves open to this. */
export const openWidth = 3;

export function spec(options: SpecOptions = {}): fc.Arbitrary<Spec> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: pipelineSpec(options) },
    { weight: 3, arbitrary: fileSpec(options) },
  );
}

function limitsOf(options: SpecOptions, definitions: boolean): StageLimits {
  const { causal = false, dropout = false, reduce = true } = options;
  return { causal, dropout, reduce, definitions };
}

function writeModel(d: Draft, options: SpecOptions): Spec {
  const limits = limitsOf(options, true);
  const names = d.cells.map((_, i) => `own${i}`);
  const inputs = new Map<string, InputKind>();
  const lines: string[] = [];
  const source = writeSource(d, limits, inputs, lines);
  const trunk = writeStages(d.trunk, source.flow, names, limits);
  lines.push(`h = ${[source.text, ...trunk.texts].join(' -> ')}`);
  const hasLoss = options.loss !== false;
  const heads = d.heads.map((one, i) => writeHead(one, i, trunk.flow, names, limits));
  heads.forEach(({ target, output }, i) => {
    if (hasLoss) {
      lines.push(`input target${i}: ${target.type}`);
      inputs.set(`target${i}`, target.kind);
    }
    lines.push(output);
  });
  if (hasLoss) lines.push(...lossLines(heads, d.sum));
  const train = hasLoss && options.train !== false ? d.train : undefined;
  if (train !== undefined) lines.push(train.text);
  const body = lines.map((line) => `  ${line}`).join('\n');
  const known = { ...ownLayers, part: ownModel, ...ownRules };
  const used = Object.entries(known).filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  const cells = [
    ...used.map(([, text]) => `${text}\n`),
    ...d.cells.map((c, i) => cellText(names[i] ?? '', c)),
  ].join('\n');
  return {
    text: `${cells}model drawn(width = ${d.width}) {\n${body}\n}\n`,
    inputs,
    hasLoss,
  };
}

/** One declaration with a weighted sum, or one a loss. */
function lossLines(heads: readonly WrittenHead[], sum: boolean): string[] {
  if (!sum) return heads.map(({ loss }) => `loss ${loss}`);
  return [`loss ${heads.map(({ loss }, i) => `${0.5 * (i + 1)} * ${loss}`).join(' + ')}`];
}

interface Source {
  readonly text: string;
  readonly flow: Flow;
}

/** Declares the inputs that the source needs. */
function writeSource(
  d: Draft,
  limits: StageLimits,
  inputs: Map<string, InputKind>,
  lines: string[],
): Source {
  const declare = (name: string, kind: InputKind, type: string): void => {
    inputs.set(name, kind);
    lines.push(`input ${name}: ${type}`);
  };
  const kind = limits.causal && !causalSources.includes(d.source) ? 'x' : d.source;
  const sequence = (width: number): Flow => ({ time: true, width });
  if (kind === 'one') {
    declare('x', 'float', 'float[width]');
    return { text: 'x', flow: { time: false, width: d.width } };
  }
  if (kind === 'ids' || kind === 'oneHot') {
    // They are read in other ways from data, and mean the same.
    const element = ['ids', 'words', 'characters'][d.width % 3] ?? 'ids';
    declare('ids', 'ids', `${element}(4)[T]`);
    return kind === 'ids'
      ? { text: 'ids -> embed(width)', flow: sequence(d.width) }
      : { text: 'ids<t-1> -> oneHot', flow: sequence(4) };
  }
  declare('x', 'float', 'float[T, width]');
  switch (kind) {
    case 'x':
      return { text: 'x', flow: sequence(d.width) };
    case 'past':
      return { text: 'x<t-1>', flow: sequence(d.width) };
    case 'future':
      return { text: 'x<t+1>', flow: sequence(d.width) };
    case 'both':
      declare('ids', 'ids', 'words(W)[T]');
      return { text: 'concat(x, ids<t-2> -> embed(2))', flow: sequence(d.width + 2) };
    case 'context':
      declare('z', 'float', 'float[width]');
      return { text: 'x * z + x', flow: sequence(d.width) };
    case 'aside':
      declare('aside', 'float', 'float[Tx, 2]');
      lines.push('read = aside -> simpleGru(2) -> last');
      return { text: 'concat(x, read)', flow: sequence(d.width + 2) };
    default:
      return kind satisfies never;
  }
}

const causalSources: readonly SourceKind[] = ['x', 'ids', 'oneHot', 'past', 'both', 'context'];

interface WrittenHead {
  readonly target: { readonly type: string; readonly kind: InputKind };
  readonly output: string;
  readonly loss: string;
}

function writeHead(
  h: Head,
  i: number,
  from: Flow,
  cells: readonly string[],
  limits: StageLimits,
): WrittenHead {
  const { texts, flow } = writeStages(h.stages, from, cells, limits);
  const last = lossStage(h, flow, limits);
  return {
    target: last,
    output: `output y${i} = ${['h', ...texts, ...last.texts].join(' -> ')}`,
    loss: `${last.loss}(y${i}, target${i}${last.settings})`,
  };
}

interface LossStage {
  readonly texts: readonly string[];
  readonly type: string;
  readonly kind: InputKind;
  readonly loss: LossKind;
  readonly settings: string;
}

/** The last stages of a head, so that its output fits the loss, and the type of its target. */
function lossStage(h: Head, flow: Flow, { causal }: StageLimits): LossStage {
  const time = flow.time ? '[T]' : '';
  const axes = (...features: number[]): string =>
    `float[${[...(flow.time ? ['T'] : []), ...features].join(', ')}]`;
  // After these the logits are not at hand: the loss is computed from the probabilities.
  const disguises = [[], [], ['identity'], flow.time && !causal ? ['reverse'] : []];
  const hidden = disguises[h.variant % disguises.length] ?? [];
  switch (h.loss) {
    case 'ctc':
    case 'crossEntropy': {
      const probabilities = [`softmax(${h.classes})`, ...hidden];
      if (h.loss === 'ctc' && flow.time) {
        const [kind, type] = ['labels', `class(${h.classes})[Ty]`] as const;
        return { texts: probabilities, type, kind, loss: 'ctc', settings: '' };
      }
      const settings = ['', ', smoothing = 0.1', ', ignore = 1'][h.variant % 3] ?? '';
      const type = `class(${h.classes})${time}`;
      return { texts: probabilities, type, kind: 'class', loss: 'crossEntropy', settings };
    }
    case 'binaryCrossEntropy': {
      const single = h.variant % 3 === 0;
      return {
        texts: [`sigmoid(${single ? 1 : h.classes})`, ...hidden],
        type: single ? `class(2)${time}` : axes(h.classes),
        kind: single ? 'class' : 'unit',
        loss: 'binaryCrossEntropy',
        settings: '',
      };
    }
    case 'mse':
      return { texts: [], type: axes(flow.width), kind: 'float', loss: 'mse', settings: '' };
    default:
      return h.loss satisfies never;
  }
}
