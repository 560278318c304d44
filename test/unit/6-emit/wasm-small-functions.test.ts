/** Numbers known beforehand, numbers of locals, and passes over all functions of a small module. */
import { describe, expect, test } from 'vitest';
import type { Signature } from '../../../compiler/6-emit/wasm/signature.ts';
import { dropParameters } from '../../../compiler/6-emit/wasm/small/arguments.ts';
import { decideChoices, openBlocks } from '../../../compiler/6-emit/wasm/small/choices.ts';
import { colorLocals } from '../../../compiler/6-emit/wasm/small/color.ts';
import { fold } from '../../../compiler/6-emit/wasm/small/fold.ts';
import { putInPlace } from '../../../compiler/6-emit/wasm/small/in-place.ts';
import { mergeEqual } from '../../../compiler/6-emit/wasm/small/merge.ts';
import { orderLocals } from '../../../compiler/6-emit/wasm/small/order.ts';
import type { FunctionTree } from '../../../compiler/6-emit/wasm/small/tree.ts';
import { after, print, read, readAs, signatureOf } from '../../support/wasm-trees.ts';

test.each([
  ['i32Const 3; i32Const 4; i32Mul; drop', 'i32Const 12; drop'],
  ['i32Const -1; i32Const 28; i32ShrU; drop', 'i32Const 15; drop'],
  ['i32Const 2147483647; i32Const 1; i32Add; drop', 'i32Const -2147483648; drop'],
  ['i32Const 65537; i32Const 65537; i32Mul; drop', 'i32Const 131073; drop'],
  ['localGet 0; i32Const 0; i32Add; drop', 'localGet 0; drop'],
  ['localGet 0; i32Const 3; i32Sub; drop', 'localGet 0; i32Const -3; i32Add; drop'],
  ['localGet 0; i32Const 3; i32Add; i32Const -3; i32Add; drop', 'localGet 0; drop'],
  [
    'localGet 0; i32Const 3; i32Mul; i32Const 5; i32Mul; drop',
    'localGet 0; i32Const 15; i32Mul; drop',
  ],
  ['i32Const 3; localGet 0; i32LtS; drop', 'localGet 0; i32Const 3; i32GtS; drop'],
  ['i32Const 3; localGet 0; i32Sub; drop', 'i32Const 3; localGet 0; i32Sub; drop'],
])('fold: %s', (text, expected) => {
  expect(after((f) => fold(f.body), text)).toBe(expected);
});

describe('choices', () => {
  const decided = (text: string): string =>
    after(({ body }) => {
      decideChoices(body);
      openBlocks(body);
    }, text);
  const store = (value: number): string => `i32Const 0; i32Const ${value}; i32Store 2 0`;

  test.each([
    [`i32Const 1; if; ${store(1)}; else; ${store(2)}; end`, store(1)],
    [`i32Const 0; if; ${store(1)}; else; ${store(2)}; end`, store(2)],
    [`i32Const 0; if; ${store(1)}; end`, ''],
    ['localGet 0; localGet 1; i32Const 0; select; drop', 'localGet 1; drop'],
  ])('%s', (text, expected) => {
    expect(decided(text)).toBe(expected);
  });

  test.each([
    ['that a branch leaves', `block; localGet 0; brIf 0; ${store(1)}; end`],
    [
      'around a branch to a label outside',
      `loop; block; ${store(1)}; localGet 0; brIf 1; end; end`,
    ],
    ['that is there for engines', 'i32Const 0; if; loop; end; end'],
  ])('a block stays %s', (_, text) => {
    expect(decided(text)).toBe(text);
  });
});

describe('colorLocals', () => {
  const use = (local: number): string => `i32Const 0; localGet ${local}; i32Store 2 0`;

  test('a local takes the place of a parameter that is not needed any more', () => {
    const text = `${use(0)}; i32Const 5; localSet 2; ${use(2)}; ${use(1)}`;
    expect(after(colorLocals, text)).toBe(
      `${use(0)}; i32Const 5; localSet 0; ${use(0)}; ${use(1)}`,
    );
  });

  test('a copy within one place is no more', () => {
    expect(after(colorLocals, `localGet 0; localSet 2; ${use(2)}; ${use(2)}`)).toBe(
      `${use(0)}; ${use(0)}`,
    );
  });

  test('what a loop reads keeps its place until the end of the loop', () => {
    const text = `loop; ${use(0)}; i32Const 5; localTee 2; brIf 0; end`;
    const f = read(text);
    colorLocals(f);
    expect(print(f)).toBe(`loop; ${use(0)}; i32Const 5; localTee 1; brIf 0; end`);
  });

  test('what is read before it is written is 0: it has no place that was used', () => {
    const f = read(use(2));
    colorLocals(f);
    expect(f.types).toHaveLength(3);
    expect(print(f)).toBe(use(2));
  });
});

