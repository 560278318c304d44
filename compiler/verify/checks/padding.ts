/** A padded batch means what its sequences mean, whatever stands in the padding. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawer, type Arrays } from '../arrays.ts';
import { largestPast, lengthsOf, mapped, repadded, takeSteps, typesOf } from '../batches.ts';
import { law } from './law.ts';

export const padding = law({
  name: 'padding',
  graph: 'steady',
  says: 'more padding, and any numbers in it, change nothing; past its end a sequence is 0',
  suits: ({ model }) => model.inputs.some((input) => input.lengths !== undefined),
  async sides(point, { runner }) {
    const kind = 'steady';
    const { model, graph } = point.subject.graph(kind, 'interpreter');
    const inputs = point.inputs(kind);
    const longer = repadded(model, graph, inputs, extraSteps, garbageFrom(point.data.seed));
    const found = await point.run(runner, kind, longer);
    const types = typesOf(graph);
    const wrong: string[] = [];
    const trimmed: Arrays = mapped(found, (array, name) => {
      const lengths = inputs.get(lengthsOf(model, types.get(name)) ?? '');
      if (lengths === undefined) return array;
      if (largestPast(array, lengths) !== 0) wrong.push(`${name} is not 0 past the ends`);
      return takeSteps(array, 0, (array.shape[1] ?? 0) - extraSteps);
    });
    return { found: trimmed, expected: await point.base(runner, kind), wrong };
  },
});

const extraSteps = 2;

function garbageFrom(seed: number): (dtype: NdArray['dtype']) => number {
  const draw = drawer(seed);
  const floats = [1e30, -1e30, NaN, Infinity, 3];
  const ids = [0, 1, -1, 999, -7];
  return (dtype) => {
    const choices = dtype === 'float' ? floats : ids;
    return choices[Math.floor(draw() * choices.length)] ?? 0;
  };
}
