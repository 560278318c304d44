/** The report of `--junit`: a suite for each backend, a case for each check. */
import type { Failure, Tally } from '../../verify/outcome.ts';
import type { VerifyReport } from './run.ts';
import { share } from './table.ts';

export function junitReport(report: VerifyReport): string {
  const { tallies, skipped, failures, seconds } = report;
  const backends = [...new Set([...tallies, ...skipped].map((t) => t.backend))];
  const suites = backends.map((backend) => {
    const own = tallies.filter((t) => t.backend === backend);
    const reason = skipped.find((s) => s.backend === backend)?.reason;
    const cases = own.map((tally) => testCase(tally, failuresOf(failures, tally), reason));
    const all = own.length === 0 && reason !== undefined ? [notRun(backend, reason)] : cases;
    const fallen = own.filter((t) => failuresOf(failures, t).length > 0).length;
    const attributes = `name="${escaped(backend)}" tests="${all.length}" failures="${fallen}"`;
    return `  <testsuite ${attributes}>\n${all.join('\n')}\n  </testsuite>`;
  });
  const head = `<testsuites name="gatework verify" time="${seconds.toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join('\n')}\n</testsuites>\n`;
}

function failuresOf(failures: readonly Failure[], tally: Tally): readonly Failure[] {
  return failures.filter((f) => f.backend === tally.backend && f.check === tally.check);
}

function testCase(
  { backend, check, runs, worst, where }: Tally,
  failures: readonly Failure[],
  reason: string | undefined,
): string {
  const about = `classname="${escaped(backend)}" name="${escaped(check)}"`;
  const [failure] = failures;
  if (failure !== undefined) {
    const messages = failures.flatMap((f) => [f.case.name, ...f.messages]).join('\n');
    const type = `type="${failure.kind}" message="${escaped(failure.messages[0] ?? '')}"`;
    const body = `<failure ${type}>${escaped(messages)}</failure>`;
    return `    <testcase ${about}>${body}</testcase>`;
  }
  if (runs === 0) {
    const why = escaped(reason ?? 'no time left');
    return `    <testcase ${about}><skipped message="${why}"/></testcase>`;
  }
  const out = escaped(`${runs} runs, at most ${share(worst)} of what is allowed ${where}`);
  return `    <testcase ${about}><system-out>${out}</system-out></testcase>`;
}

function notRun(backend: string, reason: string): string {
  const about = `classname="${escaped(backend)}" name="runs"`;
  return `    <testcase ${about}><skipped message="${escaped(reason)}"/></testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** For text and attributes of XML and HTML. What XML knows no way to write is left out. */
export function escaped(text: string): string {
  const known = text.replace(/[^\P{Cc}\n\t]/gu, '');
  return known.replace(/[&<>"\n]/g, (c) => entities[c] ?? c);
}
