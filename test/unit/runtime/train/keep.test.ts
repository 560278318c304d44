/** Kept parameters of a program that cannot keep them itself. */
import { expect, test } from 'vitest';
import type { Executable } from '../../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../../runtime/artifact/nd-array.ts';
import { keepState } from '../../../../runtime/train/keep.ts';
import { floats } from '../../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../../support/fault.ts';

type Arrays = ReadonlyMap<string, NdArray>;

const scalar = (value: number): NdArray => floats([], [value]);
const value = (arrays: Arrays, name: string): number => arrays.get(name)?.data[0] ?? NaN;

/** next/w = w + rate · x. */
const program: Executable = {
  run: async (inputs) => {
    expect([...inputs.keys()].sort()).toEqual(['rate', 'w', 'x']);
    const next = value(inputs, 'w') + value(inputs, 'rate') * value(inputs, 'x');
    return new Map([
      ['next/w', scalar(next)],
      ['loss', scalar(-next)],
    ]);
  },
};
const feeds = new Map([
  ['w', 'next/w'],
  ['rate', 'rate'],
]);

test('each run goes on from the one before; what feeds itself stays', async () => {
  const state = await keepState(program, feeds);
  state.write(
    new Map([
      ['w', scalar(1)],
      ['rate', scalar(10)],
    ]),
  );
  const first = await state.run(new Map([['x', scalar(2)]]), ['loss']);
  expect([...first]).toEqual([['loss', scalar(-21)]]);
  const before = await state.read();
  state.write(new Map([['rate', scalar(100)]]));
  const second = await state.run(new Map([['x', scalar(3)]]), ['loss', 'next/w']);
  expect(value(second, 'loss')).toBe(-321);
  expect(value(second, 'next/w')).toBe(321);
  expect([value(before, 'w'), value(before, 'rate')]).toEqual([21, 10]);
  const after = await state.read();
  expect([value(after, 'w'), value(after, 'rate')]).toEqual([321, 100]);
});

test('R7305 for a program without the result that feeds a parameter', async () => {
  const lacking: Executable = { run: () => Promise.resolve(new Map()) };
  const state = await keepState(lacking, feeds);
  const fault = await faultOfAsync(() => state.run(new Map(), []));
  expect([fault.code, fault.message]).toEqual([
    'R7305',
    'the training program yields no result next/w',
  ]);
});

test('a program that keeps its state itself is asked to, with the feeds', async () => {
  const own = await keepState(program, feeds);
  const asked: unknown[] = [];
  const keeping: Executable = {
    ...program,
    keep: (given) => {
      asked.push(given);
      return Promise.resolve(own);
    },
  };
  expect(await keepState(keeping, feeds)).toBe(own);
  expect(asked).toEqual([feeds]);
});