test('orderLocals: by types, then as they are met', () => {
  const f = read('f32Const 1; localSet 3; i32Const 1; localSet 4; i32Const 2; localSet 2', [
    ...(['i32', 'f32', 'i32'] as const),
  ]);
  orderLocals(f);
  expect(f.types.slice(2)).toEqual(['i32', 'i32', 'f32']);
  expect(print(f)).toBe('f32Const 1; localSet 4; i32Const 1; localSet 2; i32Const 2; localSet 3');
});

describe('of several functions', () => {
  const one: Signature = { parameters: ['i32'], result: 'i32' };
  const twice = (): FunctionTree => readAs(one, 'localGet 0; localGet 0; i32Add', []);
  const store = (): FunctionTree => read('localGet 0; i32Const 9; i32Store 2 0');

  test('putInPlace: copies use the same locals', () => {
    const f = read('localGet 0; call 0; drop; localGet 1; call 0; drop', []);
    putInPlace(f, new Map([[0, twice()]]));
    const copy = (local: number): string =>
      `block; localGet ${local}; localSet 2; localGet 2; localGet 2; i32Add; end; drop`;
    expect(print(f)).toBe(`${copy(0)}; ${copy(1)}`);
    expect(f.types).toEqual(['i32', 'i32', 'i32']);
  });

  test('putInPlace: not where a local has to be 0 at each call', () => {
    const f = read('localGet 0; call 0; drop', []);
    putInPlace(
      f,
      new Map([[0, readAs(one, 'localGet 1; localGet 0; localTee 1; i32Add', ['i32'])]]),
    );
    expect(print(f)).toBe('localGet 0; call 0; drop');
  });

  test('dropParameters: the same number from all, and what nobody asks for', () => {
    const [callee, f] = [
      store(),
      read('i32Const 4; localGet 0; call 1; i32Const 4; localGet 1; call 1'),
    ];
    dropParameters(
      new Map([
        [1, callee],
        [2, f],
      ]),
      new Set([2]),
      signatureOf,
    );
    expect(print(f)).toBe('call 1; call 1');
    expect(print(callee)).toBe('i32Const 4; i32Const 9; i32Store 2 0');
    expect([callee.parameters, callee.types]).toEqual([0, ['i32', 'i32', 'i32']]);
  });

  test('dropParameters: what differs stays, and what the host calls', () => {
    const [callee, f] = [
      store(),
      read('i32Const 4; localGet 0; call 1; i32Const 5; localGet 1; call 1'),
    ];
    dropParameters(
      new Map([
        [1, callee],
        [2, f],
      ]),
      new Set([2]),
      signatureOf,
    );
    expect(print(f)).toBe('i32Const 4; call 1; i32Const 5; call 1');
    expect([callee.parameters, f.parameters]).toEqual([1, 2]);
  });

  test('mergeEqual: calls go to the first, also where callees make callers equal', () => {
    const calls = (at: number): FunctionTree => read(`localGet 0; localGet 1; call ${at}`);
    const functions = new Map([
      [1, store()],
      [2, store()],
      [3, calls(1)],
      [4, calls(2)],
    ]);
    const f = read('localGet 0; localGet 1; call 4');
    const left = mergeEqual(functions.set(5, f), new Set([5]));
    expect([...left.keys()]).toEqual([1, 3, 5]);
    expect(print(f)).toBe('localGet 0; localGet 1; call 3');
  });

  test('mergeEqual: 0 and -0 are not equal', () => {
    const gives = (value: string): FunctionTree =>
      readAs({ parameters: [], result: 'f32' }, `f32Const ${value}`, []);
    const left = mergeEqual(
      new Map([
        [1, gives('0')],
        [2, gives('-0')],
      ]),
      new Set(),
    );
    expect(left.size).toBe(2);
  });
});
