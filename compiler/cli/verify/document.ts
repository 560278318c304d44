/** The document of `--json`. */
import { binStart } from '../../verify/histogram.ts';
import type { VerifyReport } from './run.ts';

/** `unwritten` are reports that were asked for and could not be written, with the reason. */
export function reportDocument(report: VerifyReport, unwritten: readonly string[]): unknown {
  const { spec, seed, cases, seconds, aborted, tallies, failures, skipped } = report;
  return {
    ok: failures.length === 0 && unwritten.length === 0,
    ...{ spec, seed, cases, seconds, aborted },
    results: tallies.map(({ at, cases: _, ...tally }) => ({
      ...tally,
      ...(at === undefined ? {} : { case: at }),
    })),
    histogramBins: tallies[0]?.histogram.map((_, i) => binStart(i)) ?? [],
    failures: failures.map(({ case: { name, data }, ...failure }) => ({
      ...failure,
      name,
      case: data,
    })),
    skipped,
    unwritten,
    counterexamples: report.counterexamples.map((found) => ({
      backend: found.failure.backend,
      check: found.failure.check,
      spec: found.text,
      case: found.data,
      messages: found.messages,
      blame: found.blame,
      ...found.stored,
      ...(found.unwritten === undefined ? {} : { unwritten: found.unwritten }),
    })),
  };
}
