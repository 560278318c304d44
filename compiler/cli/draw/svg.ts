/** A laid-out scene as SVG text: no scripts, no fonts of its own, readable on any background. */
import { textWidth, type Layout, type PlacedArrow, type PlacedBox, type Point } from './layout.ts';
import type { BoxKind } from './scene.ts';

interface Style {
  readonly fill: string;
  readonly stroke: string;
  readonly radius: number;
}

const styles: Readonly<Record<BoxKind, Style>> = {
  group: { fill: '#f6f7f9', stroke: '#c3cad5', radius: 8 },
  scan: { fill: '#fffaf0', stroke: '#d9a441', radius: 8 },
  op: { fill: '#ffffff', stroke: '#8390a5', radius: 13 },
  product: { fill: '#e4ecfb', stroke: '#4a76c4', radius: 4 },
  input: { fill: '#dff3e4', stroke: '#3f9a58', radius: 4 },
  output: { fill: '#dff3e4', stroke: '#3f9a58', radius: 4 },
  state: { fill: '#fdeed2', stroke: '#d9a441', radius: 4 },
  carry: { fill: '#fdeed2', stroke: '#d9a441', radius: 13 },
};

export function renderSvg(title: string, layout: Layout): string {
  const width = Math.ceil(layout.width);
  const height = Math.ceil(layout.height);
  const frames = layout.boxes.filter((b) => b.box.children.length > 0);
  const leaves = layout.boxes.filter((b) => b.box.children.length === 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    '<defs>' + marker('arrow', '#66707f') + marker('back', '#c07f10') + '</defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...frames.map(rectangle),
    ...layout.arrows.map(arrowPath),
    ...frames.map(heading),
    ...leaves.map(leaf),
    '</svg>',
    '',
  ].join('\n');
}

function marker(id: string, colour: string): string {
  return (
    `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" ` +
    `orient="auto"><path d="M0 0.8 L8 4 L0 7.2 z" fill="${colour}"/></marker>`
  );
}

function rectangle({ box, x, y, width, height }: PlacedBox): string {
  const { fill, stroke, radius } = styles[box.kind];
  const dash = box.kind === 'scan' ? ' stroke-dasharray="6 3"' : '';
  return (
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ` +
    `rx="${radius}" fill="${fill}" stroke="${stroke}"${dash}/>`
  );
}

/** With a pale edge around its letters, since arrows may run under it. */
function heading({ box, x, y }: PlacedBox): string {
  const halo = `paint-order="stroke" stroke="${styles[box.kind].fill}" stroke-width="4"`;
  const weight = box.kind === 'group' ? ' font-weight="bold"' : ' font-style="italic"';
  const detail =
    box.detail === undefined
      ? ''
      : `<text x="${round(x + 12)}" y="${round(y + 31)}" font-size="10" fill="#66707f" ${halo}>` +
        `${escaped(box.detail)}</text>`;
  return (
    `<text x="${round(x + 12)}" y="${round(y + 18)}" font-size="12"${weight} fill="#333b47" ` +
    `${halo}>` +
    `${escaped(box.label)}</text>${detail}`
  );
}

function leaf(placed: PlacedBox): string {
  const { box, x, y, width } = placed;
  const middle = round(x + width / 2);
  const text = (content: string, line: number, size: number, colour: string): string =>
    `<text x="${middle}" y="${round(line)}" text-anchor="middle" font-size="${size}" ` +
    `fill="${colour}"${fitting(content, size, width)}>${escaped(content)}</text>`;
  return (
    rectangle(placed) +
    text(box.label, y + (box.detail === undefined ? 17 : 16), 12, '#1d232c') +
    (box.detail === undefined ? '' : text(box.detail, y + 30, 10, '#66707f'))
  );
}

/** Squeezes text that another font would make wider than its box. */
function fitting(text: string, size: number, width: number): string {
  const room = width - 8;
  return textWidth(text, size) > room ? ` textLength="${round(room)}"` : '';
}

function arrowPath({ arrow, points }: PlacedArrow): string {
  const [start] = points;
  if (start === undefined) return '';
  const path = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${pair(p)}`).join(' ');
  const style = arrow.back
    ? 'stroke="#c07f10" stroke-dasharray="4 3" marker-end="url(#back)"'
    : 'stroke="#66707f" marker-end="url(#arrow)"';
  return `<path d="${path}" fill="none" ${style}/>`;
}

function pair({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
