/** The report of `--html`: one page without scripts, the errors of each check as a histogram. */
import { binStart, histogramBins } from '../../verify/histogram.ts';
import type { Tally } from '../../verify/outcome.ts';
import type { VerifyReport } from './run.ts';
import { escaped } from './junit.ts';
import { describeReport, share } from './table.ts';

export function htmlReport(report: VerifyReport): string {
  const { tallies, spec } = report;
  const checks = [...new Set(tallies.map((t) => t.check))];
  const sections = checks.map((check) =>
    section(
      check,
      tallies.filter((t) => t.check === check),
    ),
  );
  const text = escaped(describeReport(report)).replaceAll('&#10;', '\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>gatework verify: ${escaped(spec)}</title>
<style>${style}</style>
<h1>gatework verify</h1>
<pre class="spec">${escaped(spec)}</pre>
<pre>${text}</pre>
<h2>Errors</h2>
<p>Every result of every run by its error as a share of what is allowed, in quarters of a decade.
The line stands at what is allowed; the first bar holds what is exact.</p>
${sections.join('\n')}
</html>
`;
}

const style = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; }
pre { font-size: 13px; overflow-x: auto; }
.spec { background: #f3f3f0; padding: 1em; }
.row { display: flex; flex-wrap: wrap; gap: 1em; }
figure { margin: 0; } figcaption { font-size: 12px; }
.fell figcaption { color: #b00020; font-weight: bold; }`;

function section(check: string, tallies: readonly Tally[]): string {
  const drawn = tallies.filter((t) => t.runs > 0);
  if (drawn.length === 0) return '';
  const figures = drawn.map((tally) => {
    const fell = tally.failures > 0;
    const told = `${tally.runs} runs, at most ${share(tally.worst)}`;
    const caption = escaped(`${tally.backend}: ${told}`);
    const picture = histogramPicture(tally.histogram);
    const kind = fell ? ' class="fell"' : '';
    return `<figure${kind}>${picture}<figcaption>${caption}</figcaption></figure>`;
  });
  return `<h3>${escaped(check)}</h3>\n<div class="row">\n${figures.join('\n')}\n</div>`;
}

const [bar, height] = [9, 60];

/** Heights by the root of the count, so that one result among thousands is still seen. */
function histogramPicture(histogram: readonly number[]): string {
  const most = Math.sqrt(Math.max(1, ...histogram));
  const allowed = Array.from({ length: histogramBins }, (_, i) => i).find((i) => binStart(i) >= 1);
  const bars = histogram.map((count, i) => {
    if (count === 0) return '';
    const tall = Math.max(1, (height * Math.sqrt(count)) / most);
    const fill = i >= (allowed ?? histogramBins) ? '#b00020' : '#3a6ea5';
    const place = `x="${i * bar}" y="${(height - tall).toFixed(1)}"`;
    const size = `width="${bar - 1}" height="${tall.toFixed(1)}"`;
    const title = `<title>${count} from ${share(binStart(i))}</title>`;
    return `<rect ${place} ${size} fill="${fill}">${title}</rect>`;
  });
  const [width, at] = [histogramBins * bar, (allowed ?? 0) * bar - 0.5];
  const line = `<path d="M${at} 0V${height}M0 ${height}H${width}" stroke="#888" fill="none"/>`;
  const box = `width="${width}" height="${height + 1}" viewBox="0 0 ${width} ${height + 1}"`;
  return `<svg ${box} role="img">${bars.join('')}${line}</svg>`;
}
