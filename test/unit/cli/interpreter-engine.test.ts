/** The interpreter refuses what the other backends refuse. */
import { expect, test } from 'vitest';
import { loadInterpreter } from '../../../compiler/cli/interpreter-engine.ts';
import { idRanges, inferenceGraph } from '../../../compiler/pipeline.ts';
import { ints } from '../../../compiler/verify/arrays.ts';
import { compiled } from '../../support/models.ts';

const text = 'model m { input a: ids(5)[T]\n output y = a -> oneHot }';

test.each([
  [[-1, 2], [2], 'the id at [0, 0] is -1, but ids run from 0 to 4'],
  [[1, 5], [2], 'the id at [0, 1] is 5, but ids run from 0 to 4'],
  [[1, 2], [3], 'lengths says 3 for row 0; expected 0 to 2'],
])('ids %j of lengths %j', async (ids, lengths, message) => {
  const model = compiled(text);
  const options = { precision: 'f32', bindings: new Map() } as const;
  const executable = loadInterpreter(inferenceGraph(model), options, idRanges(model));
  const inputs = new Map([
    ['a', ints([1, 2], ids)],
    ['lengths', ints([1], lengths)],
  ]);
  await expect(executable.run(inputs)).rejects.toThrow(message);
});
