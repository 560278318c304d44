/** The document of `--json`. */
import { binStart } from '../../verify/histogram.ts';
import type { VerifyReport } from './run.ts';

export function reportDocument(report: VerifyReport): unknown {
  const { spec, seed, cases, seconds, aborted, tallies, failures, skipped } = report;
  return {
    ok: failures.length === 0,
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
    counterexamples: report.counterexamples.map((found) => ({
      backend: found.failure.backend,
      check: found.failure.check,
      spec: found.text,
      case: found.data,
      messages: found.messages,
      blame: found.blame,
      file: found.file,
      command: found.command,
    })),
  };
}
