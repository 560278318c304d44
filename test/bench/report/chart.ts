/**
 * The results as a picture: a panel for each workload, a bar for each contestant, on a logarithmic
 * scale. The thick bar is one thread, the thin one below it two.
 */
import { contestants, type Contestant } from '../peers/contestants.ts';
import { duration, timingOf, type Described, type Results } from './results.ts';

const colors: Readonly<Record<Contestant['kind'], { readonly one: string; readonly two: string }>> =
  {
    ours: { one: '#c2410c', two: '#fb923c' },
    native: { one: '#475569', two: '#94a3b8' },
    javascript: { one: '#1d4ed8', two: '#93c5fd' },
  };

const kinds: readonly { readonly kind: Contestant['kind']; readonly text: string }[] = [
  { kind: 'ours', text: 'Gatework, WebAssembly' },
  { kind: 'javascript', text: 'JavaScript, WebAssembly' },
  { kind: 'native', text: 'native code' },
];

const panelWidth = 470;
const gap = 24;
const columns = 2;
const labelWidth = 84;
const valueWidth = 118;
const rowHeight = 21;
const headHeight = 34;
const footHeight = 22;
const top = 62;

export function chart(results: Results): string {
  const panels = results.workloads.map((workload) => panel(results, workload));
  const rows: (typeof panels)[] = [];
  for (let i = 0; i < panels.length; i += columns) rows.push(panels.slice(i, i + columns));
  let y = top;
  const placed = rows.flatMap((row) => {
    const at = y;
    y += Math.max(...row.map(({ height }) => height)) + gap;
    return row.map(({ body }, i) => `<g transform="translate(${leftOf(i)} ${at})">${body}</g>`);
  });
  const width = gap + columns * (panelWidth + gap);
  const { machine, node, date } = results.about;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}"`,
    ` font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">`,
    `<title>Time of one call, by workload and contestant</title>`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    text(gap, 26, 'Time of one call (less is better, logarithmic)', { size: 16, weight: 600 }),
    legend(gap, 46),
    text(width - gap, 26, `${machine}, Node ${node}, ${date.slice(0, 10)}`, {
      anchor: 'end',
      fill: '#64748b',
    }),
    ...placed,
    '</svg>',
    '',
  ].join('\n');
}

interface Bar {
  readonly contestant: Contestant;
  /** Milliseconds with one thread and with two. */
  readonly one: number | undefined;
  readonly two: number | undefined;
}

function panel(
  results: Results,
  workload: Described,
): { readonly height: number; readonly body: string } {
  const bars = contestants.flatMap((contestant): Bar[] => {
    const one = timingOf(results, workload.name, contestant.name, 1)?.median;
    const two = timingOf(results, workload.name, contestant.name, 2)?.median;
    return one === undefined && two === undefined ? [] : [{ contestant, one, two }];
  });
  const values = bars.flatMap(({ one, two }) => [one ?? [], two ?? []].flat());
  const scale = scaleOf(values);
  const height = headHeight + bars.length * rowHeight + footHeight;
  const body = [
    text(0, 16, workload.name, { size: 14, weight: 600 }),
    text(38, 16, titleOf(workload), { fill: '#334155', size: 11.5 }),
    ...scale.decades.map((decade) => gridLine(scale.x(decade), decade, bars.length)),
    ...bars.map((bar, i) => row(bar, headHeight + i * rowHeight, scale)),
  ].join('\n');
  return { height, body };
}

/** With its sizes, where they are not those of a single step. */
function titleOf({ title, batch, time }: Described): string {
  return time === 1 ? title : `${title}, T = ${time}, B = ${batch}`;
}

interface Scale {
  readonly decades: readonly number[];
  x(milliseconds: number): number;
}

/** From a decade below the least, so that the shortest bar is still one. */
function scaleOf(values: readonly number[]): Scale {
  const low = Math.log10(Math.min(...values)) - 0.4;
  const high = Math.max(Math.log10(Math.max(...values)), low + 1);
  const room = panelWidth - labelWidth - valueWidth;
  const x = (milliseconds: number): number =>
    labelWidth + (room * (Math.log10(milliseconds) - low)) / (high - low);
  const decades: number[] = [];
  for (let power = Math.ceil(low); power <= high; power++) decades.push(10 ** power);
  return { decades, x };
}

function gridLine(x: number, decade: number, bars: number): string {
  const bottom = headHeight + bars * rowHeight;
  return [
    `<line x1="${at(x)}" x2="${at(x)}" y1="${headHeight - 6}" y2="${bottom}" stroke="#e2e8f0"/>`,
    text(x, bottom + 13, duration(decade).replace('.0', ''), {
      anchor: 'middle',
      fill: '#64748b',
      size: 10,
    }),
  ].join('\n');
}

function row({ contestant, one, two }: Bar, y: number, scale: Scale): string {
  const { one: dark, two: pale } = colors[contestant.kind];
  const end = Math.max(...[one, two].map((ms) => (ms === undefined ? 0 : scale.x(ms))));
  const bar = (ms: number | undefined, from: number, thick: number, fill: string): string =>
    ms === undefined
      ? ''
      : `<rect x="${labelWidth}" y="${from}" width="${at(scale.x(ms) - labelWidth)}" height="${thick}" fill="${fill}"/>`;
  const values = [one, two].filter((ms) => ms !== undefined).map(duration);
  const weight = contestant.kind === 'ours' ? 600 : 400;
  return [
    text(labelWidth - 8, y + 11, contestant.label, { anchor: 'end', weight }),
    bar(one, y, 9, dark),
    bar(two, y + 10, 4, pale),
    text(end + 6, y + 11, values.join(' / '), { fill: '#334155', weight, size: 11 }),
  ].join('\n');
}

function legend(x: number, y: number): string {
  let left = x;
  const parts = kinds.map(({ kind, text: label }) => {
    const start = left;
    left += 40 + 6.6 * label.length;
    const { one, two } = colors[kind];
    return [
      `<rect x="${start}" y="${y - 10}" width="14" height="7" fill="${one}"/>`,
      `<rect x="${start}" y="${y - 2}" width="14" height="3" fill="${two}"/>`,
      text(start + 20, y, label, { fill: '#334155' }),
    ].join('\n');
  });
  const note = text(left, y, 'thick: one thread, thin: two', { fill: '#64748b' });
  return [...parts, note].join('\n');
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: 'middle' | 'end';
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size, weight, fill = '#0f172a', anchor } = style;
  const attributes = [
    `x="${at(x)}" y="${y}" fill="${fill}"`,
    size === undefined ? '' : ` font-size="${size}"`,
    weight === undefined ? '' : ` font-weight="${weight}"`,
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
  ];
  return `<text ${attributes.join('')}>${escaped(content)}</text>`;
}

function leftOf(column: number): number {
  return gap + column * (panelWidth + gap);
}

function at(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
