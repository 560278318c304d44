/**
 * The report of `--html`: one page without scripts and without anything from elsewhere. What was
 * found in a sentence, the table, what fell and how to run it again, then the errors of each check
 * on each backend as histograms.
 */
import type { CheckGroup } from '../../verify/checks/check.ts';
import type { Failure, Tally } from '../../verify/outcome.ts';
import type { StoredCounterexample } from './counterexample-files.ts';
import { histogramPicture } from './histogram-picture.ts';
import { escaped as escapedForXml } from './junit.ts';
import { style } from './html-style.ts';
import type { VerifyReport } from './run.ts';
import { counted, groups, heads, share, verdict } from './table.ts';

export function htmlReport(report: VerifyReport): string {
  const { spec, failures, skipped, counterexamples } = report;
  const outcome = failures.length > 0 ? 'fell' : skipped.length > 0 ? 'partly' : 'held';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>gatework verify: ${escaped(spec)}</title>
<style>${style}</style>
<main>
<h1>gatework verify</h1>
<pre class="spec">${escaped(spec)}</pre>
<p class="verdict ${outcome}">${escaped(sentence(verdict(report)))}</p>
${backendTable(report)}
${failures.length === 0 ? '' : `<h2>What fell</h2>\n${failures.map(failureText).join('\n')}`}
${counterexamples.map(counterexampleText).join('\n')}
${skippedText(report)}
${histograms(report)}
</main>
</html>
`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function backendTable({ tallies }: VerifyReport): string {
  const head = groups.map((group) => `<th scope="col">${escaped(heads[group])}</th>`).join('');
  const rows = [...new Set(tallies.map((t) => t.backend))].map((backend) => {
    const own = tallies.filter((t) => t.backend === backend);
    const cells = groups.map((group) => cell(own, group));
    return `<tr><th scope="row">${escaped(backend)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table>
<thead><tr><th scope="col">backend</th>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>
<p class="note">The bar and the percentage: the largest error as a share of what is allowed, of all
runs together. –: there is no such check on this backend.</p>`;
}

function cell(own: readonly Tally[], group: CheckGroup): string {
  const tallies = own.filter((t) => t.group === group);
  if (tallies.length === 0) return '<td class="none">–</td>';
  const runs = tallies.reduce((sum, t) => sum + t.runs, 0);
  const fell = tallies.some((t) => t.failures > 0);
  if (runs === 0 && !fell) return '<td class="none">no time left</td>';
  const worst = Math.max(...tallies.map((t) => t.worst));
  const kind = fell ? 'fell' : 'held';
  const told = `${kind} <small>${counted(runs, 'run')}, ${escaped(share(worst))}</small>`;
  return `<td class="${kind}">${told}${meter(worst)}</td>`;
}

/** How much of what is allowed was used up. */
function meter(worst: number): string {
  const used = Math.min(100, 100 * worst).toFixed(0);
  return `<span class="meter"><span style="width:${used}%"></span></span>`;
}

function failureText({ backend, check, kind, case: { name }, messages }: Failure): string {
  const how = { wrong: 'does not hold', fault: 'could not run', hung: 'hangs' }[kind];
  const shown = messages.slice(0, 5).map((message) => `<li>${escaped(message)}</li>`);
  const more = messages.length > 5 ? [`<li>and ${messages.length - 5} more</li>`] : [];
  const head = `<strong>${escaped(backend)}: ${escaped(check)}</strong> ${how} (${escaped(name)})`;
  return `<div class="failure"><p>${head}</p><ul>${[...shown, ...more].join('')}</ul></div>`;
}

function counterexampleText(found: StoredCounterexample): string {
  const { failure, text, data, blame, stored, unwritten = '' } = found;
  const [rows, steps] = [counted(data.lengths.length, 'row'), counted(data.time, 'time step')];
  const size = `${rows}, ${steps}, ${data.numbers} numbers`;
  const head = `The smallest case on ${failure.backend}, ${failure.check}`;
  const again =
    stored === undefined
      ? `<p>It could not be kept: ${escaped(unwritten)}</p>`
      : `<p>Once more:</p>\n<pre>${escaped(stored.command)}</pre>`;
  return `<section class="counterexample"><h3>${escaped(head)}</h3>
<p>${escaped(size)}</p>
<pre class="spec">${escaped(text.trim())}</pre>
${blame === '' ? '' : `<pre>${escaped(blame)}</pre>`}
${again}</section>`;
}

function skippedText({ skipped }: VerifyReport): string {
  if (skipped.length === 0) return '';
  const items = skipped.map(
    ({ backend, reason }) => `<li><strong>${escaped(backend)}</strong>: ${escaped(reason)}</li>`,
  );
  return `<h2>Not run</h2>\n<ul>${items.join('\n')}</ul>`;
}

function histograms({ tallies }: VerifyReport): string {
  const drawn = tallies.filter((t) => t.runs > 0 && t.histogram.some((n) => n > 0));
  const inOrder = groups.flatMap((group) => drawn.filter((t) => t.group === group));
  const names = new Set(inOrder.map((t) => t.check));
  const sections = [...names].map((name) => section(name, drawn));
  if (sections.length === 0) return '';
  return `<h2>How large the errors are</h2>
<p>Each picture counts every result of every run by its error: from exact on the left, by powers of
ten, to what is <strong>allowed</strong>, the red line. What is beyond it, in red, is wrong. A bar
twice as high stands for four times as many results.</p>
${sections.join('\n')}`;
}

/** Pictures where there is something to see, and a line where all is exact. */
function section(check: string, drawn: readonly Tally[]): string {
  const own = drawn.filter((t) => t.check === check);
  const exact = own.filter((t) => t.failures === 0 && t.histogram.slice(1).every((n) => n === 0));
  const figures = own.filter((t) => !exact.includes(t)).map(figure);
  const names = exact.map((t) => t.backend).join('; ');
  const rest = exact.length === 0 ? '' : `<p class="note">exact on ${escaped(names)}</p>`;
  const pictures =
    figures.length === 0 ? '' : `<div class="figures">\n${figures.join('\n')}\n</div>`;
  return `<h3>${escaped(check)}</h3>\n${pictures}\n${rest}`;
}

function figure({ backend, runs, failures, worst, where, histogram }: Tally): string {
  const results = histogram.reduce((sum, n) => sum + n, 0);
  const fell = failures > 0;
  const most = `at most ${share(worst)}`;
  const picture = histogramPicture(histogram, escaped(`${backend}: ${most}`));
  const about = `${counted(runs, 'run')}, ${counted(results, 'result')}, ${most} at ${where}`;
  const name = `<strong>${escaped(backend)}${fell ? ' fell' : ''}</strong>`;
  const caption = `<figcaption>${name}<br>${escaped(about)}</figcaption>`;
  return `<figure${fell ? ' class="fell"' : ''}>${picture}${caption}</figure>`;
}

function escaped(text: string): string {
  return escapedForXml(text).replaceAll('&#10;', '\n');
}
