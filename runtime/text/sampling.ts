/**
 * Draws the next token from a model's probabilities. The draw is a pure function of its seed and
 * place (Threefry), so that a sample can be repeated and does not depend on what was drawn before.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { threefry2x32 } from '../artifact/threefry.ts';
import { unknownId } from './vocabulary.ts';

export interface SamplingOptions {
  /** Divides the logits: 1 draws from the model's own distribution, 0 takes the most likely. */
  readonly temperature: number;
  /** Draw among this many most likely tokens only; all if left out. */
  readonly topK?: number;
  /** Tokens never drawn; `<UNK>` if left out. */
  readonly never?: readonly number[];
}

/** Where a draw stands: the same place gives the same token. */
export interface SamplingPlace {
  readonly seed: number;
  /** Which sample. */
  readonly row: number;
  /** Which time step of it. */
  readonly step: number;
}

/**
 * An id, given probabilities over ids (they need not add up to 1). Faults: R7208 for a temperature
 * that is negative, a topK below 1, or probabilities of which none can be drawn.
 */
export function drawToken(
  probabilities: ArrayLike<number>,
  options: SamplingOptions,
  place: SamplingPlace,
): number {
  checkOptions(options);
  const candidates = likeliest(probabilities, options);
  const [best] = candidates;
  if (best === undefined) {
    throw new RuntimeFault(
      'R7208',
      'no token can be drawn: the model gives every token that is allowed the probability 0 or NaN',
    );
  }
  if (options.temperature === 0) return best.id;
  const weights = candidates.map((c) => Math.exp((c.log - best.log) / options.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = uniform(place) * total;
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return candidates[i]?.id ?? best.id;
  }
  return best.id;
}

interface Candidate {
  readonly id: number;
  readonly log: number;
}

/** What may be drawn, most likely first, equals by id. */
function likeliest(probabilities: ArrayLike<number>, options: SamplingOptions): Candidate[] {
  const never = new Set(options.never ?? [unknownId]);
  const candidates: Candidate[] = [];
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id] ?? 0;
    if (probability > 0 && probability < Infinity && !never.has(id)) {
      candidates.push({ id, log: Math.log(probability) });
    }
  }
  candidates.sort((a, b) => b.log - a.log || a.id - b.id);
  return options.topK === undefined ? candidates : candidates.slice(0, options.topK);
}

/** In [0, 1), 53 bits; the site keeps it apart from other uses of the same seed. */
function uniform({ seed, row, step }: SamplingPlace): number {
  const [high, low] = threefry2x32(seed ^ samplingSite, row, samplingSite, step);
  return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
}

const samplingSite = 0x53414d50;

function checkOptions({ temperature, topK }: SamplingOptions): void {
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RuntimeFault('R7208', `the temperature must be 0 or more, not ${temperature}`);
  }
  if (topK !== undefined && !(Number.isInteger(topK) && topK >= 1)) {
    throw new RuntimeFault('R7208', `top-k must be a whole number from 1, not ${topK}`);
  }
}
