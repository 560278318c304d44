/**
 * The picture of vanishing gradients: the norm of dLoss_T/da<t> over t, on a logarithmic scale, one
 * line for each state. The drawing library is loaded only here.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { StepNorms } from './step-norms.ts';

/** Below this, f32 has nothing left to add to a weight; zeros are drawn here. */
const floor = 1e-30;

export async function drawStepNorms(series: readonly StepNorms[]): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const runtime = vega.parse(vegaLite.compile(pictureSpec(series)).spec);
  const view = new vega.View(runtime, { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function pictureSpec(series: readonly StepNorms[]): TopLevelSpec {
  const several = new Set(series.map((s) => s.spec)).size > 1;
  const values = series.flatMap(({ spec, state, norms }) =>
    norms.map((norm, i) => ({
      t: i + 1,
      norm: Math.max(norm, floor),
      state: several ? `${spec}: ${state}` : state,
    })),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 640,
    height: 360,
    background: 'white',
    padding: 16,
    title: {
      text: 'How much the last loss says about each earlier state',
      subtitle: 'norm of dLoss_T/da<t> over batch and width',
      anchor: 'start',
      fontSize: 15,
      offset: 12,
    },
    data: { values },
    mark: { type: 'line', strokeWidth: 1.8 },
    encoding: {
      x: { field: 't', type: 'quantitative', title: 'time step t', scale: { nice: false } },
      y: {
        field: 'norm',
        type: 'quantitative',
        title: 'norm of the gradient',
        scale: { type: 'log' },
        axis: { format: '.0e' },
      },
      color: { field: 'state', type: 'nominal', legend: { title: null, orient: 'right' } },
    },
    config: {
      font: 'sans-serif',
      view: { stroke: null },
      axis: { gridColor: '#eeeeee', labelFontSize: 11, titleFontSize: 12 },
    },
  };
}
