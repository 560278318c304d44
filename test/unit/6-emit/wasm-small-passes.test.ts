/** Passes that make one function of a small module smaller, each on code that is written for it. */
import { describe, expect, test } from 'vitest';
import { removeDead } from '../../../compiler/6-emit/wasm/small/dead.ts';
import { propagate } from '../../../compiler/6-emit/wasm/small/propagate.ts';
import { sinkSets } from '../../../compiler/6-emit/wasm/small/sink.ts';
import { after, print, read, signatureOf } from '../../support/wasm-trees.ts';

test('trees are the instructions that they were read from', () => {
  const text =
    'localGet 0; if; block; localGet 1; brIf 0; end; else; loop; end; end; ' +
    'localGet 0; localTee 2; localGet 1; localGet 2; select; drop';
  expect(print(read(text))).toBe(text);
});

test('what waits on the stack while something is done goes through a local', () => {
  const text = 'localGet 0; localGet 1; localSet 0; localGet 1; i32Add; drop';
  expect(print(read(text))).toBe(
    'localGet 0; localSet 5; localGet 1; localSet 0; localGet 5; localGet 1; i32Add; drop',
  );
});

describe('sinkSets', () => {
  const sunk = (text: string): string => after((f) => sinkSets(f, signatureOf), text);
  const load = 'localGet 0; i32Load 2 0; localSet 2; ';
  const store = 'localGet 1; localGet 2; i32Store 2 0';

  test.each([
    ['the only use', `${load}${store}`, 'localGet 1; localGet 0; i32Load 2 0; i32Store 2 0'],
    [
      'the first of several',
      `${load}${store}; localGet 2; drop`,
      'localGet 1; localGet 0; i32Load 2 0; localTee 2; i32Store 2 0; localGet 2; drop',
    ],
    [
      'past what it has nothing to do with',
      `${load}localGet 1; i32Load 2 4; localSet 3; ${store}; localGet 3; drop`,
      'localGet 1; i32Load 2 4; localSet 3; localGet 1; localGet 0; i32Load 2 0; i32Store 2 0; ' +
        'localGet 3; drop',
    ],
  ])('goes to %s', (_, text, expected) => {
    expect(sunk(text)).toBe(expected);
  });

  test.each([
    ['a load past a store', `${load}localGet 1; i32Const 0; i32Store 2 0; ${store}`],
    ['a load past a call that writes', `${load}i32Const 1; i32Const 2; call 1; ${store}`],
    ['a value past a write of what it reads', `${load}i32Const 8; localSet 0; ${store}`],
    [
      'a write past a read',
      'localGet 0; localTee 3; localSet 2; localGet 3; localGet 2; i32Store 2 0; localGet 2; drop',
    ],
    ['into a loop', `${load}loop; ${store}; end`],
    ['into a choice', `${load}localGet 1; if; ${store}; end`],
    ['past a branch', `block; ${load}localGet 1; brIf 0; ${store}; end`],
  ])('does not go: %s', (_, text) => {
    expect(sunk(text)).toBe(print(read(text)));
  });
});

describe('removeDead', () => {
  const left = (text: string): string => after((f) => removeDead(f, signatureOf), text);

  test.each([
    ['a value', 'localGet 0; localSet 2', ''],
    ['a value for another that nobody reads', 'localGet 0; localSet 2; localGet 2; localSet 3', ''],
    ['a pure call', 'localGet 0; call 0; localSet 2', ''],
    ['a tee', 'localGet 0; localTee 2; drop', ''],
    [
      'what is written anew before it is read',
      'localGet 0; localSet 2; localGet 1; localSet 2; localGet 2; i32Const 0; i32Store 2 0',
      'localGet 1; localSet 2; localGet 2; i32Const 0; i32Store 2 0',
    ],
  ])('takes out %s', (_, text, expected) => {
    expect(left(text)).toBe(expected);
  });

  test.each([
    [
      'what the next turn reads',
      'loop; localGet 2; localSet 1; localGet 1; localGet 0; localSet 2; brIf 0; end',
    ],
    [
      'what is read where a block is left early',
      'block; localGet 0; localSet 2; localGet 1; brIf 0; i32Const 1; localSet 2; end; localGet 2; i32Const 0; i32Store 2 0',
    ],
    [
      'what one of two ways reads',
      'localGet 0; localSet 2; localGet 1; if; i32Const 1; localSet 2; end; localGet 2; i32Const 0; i32Store 2 0',
    ],
  ])('keeps %s', (_, text) => {
    expect(left(text)).toBe(print(read(text)));
  });

  test('a load may trap: it is done, and its value dropped', () => {
    expect(left('localGet 0; i32Load 2 0; localSet 2')).toBe('localGet 0; i32Load 2 0; drop');
  });
});

describe('propagate', () => {
  const use = 'localGet 2; i32Const 0; i32Store 2 0';

  test.each([
    ['a copy', `localGet 0; localSet 2; ${use}`, 'localGet 0; localSet 2; localGet 0; '],
    ['a number', `i32Const 7; localSet 2; ${use}`, 'i32Const 7; localSet 2; i32Const 7; '],
  ])('puts %s where it is asked for', (_, text, expected) => {
    expect(after(propagate, text)).toBe(`${expected}i32Const 0; i32Store 2 0`);
  });

  test.each([
    ['it is written twice', `i32Const 7; localSet 2; i32Const 8; localSet 2; ${use}`],
    ['what it copies changes', `localGet 0; localSet 2; i32Const 1; localSet 0; ${use}`],
    ['it may be read before', `localGet 1; if; i32Const 7; localSet 2; end; ${use}`],
  ])('leaves it where %s', (_, text) => {
    expect(after(propagate, text)).toBe(print(read(text)));
  });
});
