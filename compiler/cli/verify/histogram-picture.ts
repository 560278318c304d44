/**
 * A histogram of errors as an inline SVG, with its own scale below it: from exact, by powers of
 * ten, to what is allowed and beyond. Colours are those of the page (html.ts), by class.
 */
import { binStart, histogramBins } from '../../verify/histogram.ts';
import { share } from './table.ts';

const [bar, height, below, margin] = [9, 64, 16, 10];
const width = histogramBins * bar;

/** The first bin of what is above the allowed. */
const beyond = Array.from({ length: histogramBins }, (_, i) => i).findIndex(
  (i) => binStart(i) >= 1,
);

/** Bins under whose left edge the scale says something. */
const marks: readonly (readonly [number, string, string])[] = [
  [0.5, 'exact', ''],
  [binAt(1e-4), '0.01%', ''],
  [binAt(1e-2), '1%', ''],
  [beyond, 'allowed', ' class="allowed"'],
];

function binAt(multiple: number): number {
  const bins = Array.from({ length: histogramBins }, (_, i) => i);
  return bins.findIndex((i) => binStart(i) >= 0.999 * multiple);
}

/** Heights by the root of the count, so that one result among thousands is still seen. */
export function histogramPicture(histogram: readonly number[], label: string): string {
  const most = Math.sqrt(Math.max(1, ...histogram));
  const bars = histogram.map((count, i) => {
    if (count === 0) return '';
    const tall = Math.max(2, ((height - 4) * Math.sqrt(count)) / most);
    const place = `x="${i * bar + 0.5}" y="${(height - tall).toFixed(1)}"`;
    const size = `width="${bar - 1}" height="${tall.toFixed(1)}"`;
    const kind = i >= beyond ? 'over' : 'within';
    return `<rect class="${kind}" ${place} ${size}><title>${told(count, i)}</title></rect>`;
  });
  const limit = beyond * bar;
  const ground = [
    `<rect class="beyond" x="${limit}" y="0" width="${width - limit}" height="${height}"/>`,
    `<path class="limit" d="M${limit} 0V${height + 3}"/>`,
    `<path class="axis" d="M0 ${height}H${width}"/>`,
  ];
  const scale = marks.map(
    ([bin, text, kind]) => `<text${kind} x="${bin * bar}" y="${height + 13}">${text}</text>`,
  );
  const box = `viewBox="${-margin} 0 ${width + 2 * margin} ${height + below}"`;
  const parts = [...ground.slice(0, 1), ...bars, ...ground.slice(1), ...scale];
  return `<svg ${box} role="img" aria-label="${label}">${parts.join('')}</svg>`;
}

function told(count: number, bin: number): string {
  const results = `${count} result${count === 1 ? '' : 's'}`;
  if (bin === 0) return `${results}: exact, or as good as`;
  if (bin === histogramBins - 1) return `${results}: ten times what is allowed, or more`;
  return `${results}: ${share(binStart(bin))} to ${share(binStart(bin + 1))} of what is allowed`;
}
