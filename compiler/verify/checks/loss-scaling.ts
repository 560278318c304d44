/** Gradients are linear in what comes from above: four times the seed, four times the gradient. */
import { mapped } from '../batches.ts';
import { seedsOf } from '../../pipeline.ts';
import { law } from './law.ts';

export const lossScaling = law({
  name: 'loss scaling',
  graph: 'seeded',
  says: 'a loss four times as large has gradients four times as large',
  suits: () => true,
  async sides(point, { runner }) {
    const { model } = point.subject.graph('seeded', 'interpreter');
    const seeds = new Set(seedsOf(model));
    const base = await point.base(runner, 'seeded');
    const larger = mapped(point.inputs('seeded'), (array, name) =>
      seeds.has(name) ? { ...array, data: Float64Array.from(array.data, (x) => 4 * x) } : array,
    );
    const found = await point.run(runner, 'seeded', larger);
    const scaled = mapped(found, (array, name) =>
      name.startsWith('d/') || name === 'loss'
        ? { ...array, data: Float64Array.from(array.data, (x) => x / 4) }
        : array,
    );
    return { found: scaled, expected: base };
  },
});
