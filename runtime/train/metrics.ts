/** Numbers that people read, from sums and counts that add up over batches. */
import type { Metric } from '../artifact/training.ts';

export interface Tally {
  readonly sum: number;
  readonly count: number;
}

/** e to the mean negative log likelihood; NaN over nothing. */
export function perplexity({ sum, count }: Tally): number {
  return Math.exp(sum / count);
}

/** The mean negative log likelihood in bits; NaN over nothing. */
export function bitsPerToken({ sum, count }: Tally): number {
  return sum / count / Math.LN2;
}

/** Between 0 and 1; NaN over nothing. */
export function accuracy({ sum, count }: Tally): number {
  return sum / count;
}

export function addTally(left: Tally, right: Tally): Tally {
  return { sum: left.sum + right.sum, count: left.count + right.count };
}

export type MetricValues = Readonly<Record<string, number>>;

/** Each metric's value by its label; a metric over nothing is left out. */
export function metricValues(metrics: readonly Metric[], tallies: readonly Tally[]): MetricValues {
  const values: [string, number][] = [];
  metrics.forEach(({ kind, label }, i) => {
    const tally = tallies[i];
    if (tally === undefined || tally.count === 0) return;
    values.push([label, kind === 'nats' ? perplexity(tally) : accuracy(tally)]);
  });
  return Object.fromEntries(values);
}

export interface TagScores {
  readonly precision: number;
  readonly recall: number;
  /** Their harmonic mean; 0 where nothing is right. */
  readonly f1: number;
}

/**
 * Scores of whole spans, as CoNLL counts them: a span is right if its ends and its class are. Tags
 * are `B-PER`, `I-PER` or plain classes, whose spans are runs of one class; `outside` is no span.
 */
export function tagScores(
  expected: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  outside = 'O',
): TagScores {
  let wanted = 0;
  let found = 0;
  let right = 0;
  expected.forEach((tags, i) => {
    const wantedSpans = new Set(spansOf(tags, outside));
    const foundSpans = spansOf(predicted[i] ?? [], outside);
    wanted += wantedSpans.size;
    found += foundSpans.length;
    right += foundSpans.filter((span) => wantedSpans.has(span)).length;
  });
  const precision = found === 0 ? 0 : right / found;
  const recall = wanted === 0 ? 0 : right / wanted;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

/** Each span as text, `start end class`. */
function spansOf(tags: readonly string[], outside: string): string[] {
  const spans: string[] = [];
  let start = 0;
  const classOf = (tag: string | undefined): string => (tag ?? outside).replace(/^[BI]-/, '');
  for (let i = 0; i < tags.length; i++) {
    const next = tags[i + 1];
    const goesOn = classOf(next) === classOf(tags[i]) && next?.startsWith('B-') !== true;
    if (goesOn && i + 1 < tags.length) continue;
    if (tags[i] !== outside) spans.push(`${start} ${i} ${classOf(tags[i])}`);
    start = i + 1;
  }
  return spans;
}
