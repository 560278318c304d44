/**
 * The report of `--junit`: a suite for each backend, a case for each check. Elements and
 * attributes are those that the schema of Jenkins knows (junit-10.xsd of its xUnit plugin), which
 * other servers read as well.
 */
import type { Failure, Tally } from '../../verify/outcome.ts';
import type { VerifyReport } from './run.ts';
import { counted, share } from './table.ts';

/** What a case came to: its element, and under which count it goes. */
interface Case {
  readonly kind: 'passed' | 'failures' | 'errors' | 'skipped';
  readonly text: string;
}

export function junitReport(report: VerifyReport): string {
  const { tallies, skipped, seconds } = report;
  const backends = [...new Set([...tallies, ...skipped].map((t) => t.backend))];
  const suites = backends.map((backend) => ({ backend, cases: casesOf(report, backend) }));
  const texts = suites.map(({ backend, cases }) => {
    const lines = cases.map(({ text }) => `    ${text}`).join('\n');
    return `  <testsuite name="${escaped(backend)}" ${counts(cases)}>\n${lines}\n  </testsuite>`;
  });
  const all = counts(suites.flatMap(({ cases }) => cases));
  const head = `<testsuites name="gatework verify" ${all} time="${seconds.toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${texts.join('\n')}\n</testsuites>\n`;
}

function counts(cases: readonly Case[]): string {
  const of = (kind: Case['kind']): number => cases.filter((c) => c.kind === kind).length;
  const [failures, errors, skipped] = [of('failures'), of('errors'), of('skipped')];
  return `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}

function casesOf({ tallies, skipped, failures }: VerifyReport, backend: string): readonly Case[] {
  const own = tallies.filter((t) => t.backend === backend);
  const reason = skipped.find((s) => s.backend === backend)?.reason;
  if (own.length === 0) return [notRun(backend, 'runs', reason ?? '')];
  const out = failures.find((f) => f.backend === backend && f.kind !== 'wrong');
  const why = out === undefined ? 'no time left' : `given up after ${out.check}`;
  return own.map((tally) => {
    const fell = failures.filter((f) => f.backend === backend && f.check === tally.check);
    if (fell.length > 0) return fallen(tally, fell);
    return tally.runs === 0 ? notRun(backend, tally.check, reason ?? why) : passed(tally);
  });
}

function passed({ backend, check, runs, worst, where }: Tally): Case {
  const most = worst === 0 ? 'exact' : `at most ${share(worst)} of what is allowed, at ${where}`;
  const out = `<system-out>${escaped(`${counted(runs, 'run')}, ${most}`)}</system-out>`;
  return { kind: 'passed', text: testCase(backend, check, out) };
}

/** What does not hold is a failure; what could not run, or hangs, an error. */
function fallen({ backend, check }: Tally, failures: readonly Failure[]): Case {
  const [first] = failures;
  const isError = first !== undefined && first.kind !== 'wrong';
  const element = isError ? 'error' : 'failure';
  const messages = failures.flatMap((f) => [f.case.name, ...f.messages]).join('\n');
  const about = `type="${first?.kind ?? ''}" message="${escaped(first?.messages[0] ?? '')}"`;
  const body = `<${element} ${about}>${escaped(messages)}</${element}>`;
  return { kind: isError ? 'errors' : 'failures', text: testCase(backend, check, body) };
}

function notRun(backend: string, check: string, reason: string): Case {
  const body = `<skipped message="${escaped(reason)}"/>`;
  return { kind: 'skipped', text: testCase(backend, check, body) };
}

function testCase(backend: string, check: string, body: string): string {
  return `<testcase classname="${escaped(backend)}" name="${escaped(check)}">${body}</testcase>`;
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
  const known = text.replace(/[^\P{Cc}\n\t]|[\p{Cs}\uFFFE\uFFFF]/gu, '');
  return known.replace(/[&<>"\n]/g, (c) => entities[c] ?? c);
}
