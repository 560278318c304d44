/** Symbols settled by the shapes of tensors, and the clashes between them. */
import { describe, expect, it } from 'vitest';
import { bindShapes, describeShape } from '../../../compiler/adopt/bind.ts';
import { addDims, dim, fixed, scaleDim, symbol } from '../../../compiler/graph/dim.ts';

const width = addDims(symbol('n'), symbol('D'));

describe('bindShapes', () => {
  it('solves forms in whatever order the shapes come', () => {
    const { bindings, clashes } = bindShapes([
      { name: 'W', expected: [symbol('n'), width], found: [8, 20] },
      { name: 'v', expected: [scaleDim(symbol('V'), 2)], found: [14] },
    ]);
    expect(Object.fromEntries(bindings)).toEqual({ n: 8, D: 12, V: 7 });
    expect(clashes).toEqual([]);
  });

  it.each([
    ['another rank', [dim(8)], [8, 1]],
    ['another number', [dim(8)], [9]],
    ['no whole number', [scaleDim(symbol('V'), 2)], [13]],
    ['a negative number', [addDims(symbol('V'), fixed(9))], [8]],
  ])('names a clash: %s', (_, expected, found) => {
    expect(bindShapes([{ name: 'x', expected, found }]).clashes.map((c) => c.name)).toEqual(['x']);
  });

  it('lets the first shape win', () => {
    const { bindings, clashes } = bindShapes([
      { name: 'first', expected: [symbol('n')], found: [3] },
      { name: 'second', expected: [symbol('n')], found: [4] },
    ]);
    expect(bindings.get('n')).toBe(3);
    expect(clashes.map((c) => c.name)).toEqual(['second']);
  });

  it('describes what is still open', () => {
    expect(describeShape([symbol('n'), width, symbol('?3')], new Map([['n', 8]]))).toBe(
      '[8, D+8, any]',
    );
  });
});
