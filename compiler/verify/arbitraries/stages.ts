/**
 * Stages of random pipelines. Drafts know nothing of shapes; `writeStages` writes those that fit
 * where they stand and leaves out the others, so that every text is well typed and a draft shrinks
 * by losing stages, down to one layer.
 */
import fc from 'fast-check';
import { cellCall, type CellCall } from './cells.ts';

export type Stage =
  | {
      readonly kind: 'cell';
      readonly call: CellCall;
      readonly width: number;
      readonly depth: number;
      readonly settings: readonly string[];
      readonly both: boolean;
    }
  | { readonly kind: 'dense'; readonly width: number; readonly activation: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'classes'; readonly name: 'softmax' | 'sigmoid'; readonly width: number }
  | { readonly kind: 'norm' }
  | { readonly kind: 'layer'; readonly name: string }
  /** A model of the spec's own, as a layer. */
  | { readonly kind: 'model'; readonly width: number }
  | { readonly kind: 'reverse' }
  | { readonly kind: 'shift'; readonly steps: number }
  | { readonly kind: 'dropout'; readonly rate: number; readonly variational: boolean }
  | { readonly kind: 'reduce'; readonly how: 'last' | 'mean' | 'max' | 'sum' }
  | { readonly kind: 'residual'; readonly stages: readonly Stage[]; readonly depth: number }
  | { readonly kind: 'stack'; readonly stages: readonly Stage[]; readonly depth: number }
  | { readonly kind: 'both'; readonly stages: readonly Stage[]; readonly depth: number }
  | { readonly kind: 'concat'; readonly branches: readonly (readonly Stage[])[] };

/** What flows between two stages. */
export interface Flow {
  readonly time: boolean;
  readonly width: number;
}

export interface StageLimits {
  /** Only what needs no later time step: nothing reversed, bidirectional or reduced over time. */
  readonly causal: boolean;
  /** Whether dropout may stand; it acts in training mode only. */
  readonly dropout: boolean;
  /** Whether time may be reduced. */
  readonly reduce: boolean;
  /** Whether the spec has definitions of its own. */
  readonly definitions: boolean;
}

/** Layers that a spec may define: steep where their input is 0, as it is in the padding. */
export const ownLayers: Readonly<Record<string, string>> = {
  unit: 'layer unit() { emit x / sqrt(sum(x * x) + 0.1) }',
  gain: 'layer gain() { weight s: [width(x)] = ones emit exp(s) * x + log(x * x + 0.5) }',
  mixed: 'layer mixed() { q = W[x] + b emit (q + x) * mean(q) / (1 + max(x, 0)) }',
  power: 'layer power() { emit (x * x + 0.25) ^ 0.75 - pow(2, tanh(x)) }',
  deep: 'layer deep() { emit x + (x -> rnn(2) -> dense(width(x))) }',
};

/** A model that stands as a layer; it has a cell with a state inside. */
export const ownModel =
  'model part(n = 2) { input v: float[T, D] output o = v -> gru(n) -> dense(n) }';

const width = fc.integer({ min: 1, max: 3 });
const depth = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.constant(2) },
  { weight: 1, arbitrary: fc.constantFrom(3, 4) },
);

const functions = [
  ...['tanh', 'sigmoid', 'relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'softplus', 'softsign'],
  ...['hardSigmoid', 'hardTanh', 'sin', 'cos', 'erf', 'abs', 'identity', 'logSoftmax'],
];

const cell: fc.Arbitrary<Stage> = fc.record({
  kind: fc.constant('cell'),
  call: cellCall,
  width,
  depth,
  settings: fc.subarray(['reverse = true', 'bias = false', 'dropout = 0.3', 'init = he']),
  both: fc.boolean(),
});

const simple: fc.Arbitrary<Stage> = fc.oneof(
  { withCrossShrink: true },
  fc.record({
    kind: fc.constant('dense'),
    width,
    activation: fc.constantFrom('identity', 'tanh', 'relu', 'softplus'),
  }),
  fc.record({ kind: fc.constant('function'), name: fc.constantFrom(...functions) }),
  fc.record({
    kind: fc.constant('classes'),
    name: fc.constantFrom('softmax', 'sigmoid'),
    width: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ kind: fc.constant('norm') }),
  fc.record({ kind: fc.constant('layer'), name: fc.constantFrom(...Object.keys(ownLayers)) }),
  fc.record({ kind: fc.constant('model'), width }),
  fc.record({ kind: fc.constant('reverse') }),
  fc.record({ kind: fc.constant('shift'), steps: fc.constantFrom(1, -1, 2, -2) }),
  fc.record({
    kind: fc.constant('dropout'),
    rate: fc.constantFrom(0, 0.3, 0.5),
    variational: fc.boolean(),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reduce'),
      how: fc.constantFrom('last', 'mean', 'max', 'sum'),
    }),
  },
);

