/** A batch is its rows, one by one and in any order, and its gradients are their sums. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawer } from '../arrays.ts';
import { hasBatch, takeRows, typesOf } from '../batches.ts';
import type { CaseData } from '../verify-case.ts';
import { law } from './law.ts';

const severalRows = ({ lengths }: CaseData): boolean => lengths.length > 1;

export const batchIsRows = law({
  name: 'batch = rows',
  graph: 'seeded',
  says: 'each row of a batch gives what it gives alone',
  suits: () => true,
  takes: severalRows,
  async sides(point, { runner }) {
    const { graph } = point.subject.graph('seeded', 'interpreter');
    const types = typesOf(graph);
    const base = await point.base(runner, 'seeded');
    const runs = await point.rows(runner);
    const found = new Map<string, NdArray>();
    const expected = new Map<string, NdArray>();
    for (const [name, array] of base) {
      if (!hasBatch(types.get(name))) continue;
      const rows = runs.flatMap((run) => run.get(name) ?? []);
      found.set(name, stacked(rows));
      expected.set(name, array);
    }
    return { found, expected };
  },
});

export const gradientSum = law({
  name: 'sum of gradients',
  graph: 'seeded',
  says: 'the gradient of a weight is the sum of what each row gives',
  suits: ({ model }) => model.weights.length > 0,
  takes: severalRows,
  async sides(point, { runner }) {
    const { graph } = point.subject.graph('seeded', 'interpreter');
    const types = typesOf(graph);
    const base = await point.base(runner, 'seeded');
    const sums = new Map<string, NdArray>();
    for (const run of await point.rows(runner)) {
      for (const [name, array] of run) {
        if (!hasBatch(types.get(name))) sums.set(name, added(sums.get(name), array));
      }
    }
    return { found: sums, expected: new Map([...base].filter(([name]) => sums.has(name))) };
  },
});

export const permutation = law({
  name: 'order of rows',
  graph: 'steady',
  says: 'rows in another order give the same, in that order',
  suits: () => true,
  takes: severalRows,
  async sides(point, { runner }) {
    const { graph } = point.subject.graph('steady', 'interpreter');
    const draw = drawer(point.data.seed);
    const keyed = point.data.lengths.map((_, row) => ({ row, key: draw() }));
    const order = keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
    const found = await point.run(runner, 'steady', takeRows(graph, point.inputs('steady'), order));
    return { found, expected: takeRows(graph, await point.base(runner, 'steady'), order) };
  },
});

/** Rows of one each, as one batch. */
function stacked(rows: readonly NdArray[]): NdArray {
  const data = Float64Array.from(rows.flatMap((row) => [...row.data]));
  const [, ...rest] = rows[0]?.shape ?? [];
  return { dtype: rows[0]?.dtype ?? 'float', shape: [rows.length, ...rest], data };
}

function added(sum: NdArray | undefined, array: NdArray): NdArray {
  if (sum === undefined) return array;
  const data = new Float64Array(array.data);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? NaN) + (sum.data[i] ?? NaN);
  return { ...array, data };
}
