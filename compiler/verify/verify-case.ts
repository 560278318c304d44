/**
 * A case: all that is drawn for one comparison, as a few numbers from which the arrays follow. What
 * backends are known to go wrong at is drawn on purpose: empty rows, one step, denormals, huge and
 * saturating numbers, zeros of both signs, the same id again and again. Shrinks to one row, one
 * step and ordinary numbers.
 */
import fc from 'fast-check';
import { evaluateShape, symbolsOf, type Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import { isTrainingDraw, trainingArbitrary, type TrainingDraw } from './training/draw.ts';

/** A spec and what is drawn for it; everything that a run of a check depends on. */
export interface VerifyCase {
  /** The spec. */
  readonly text: string;
  /** `case 7 of seed 1`. */
  readonly name: string;
  readonly data: CaseData;
}

/**
 * How float inputs are drawn, and ids. `nonFinite` is a mode of its own: what must hold there is
 * said in checks/non-finite.ts.
 */
export type Numbers =
  'ordinary' | 'repeated' | 'zeros' | 'saturating' | 'huge' | 'tiny' | 'nonFinite';

export interface CaseData {
  readonly seed: number;
  readonly time: number;
  /** One a row of the batch; a row longer than the time at hand is full. */
  readonly lengths: readonly number[];
  /** For the symbols that a spec leaves open, in turn. */
  readonly widths: readonly number[];
  /** Of weights, before it is divided by the square root of what each sums over. */
  readonly weightScale: number;
  readonly numbers: Numbers;
  /** Whether initial states are drawn; else they are zeros. */
  readonly states: boolean;
  /** How it is trained, where it is. */
  readonly training: TrainingDraw;
}

/** The largest that is drawn. */
export interface CaseLimits {
  readonly rows: number;
  readonly time: number;
  readonly width: number;
  /** Of training. */
  readonly steps: number;
}

/** Wide models get few rows and steps: the oracle has to run them, too. */
export function limitsOf(model: Model): CaseLimits {
  const total = weightCount(model);
  if (total > 100_000) return { rows: 2, time: 2, width: 5, steps: 2 };
  return total > 10_000
    ? { rows: 3, time: 4, width: 6, steps: 3 }
    : { rows: 5, time: 6, width: 6, steps: 4 };
}

/** Numbers in all weights, with three for every width that is open. */
export function weightCount(model: Model): number {
  const bindings = new Map([...openSymbols(model), 'B', ...timesOf(model)].map((s) => [s, 3]));
  const counts = model.weights.map(({ shape }) =>
    evaluateShape(shape, bindings).reduce((count, size) => count * size, 1),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const ordinaries = new Array<Numbers>(6).fill('ordinary');
const others: readonly Numbers[] = ['repeated', 'zeros', 'saturating', 'huge', 'tiny', 'nonFinite'];

/** Whether a value that was read from somewhere is a case, all its numbers in their ranges. */
export function isCaseData(value: object): value is CaseData {
  const { seed, time, lengths, widths, weightScale, numbers, states, training } =
    value as Partial<CaseData>;
  const isCount = (n: unknown): n is number => Number.isInteger(n) && Number(n) >= 0;
  return (
    isCount(seed) &&
    isCount(time) &&
    [lengths, widths].every(
      (list) => Array.isArray(list) && list.length > 0 && list.every(isCount),
    ) &&
    typeof weightScale === 'number' &&
    ['ordinary', ...others].some((known) => known === numbers) &&
    typeof states === 'boolean' &&
    isTrainingDraw(training)
  );
}

/** Every second case is of ordinary numbers: laws are about those. */
export function caseArbitrary(
  { rows, time, width, steps }: CaseLimits,
  training = trainingArbitrary(steps),
): fc.Arbitrary<CaseData> {
  return fc.record({
    seed: fc.nat(),
    time: fc.integer({ min: 1, max: time }),
    lengths: fc.array(fc.integer({ min: 0, max: time }), { minLength: 1, maxLength: rows }),
    widths: fc.array(fc.integer({ min: 1, max: width }), { minLength: 3, maxLength: 3 }),
    weightScale: fc.constantFrom(1, 2, 0.2, 12, 1e-38),
    numbers: fc.constantFrom<Numbers[]>(...ordinaries, ...others),
    states: fc.boolean(),
    training,
  });
}

/**
 * So many cases of a seed, always the same ones. The first is ordinary, of several rows with
 * padding among them, and the second is of NaN and infinities, so that a short time tells of both.
 * The first trains as the spec says; in all there are a few ways to train, each of which is a
 * program that every backend has to make.
 */
export function drawCases(limits: CaseLimits, seed: number, count: number): readonly CaseData[] {
  const drawn = fc.sample(caseArbitrary(limits), { seed, numRuns: Math.max(2, count) });
  const { time, rows, steps } = limits;
  const lengths = Array.from({ length: Math.max(2, rows - 1) }, (_, row) =>
    Math.max(0, time - row),
  );
  const ways = fc.sample(trainingArbitrary(steps), { seed, numRuns: waysToTrain });
  return drawn.slice(0, count).map((data, i) => {
    const way = ways[i % ways.length] ?? data.training;
    const whole = { ...data, time, lengths, weightScale: 1 };
    if (i === 0) {
      const training = { ...way, own: true, steps };
      return { ...whole, numbers: 'ordinary', states: true, training };
    }
    if (i === 1) return { ...whole, numbers: 'nonFinite' };
    return { ...data, training: { ...way, steps: data.training.steps } };
  });
}

const waysToTrain = 6;

/**
 * Rows, time steps, and widths for every symbol that the spec leaves open; `settled` are widths
 * that are no longer open.
 */
export function bindingsOfCase(model: Model, data: CaseData, settled: Bindings): Bindings {
  const bindings = new Map([['B', data.lengths.length]]);
  const sizes = symbolsOf(model.inputs.flatMap(({ size }) => size ?? []));
  openSymbols(model).forEach((symbol, i) => {
    const width = data.widths[i % data.widths.length] ?? 1;
    // A label is none of one class, which is the blank.
    bindings.set(symbol, sizes.has(symbol) ? width + 1 : width);
  });
  for (const [name, size] of settled) bindings.set(name, size);
  for (const time of timesOf(model)) bindings.set(time, stepsOf(model, data, time));
  return bindings;
}

/** Time steps of a sequence: one that no output is aligned with, such as labels, is shorter. */
export function stepsOf(model: Model, { time }: CaseData, symbol: string): number {
  const [first] = timesOf(model);
  return symbol === first ? time : Math.max(1, time - 1);
}

export function timesOf(model: Model): readonly string[] {
  const all = [...model.inputs, ...model.outputs].flatMap(({ time }) => time ?? []);
  return [...new Set([...all, ...model.states.map((s) => s.time)])];
}

function openSymbols(model: Model): readonly string[] {
  const shapes = model.graph.parameters.flatMap((p) => p.value.type.shape);
  const sizes = model.inputs.flatMap(({ size }) => size ?? []);
  const taken = new Set(['B', ...timesOf(model)]);
  return [...symbolsOf([...shapes, ...sizes])].filter((name) => !taken.has(name)).sort();
}
