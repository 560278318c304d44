/**
 * How a case trains: optimizer with its settings, clipping, how the backward pass gets its
 * residuals, whether states go on from step to step, and how many steps. The simplest is one step
 * of plain gradient descent.
 */
import fc from 'fast-check';

export interface TrainingDraw {
  /** Whether as `gatework train` does it: by the spec's own `train` statement, or else by adam. */
  readonly own: boolean;
  /** Else this optimizer of the standard library, as a spec writes it: `adam(rate = 0.01)`. */
  readonly optimizer: string;
  /** Bounds on the gradient; none where they are absent. */
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly residuals: 'store' | 'recompute';
  /** Whether each step starts from the states in which the one before it ended. */
  readonly carries: boolean;
  readonly steps: number;
}

/** `most` steps at most. */
export function trainingArbitrary(most: number): fc.Arbitrary<TrainingDraw> {
  const bounds = fc.oneof(
    { withCrossShrink: true },
    fc.constant({}),
    fc.record({ clipNorm: fc.constantFrom(100, 1, 0.05) }),
    fc.record({ clipValue: fc.constantFrom(10, 0.02) }),
    fc.constant({ clipNorm: 0.5, clipValue: 0.1 }),
  );
  return fc
    .record({
      own: fc.constantFrom(false, true),
      optimizer: optimizerArbitrary,
      bounds,
      residuals: fc.constantFrom<TrainingDraw['residuals'][]>('store', 'store', 'recompute'),
      carries: fc.boolean(),
      steps: fc.integer({ min: 1, max: most }),
    })
    .map(({ bounds: clipping, ...rest }) => ({ ...rest, ...clipping }));
}

/** Whether a value that was read from somewhere is such a draw; its optimizer may be no one. */
export function isTrainingDraw(value: unknown): value is TrainingDraw {
  if (typeof value !== 'object' || value === null) return false;
  const { own, optimizer, clipNorm, clipValue, residuals, carries, steps } =
    value as Partial<TrainingDraw>;
  const isBound = (bound: unknown): boolean => bound === undefined || typeof bound === 'number';
  return (
    typeof own === 'boolean' &&
    typeof optimizer === 'string' &&
    isBound(clipNorm) &&
    isBound(clipValue) &&
    ['store', 'recompute'].some((known) => known === residuals) &&
    typeof carries === 'boolean' &&
    Number.isInteger(steps) &&
    Number(steps) > 0
  );
}

/** The simplest first: what a case that falls is tried with in its place. */
export function simplerTrainings(draw: TrainingDraw): readonly TrainingDraw[] {
  const { clipNorm, clipValue, ...unclipped } = draw;
  const parts: readonly TrainingDraw[] = [
    { ...unclipped, ...simplest },
    ...Array.from({ length: draw.steps - 1 }, (_, i) => ({ ...draw, steps: i + 1 })),
    { ...draw, own: false, optimizer: simplest.optimizer },
    { ...draw, own: false },
    unclipped,
    { ...draw, residuals: 'store' },
    { ...draw, carries: false },
  ];
  return parts.filter((part) => JSON.stringify(part) !== JSON.stringify(draw));
}

const simplest: TrainingDraw = {
  ...{ own: false, optimizer: 'sgd(rate = 0.1)', residuals: 'store', carries: false, steps: 1 },
};

const rates: fc.Arbitrary<string> = fc.constantFrom(
  ...['0.1', '0.01', '0.001', 'cosine(0.1, steps = 3, warmup = 1)', 'step(0.1, every = 2)'],
  ...['exponential(0.1, factor = 0.5)', 'warmup(0.1, warmup = 3)'],
);

const setting = (name: string, ...values: readonly number[]): fc.Arbitrary<string> =>
  fc.constantFrom('', ...values.map((value) => `${name} = ${value}`));

const decay = setting('weightDecay', 0.01, 0.5);
const epsilon = setting('epsilon', 1e-3, 0.1);
const betas = [setting('beta1', 0, 0.5), setting('beta2', 0.5, 0.99), epsilon, decay];

/** Every optimizer of the standard library, settings left out for their defaults among them. */
export const optimizerArbitrary: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  call('sgd', decay),
  call('sgd', fc.constantFrom('momentum = 0.9', 'momentum = 0.5, nesterov = true'), decay),
  call('adam', ...betas),
  call('adamw', ...betas),
  call('rmsprop', setting('alpha', 0.5), epsilon, decay, setting('momentum', 0.5)),
);

function call(name: string, ...settings: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const rate = rates.map((value) => `rate = ${value}`);
  return fc
    .tuple(rate, ...settings)
    .map((given) => `${name}(${given.filter((text) => text !== '').join(', ')})`);
}

/** `adam(rate = 0.01), clipNorm = 1: 3 steps`. */
export function describeTraining(draw: TrainingDraw): string {
  const { own, optimizer, clipNorm, clipValue, residuals, carries, steps } = draw;
  const count = `${steps} step${steps === 1 ? '' : 's'}`;
  const carried = carries ? ', states carried on' : '';
  if (own) return `what the spec says: ${count}${carried}`;
  const settings = [
    ...(clipNorm === undefined ? [] : [`clipNorm = ${clipNorm}`]),
    ...(clipValue === undefined ? [] : [`clipValue = ${clipValue}`]),
    ...(residuals === 'store' ? [] : [`residuals = ${residuals}`]),
  ];
  return `${[optimizer, ...settings].join(', ')}: ${count}${carried}`;
}