const inner: fc.Arbitrary<Stage[]> = fc.array(
  fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: cell },
    { weight: 2, arbitrary: simple },
  ),
  { minLength: 1, maxLength: 2 },
);

const nested: fc.Arbitrary<Stage> = fc.oneof(
  fc.record({ kind: fc.constant('residual'), stages: inner, depth: fc.constantFrom(1, 1, 2) }),
  fc.record({ kind: fc.constant('stack'), stages: inner, depth: fc.constantFrom(1, 1, 2) }),
  fc.record({ kind: fc.constant('both'), stages: inner, depth: fc.constantFrom(1, 1, 2) }),
  fc.record({
    kind: fc.constant('concat'),
    branches: fc.array(inner, { minLength: 1, maxLength: 2 }),
  }),
);

export const stages: fc.Arbitrary<Stage[]> = fc.array(
  fc.oneof(
    { withCrossShrink: true },
    { weight: 5, arbitrary: cell },
    { weight: 4, arbitrary: simple },
    { weight: 2, arbitrary: nested },
  ),
  { minLength: 1, maxLength: 3 },
);

/** The same with every width so many times as large, where it is said at all. */
export function widened(stage: Stage, factor: number): Stage {
  const all = (inside: readonly Stage[]): Stage[] => inside.map((one) => widened(one, factor));
  switch (stage.kind) {
    case 'cell':
    case 'dense':
    case 'classes':
    case 'model':
      return { ...stage, width: stage.width * factor };
    case 'residual':
    case 'stack':
    case 'both':
      return { ...stage, stages: all(stage.stages) };
    case 'concat':
      return { ...stage, branches: stage.branches.map(all) };
    case 'function':
    case 'norm':
    case 'layer':
    case 'reverse':
    case 'shift':
    case 'dropout':
    case 'reduce':
      return stage;
  }
  stage satisfies never;
}

export interface Written {
  readonly texts: readonly string[];
  readonly flow: Flow;
}

export function writeStages(
  drafts: readonly Stage[],
  from: Flow,
  cells: readonly string[],
  limits: StageLimits,
): Written {
  let flow = from;
  const texts: string[] = [];
  for (const draft of drafts) {
    const written = writeStage(draft, flow, cells, limits);
    if (written === undefined) continue;
    texts.push(written.text);
    flow = written.flow;
  }
  return { texts, flow };
}

interface WrittenStage {
  readonly text: string;
  readonly flow: Flow;
}

