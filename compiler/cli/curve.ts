/**
 * The loss curve as an SVG, drawn from a run's log: training loss at each step as a thin line,
 * smoothed, and validation loss at the end of each epoch. The drawing library is loaded only here,
 * since it costs more to load than a small model costs to train.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { LogRecord } from '../../runtime/train/log.ts';

/** SVG text; undefined for a log without a step in it. The same log gives the same bytes. */
export async function drawLossCurve(
  records: readonly LogRecord[],
  title: string,
): Promise<string | undefined> {
  const points = curvePoints(records);
  if (points.length === 0) return undefined;
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const runtime = vega.parse(vegaLite.compile(curveSpec(points, title)).spec);
  const view = new vega.View(runtime, { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  readonly series: 'training' | 'validation';
}

/** At most some thousand points, whatever the length of the log. */
export function curvePoints(records: readonly LogRecord[]): CurvePoint[] {
  const training: CurvePoint[] = [];
  const validation: CurvePoint[] = [];
  for (const record of records) {
    if (record.kind === 'step' && Number.isFinite(record.loss)) {
      training.push({ step: record.step, loss: record.loss, series: 'training' });
    } else if (record.kind === 'epoch' && record.validation !== undefined) {
      const { loss } = record.validation;
      validation.push({ step: record.step, loss, series: 'validation' });
    }
  }
  return [...thinned(smoothed(training)), ...validation];
}

const pointsDrawn = 1000;

/** A running mean over about a hundredth of the run, with less behind it at the start. */
function smoothed(points: readonly CurvePoint[]): CurvePoint[] {
  const keep = 1 - 1 / Math.max(1, points.length / 100);
  let sum = 0;
  let weight = 0;
  return points.map((point) => {
    sum = keep * sum + point.loss;
    weight = keep * weight + 1;
    return { ...point, loss: sum / weight };
  });
}

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const every = Math.ceil(points.length / pointsDrawn);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

function curveSpec(points: readonly CurvePoint[], title: string): TopLevelSpec {
  const colours = { domain: ['training', 'validation'], range: ['#4c78a8', '#e45756'] };
  const both = points.some((point) => point.series === 'validation');
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 640,
    height: 360,
    background: 'white',
    padding: 16,
    title: { text: title, anchor: 'start', fontSize: 15, offset: 12 },
    data: { values: [...points] },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: 'step' },
      y: { field: 'loss', type: 'quantitative', title: 'loss', scale: { zero: false } },
      color: {
        field: 'series',
        type: 'nominal',
        scale: colours,
        legend: both ? { title: null, orient: 'top-right' } : null,
      },
    },
    layer: [
      {
        transform: [{ filter: "datum.series === 'training'" }],
        mark: { type: 'line', strokeWidth: 1.2 },
      },
      {
        transform: [{ filter: "datum.series === 'validation'" }],
        mark: { type: 'line', strokeWidth: 2, point: { size: 40 } },
      },
    ],
    config: {
      font: 'sans-serif',
      view: { stroke: null },
      axis: { gridColor: '#eeeeee', labelFontSize: 11, titleFontSize: 12 },
    },
  };
}
