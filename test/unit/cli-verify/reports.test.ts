/** The files for a person and for a CI server, of whatever was found and whatever it is called. */
import { share } from '../../../compiler/cli/verify/table.ts';
import { describe, expect, it } from 'vitest';
import { plainTraining } from '../../support/verify-subjects.ts';
import { htmlReport } from '../../../compiler/cli/verify/html.ts';
import { junitReport } from '../../../compiler/cli/verify/junit.ts';
import type { VerifyReport } from '../../../compiler/cli/verify/run.ts';
import { newHistogram } from '../../../compiler/verify/histogram.ts';
import { newTally, type Failure, type Tally } from '../../../compiler/verify/outcome.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';

const hostile = '<script>alert("1 & \'2\'")</script>\u0000\uFFFE\n]]>';

const data: CaseData = {
  ...{ seed: 5, time: 1, lengths: [1], widths: [1, 1, 1], weightScale: 1 },
  ...{ numbers: 'ordinary', states: false, training: plainTraining },
};

function tally(backend: string, check: string, about: Partial<Tally>): Tally {
  return { ...newTally(backend, check, 'values'), ...about };
}

function failure(backend: string, check: string, kind: Failure['kind']): Failure {
  const messages = [`y is off by 0.5 ${hostile}`];
  return { kind, backend, check, messages, case: { text: hostile, name: 'case 1', data } };
}

const histogram = newHistogram().with(0, 7).with(10, 3).with(-1, 1);

const report: VerifyReport = {
  tallies: [
    tally('good', 'values', { runs: 3, cases: 3, worst: 0.25, where: 'y[0, 1]', histogram }),
    tally('good', 'padding', { runs: 3, histogram: newHistogram().with(0, 9) }),
    tally(hostile, hostile, { runs: 1, failures: 1, worst: 40, where: hostile, histogram }),
    tally('hanging', 'values', {}),
    tally('hanging', 'padding', {}),
  ],
  failures: [failure(hostile, hostile, 'wrong'), failure('hanging', 'values', 'hung')],
  skipped: [{ backend: 'webgpu', reason: `no adapter ${hostile}` }],
  counterexamples: [
    {
      ...{ failure: failure(hostile, hostile, 'wrong'), text: hostile, data, inputs: new Map() },
      ...{ messages: [hostile], blame: hostile, tries: 3, unwritten: hostile },
    },
  ],
  ...{ spec: hostile, seed: 1, cases: 3, seconds: 1.5, aborted: false, replayed: false },
};

/** Name, attributes and whether it opens, closes or stands alone, of every tag. */
function tagsOf(text: string): readonly { readonly name: string; readonly attributes: string }[] {
  return [...text.matchAll(/<([a-z-]+)((?: [a-z]+="[^"<]*")*)\s*\/?>/g)].map(
    ([, name = '', attributes = '']) => ({ name, attributes }),
  );
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, k = '', v = '']) => [k, v]));
}

/** Of junit-10.xsd, as far as it is used. */
const known: Readonly<Record<string, readonly string[]>> = {
  testsuites: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
  testsuite: ['name', 'tests', 'failures', 'errors', 'skipped'],
  testcase: ['classname', 'name'],
  failure: ['type', 'message'],
  error: ['type', 'message'],
  skipped: ['message'],
  'system-out': [],
};

describe('the JUnit file', () => {
  const xml = junitReport(report);
  const tags = tagsOf(xml);

  it('has the elements and attributes of the schema and no others', () => {
    for (const { name, attributes } of tags) {
      expect([...attributesOf(attributes).keys()], name).toEqual(known[name]);
    }
    // Every angle bracket belongs to a tag or to the first line.
    const brackets = xml.match(/</g)?.length ?? 0;
    const closing = xml.match(/<\/[a-z-]+>/g)?.length ?? 0;
    expect(brackets).toBe(tags.length + closing + 1);
    expect(xml).not.toMatch(/[\u0000-\u0008\uFFFE]/);
    expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#10;)/);
  });

  it('counts what is in it', () => {
    const count = (name: string): string => String(tags.filter((t) => t.name === name).length);
    const [all] = tags;
    const counts = attributesOf(all?.attributes ?? '');
    expect(counts.get('tests')).toBe(count('testcase'));
    expect(counts.get('failures')).toBe(count('failure'));
    expect(counts.get('errors')).toBe(count('error'));
    expect(counts.get('skipped')).toBe(count('skipped'));
    expect([...counts.values()].slice(1, 5)).toEqual(['6', '1', '1', '2']);
  });

  it('says what hangs, what came after it, and what was exact', () => {
    expect(xml).toContain('name="values"><error type="hung" message="y is off by 0.5');
    expect(xml).toContain('name="padding"><skipped message="given up after values"/>');
    expect(xml).toContain('<system-out>3 runs, exact</system-out>');
    expect(xml).toContain('3 runs, at most 25% of what is allowed, at y[0, 1]');
  });
});

describe('the page', () => {
  const page = htmlReport(report);

  it('holds no markup but its own, and asks for nothing', () => {
    expect(page).not.toMatch(/<script|https?:|@import|url\(/);
    expect(page).toContain('&lt;script&gt;');
    const opened = [...page.matchAll(/<(main|section|div|figure|svg|table|ul|pre|p)\b/g)];
    const closed = [...page.matchAll(/<\/(main|section|div|figure|svg|table|ul|pre|p)>/g)];
    expect(opened.length).toBe(closed.length);
  });

  it('draws what is not exact, what is wrong in another colour', () => {
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/<rect class="over"/g)).toHaveLength(2);
    expect(page).toContain('1 result: ten times what is allowed, or more');
    expect(page).toContain('<p class="note">exact on good</p>');
    expect(page).toContain('<figure class="fell">');
  });

  it('tells first whether all held', () => {
    expect(page).toMatch(/<p class="verdict fell">7 checks on 3 cases of seed 1 in 2 s: 2 fell/);
    const held = htmlReport({ ...report, failures: [], skipped: [], counterexamples: [] });
    expect(held).toContain('<p class="verdict held">');
    expect(held).not.toContain('What fell');
  });
});

it.each([
  [0, 'exact'],
  [1e-40, '<0.001%'],
  [0.00002, '0.002%'],
  [0.123, '12%'],
  [0.996, '100%'],
  [2.5, '2.50×'],
  [Infinity, '∞'],
])('a share of %d is told as %s', (multiple, text) => {
  expect(share(multiple)).toBe(text);
});
