/** Trees are compared up to spans and comments, and in nothing else. */
import { describe, expect, it } from 'vitest';
import { sameTree } from '../../../compiler/ast/equal.ts';
import { tree } from '../../support/specs.ts';

describe('sameTree', () => {
  it('overlooks spans and comments', () => {
    expect(sameTree(tree('lstm(8)->relu'), tree('# a\n lstm( 8 ) -> relu'))).toBe(true);
  });

  it.each([
    ['lstm(8)', 'lstm(9)'],
    ['lstm(8)', 'gru(8)'],
    ['lstm(8)', 'lstm(n = 8)'],
    ['lstm(8) -> relu', 'lstm(8) -> relu -> relu'],
    ['(a -> b) -> c', 'a -> b -> c'],
    ['model m { output y = x }', 'model m { y = x }'],
    ['cell c { emit x<t> }', 'layer c { emit x<t> }'],
    ['cell c { weight p }', 'cell c { weight p: [n] }'],
  ])('tells %s from %s', (a, b) => {
    const same = sameTree(tree(a), tree(b));
    expect(same).toBe(false);
  });
});