function writeStage(
  stage: Stage,
  flow: Flow,
  cells: readonly string[],
  limits: StageLimits,
): WrittenStage | undefined {
  const wide = (to: number, text: string): WrittenStage => ({ text, flow: { ...flow, width: to } });
  switch (stage.kind) {
    case 'cell':
      return flow.time ? writeCell(stage, flow, cells, limits) : undefined;
    case 'dense':
      return wide(stage.width, `dense(${stage.width}, activation = ${stage.activation})`);
    case 'function':
      return wide(flow.width, stage.name);
    case 'classes':
      return stage.width === 0
        ? wide(flow.width, stage.name)
        : wide(stage.width, `${stage.name}(${stage.width})`);
    case 'norm':
      // A larger epsilon than usual, so that differences can judge the gradient.
      return wide(flow.width, 'layerNorm(epsilon = 0.1)');
    case 'layer':
      if (!limits.definitions || (stage.name === 'deep' && !flow.time)) return undefined;
      return wide(flow.width, stage.name);
    case 'model':
      if (!limits.definitions || !flow.time) return undefined;
      return wide(stage.width, `part(${stage.width})`);
    case 'reverse':
      return flow.time && !limits.causal ? wide(flow.width, 'reverse') : undefined;
    case 'shift':
      return flow.time && !(limits.causal && stage.steps < 0)
        ? wide(flow.width, `shift(${stage.steps})`)
        : undefined;
    case 'dropout':
      return limits.dropout
        ? wide(flow.width, `dropout(${stage.rate}, variational = ${stage.variational})`)
        : undefined;
    case 'reduce':
      if (!flow.time || !limits.reduce || limits.causal) return undefined;
      return reduced(stage.how, flow);
    case 'residual':
    case 'stack':
    case 'both':
    case 'concat':
      return writeNested(stage, flow, cells, { ...limits, reduce: false });
    default:
      return stage satisfies never;
  }
}

function reduced(how: string, flow: Flow): WrittenStage {
  return { text: how === 'last' ? 'last' : `pool(${how})`, flow: { ...flow, time: false } };
}

function writeCell(
  stage: Extract<Stage, { kind: 'cell' }>,
  flow: Flow,
  cells: readonly string[],
  limits: StageLimits,
): WrittenStage {
  const { cell: name, options } = stage.call;
  const own = typeof name === 'string' ? name : (cells[name % Math.max(1, cells.length)] ?? 'rnn');
  const settings = stage.settings.filter(
    (s) =>
      !(limits.causal && s.startsWith('reverse')) && !(!limits.dropout && s.startsWith('dropout')),
  );
  const both = stage.both && !limits.causal;
  const copies = stage.depth === 1 ? [] : [`depth = ${stage.depth}`];
  // The depth stands inside or around `bidirectional`; both mean different models.
  const inside = both && stage.width === 1 ? copies : both ? [] : copies;
  const call = `${own}(${[stage.width, ...options, ...settings, ...inside].join(', ')})`;
  if (!both) return { text: call, flow: { ...flow, width: stage.width } };
  const around = [call, ...(inside === copies ? [] : copies)].join(', ');
  return { text: `bidirectional(${around})`, flow: { ...flow, width: 2 * stage.width } };
}

function writeNested(
  stage: Extract<Stage, { kind: 'residual' | 'stack' | 'both' | 'concat' }>,
  flow: Flow,
  cells: readonly string[],
  limits: StageLimits,
): WrittenStage | undefined {
  if (stage.kind === 'concat') {
    const branches = stage.branches.map((b) => writeStages(b, flow, cells, limits));
    const texts = branches.map((b) => joined(b.texts));
    const total = branches.reduce((sum, b) => sum + b.flow.width, 0);
    return { text: `concat(${texts.join(', ')})`, flow: { ...flow, width: total } };
  }
  if (stage.kind === 'both' && limits.causal) return undefined;
  const sides = stage.kind === 'both' ? 2 : 1;
  const once = (from: Flow): Written => writeStages(stage.stages, from, cells, limits);
  const after = (from: Flow): Flow => ({ ...from, width: sides * once(from).flow.width });
  const text = joined(once(flow).texts);
  if (stage.kind === 'residual') {
    const mend = once(flow).flow.width === flow.width ? '' : ` -> dense(${flow.width})`;
    return { text: `residual(${text}${mend}${depthText(stage.depth)})`, flow };
  }
  // A second layer of the same text must fit the width that the first one gives.
  const repeats = stage.depth === 2 && joined(once(after(flow)).texts) === text;
  const name = stage.kind === 'stack' ? 'stack' : 'bidirectional';
  return {
    text: `${name}(${text}${depthText(repeats ? 2 : 1)})`,
    flow: repeats ? after(after(flow)) : after(flow),
  };
}

function depthText(depth: number): string {
  return depth === 1 ? '' : `, depth = ${depth}`;
}

/** Stages in a row; nothing is the identity. */
export function joined(texts: readonly string[]): string {
  return texts.length === 0 ? 'identity' : texts.join(' -> ');
}
