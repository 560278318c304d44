/** Whole programs on the interpreter: loops over time, element types, parameters that are kept. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { KeptState } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { floats, ints } from '../../support/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import {
  dispatchOf,
  fixed,
  kernelOf,
  letOf,
  numbersOf,
  parameterOf,
  programOf,
  reads,
  resultOf,
  store,
  symbol,
  writes,
} from './programs.ts';

const [B, T] = [symbol('B'), symbol('T')];
const row = k.workgroup(0);
const cell = k.add(k.mul(row, k.size('T')), k.step);

/**
 * The carry of each row: h = w·h + x[t] for all time steps, y[t] = h. It lies where h lies; `last`
 * is a copy of it that lies elsewhere.
 */
function recurrence(reverse = false): Program {
  const h = k.local('h', 'f32');
  const step = kernelOf({
    name: 'recurrence.step',
    buffers: [
      reads('w'),
      reads('x'),
      { name: 'h', element: 'f32', access: 'readWrite' },
      writes('y'),
    ],
    sizes: ['T'],
    body: [
      letOf(
        'h',
        k.add(
          k.mul(k.load('w', k.int(0), 'f32'), k.load('h', row, 'f32')),
          k.load('x', cell, 'f32'),
        ),
      ),
      store('h', row, h),
      store('y', cell, h),
    ],
  });
  const copy = kernelOf({
    name: 'copy',
    buffers: [reads('from'), writes('to')],
    body: [store('to', row, k.load('from', row, 'f32'))],
  });
  const [batch, time] = [k.size('B'), k.size('T')];
  const at = reverse ? k.sub(k.sub(time, k.int(1)), k.size('i')) : k.size('i');
  const groups = [batch, k.int(1), k.int(1)] as const;
  return programOf({
    symbols: ['B', 'T'],
    tensors: [
      { name: 'x', length: k.mul(batch, time) },
      { name: 'w', length: k.int(1) },
      { name: 'h', length: batch },
      { name: 'y', length: k.mul(batch, time) },
      { name: 'last', length: batch },
    ],
    parameters: [
      parameterOf('x', 0, [B, T]),
      parameterOf('w', 1, [], { role: 'weight' }),
      parameterOf('h0', 2, [B], { role: 'state' }),
    ],
    results: [
      resultOf('y', 3, [B, T]),
      resultOf('hn', 2, [B], { feeds: 'h0' }),
      resultOf('last', 4, [B]),
    ],
    kernels: [copy, step],
    steps: [
      {
        kind: 'repeat',
        variable: 'i',
        count: time,
        body: [dispatchOf({ kernel: 1, tensors: [1, 0, 2, 3], sizes: [time], step: at, groups })],
      },
      dispatchOf({ tensors: [2, 4], groups }),
    ],
  });
}

const inputs = new Map([
  ['x', floats([2, 3], [1, 2, 3, 10, 20, 30])],
  ['w', floats([], [0.5])],
  ['h0', floats([2], [2, 4])],
]);

describe('a loop over time', () => {
  const forward = [2, 3, 4.5, 12, 26, 43];

  test('runs a dispatch for each step, in order or back', async () => {
    const results = await new KernelInterpreter(recurrence()).run(inputs);
    expect(numbersOf(results, 'y')).toEqual(forward);
    expect(numbersOf(results, 'last')).toEqual([4.5, 43]);
    expect(results.get('y')?.shape).toEqual([2, 3]);
    const back = await new KernelInterpreter(recurrence(true)).run(inputs);
    expect(numbersOf(back, 'y')).toEqual([3, 4, 4, 28, 36, 32]);
  });

  test('does nothing without time steps or rows', async () => {
    const interpreter = new KernelInterpreter(recurrence());
    const none = await interpreter.run(new Map([...inputs, ['x', floats([2, 0], [])]]));
    expect(numbersOf(none, 'last')).toEqual([2, 4]);
    expect(none.get('y')).toEqual({ dtype: 'float', shape: [2, 0], data: new Float32Array(0) });
    const empty = new Map([...inputs, ['x', floats([0, 3], [])], ['h0', floats([0], [])]]);
    expect(numbersOf(await interpreter.run(empty), 'last')).toEqual([]);
  });

  test('gives the same again, in arrays of the caller’s own', async () => {
    const interpreter = new KernelInterpreter(recurrence());
    const first = await interpreter.run(inputs);
    first.get('y')?.data.fill(0);
    expect(numbersOf(await interpreter.run(inputs), 'y')).toEqual(forward);
  });
});

test('ints and bools come and go as such', async () => {
  const value = k.load('n', row, 'i32');
  const flag = k.notEqual(k.load('flag', row, 'i32'), k.int(0));
  const kernel = kernelOf({
    buffers: [reads('n', 'i32'), reads('flag', 'i32'), writes('next', 'i32'), writes('odd', 'i32')],
    body: [
      store('next', row, k.select(flag, k.add(value, k.int(1)), value)),
      store('odd', row, k.select(k.equal(k.mod(value, k.int(2)), k.int(1)), k.int(1), k.int(0))),
    ],
  });
  const program = programOf({
    symbols: ['B'],
    tensors: ['n', 'flag', 'next', 'odd'].map((name) => ({
      name,
      element: 'i32',
      length: k.size('B'),
    })),
    parameters: [
      parameterOf('n', 0, [B], { dtype: 'int' }),
      parameterOf('flag', 1, [B], { dtype: 'bool' }),
    ],
    results: [
      resultOf('next', 2, [B], { dtype: 'int' }),
      resultOf('odd', 3, [B], { dtype: 'bool' }),
    ],
    kernels: [kernel],
    steps: [dispatchOf({ tensors: [0, 1, 2, 3], groups: [k.size('B'), k.int(1), k.int(1)] })],
  });
  const flags: NdArray = { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) };
  const results = await new KernelInterpreter(program).run(
    new Map([
      ['n', ints([3], [5, 6, 7])],
      ['flag', flags],
    ]),
  );
  expect(results.get('next')).toEqual(ints([3], [6, 6, 8]));
  expect(results.get('odd')).toEqual({ dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) });
});

describe('wrong inputs are refused before anything runs', () => {
  const interpreter = new KernelInterpreter(recurrence());
  const codeOf = async (changed: readonly (readonly [string, NdArray])[]): Promise<string> => {
    const fault = await faultOfAsync(() => interpreter.run(new Map([...inputs, ...changed])));
    return `${fault.code}: ${fault.message}`;
  };

  test('by shape, name and element type', async () => {
    expect(await codeOf([['h0', floats([3], [1, 2, 3])]])).toBe(
      'R7001: input h0: axis 0 (batch) is 3, expected B = 2',
    );
    expect(await codeOf([['z', floats([], [1])]])).toBe('R7004: the model has no input z');
    expect(await codeOf([['w', ints([], [1])]])).toBe('R7005: input w holds int, expected float');
    expect((await faultOfAsync(() => interpreter.run(new Map()))).code).toBe('R7002');
  });

  test('by symbols that nothing binds, unless they are given', async () => {
    const program = programOf({
      symbols: ['V'],
      tensors: [{ name: 'y', length: k.size('V') }],
      results: [resultOf('y', 0, [symbol('V')])],
    });
    const fault = await faultOfAsync(() => new KernelInterpreter(program).run(new Map()));
    expect(fault.code).toBe('R7006');
    const given = new KernelInterpreter(program, new Map([['V', 2]]));
    expect((await given.run(new Map())).get('y')?.shape).toEqual([2]);
  });

  test('by ids that choose no row', async () => {
    const program = programOf({
      symbols: ['B'],
      tensors: [{ name: 'ids', element: 'i32', length: k.size('B') }],
      parameters: [
        parameterOf('ids', 0, [B], { dtype: 'int', ids: { below: fixed(3), negative: false } }),
      ],
    });
    const run = new KernelInterpreter(program).run(new Map([['ids', ints([2], [0, 3])]]));
    expect((await faultOfAsync(() => run)).code).toBe('R7003');
  });
});

describe.each([{}, { poison: true }])('kept parameters, %o', (options) => {
  const x = (...numbers: number[]): Map<string, NdArray> => {
    return new Map([['x', floats([1, numbers.length], numbers)]]);
  };
  const keep = async (feeds: Record<string, string>): Promise<KeptState> => {
    const interpreter = new KernelInterpreter(recurrence(), new Map(), options);
    return interpreter.keep(new Map(Object.entries(feeds)));
  };
  const weight = floats([], [0.5]);

  test.each(['hn', 'last'])('go on from %s, whatever the number of time steps', async (result) => {
    const kept = await keep({ h0: result });
    kept.write(new Map([['h0', floats([1], [2])]]));
    const run = async (...numbers: number[]): Promise<number[]> => {
      const given = new Map([...x(...numbers), ['w', weight]]);
      return numbersOf(await kept.run(given, ['y']), 'y');
    };
    expect(await run(1, 2)).toEqual([2, 3]);
    expect(await run(4, 1)).toEqual([5.5, 3.75]);
    expect(await run(0, 0, 0, 16)).toEqual([1.875, 0.9375, 0.46875, 16.234375]);
    expect(await run()).toEqual([]);
    expect(await run(0)).toEqual([8.1171875]);
    expect(await kept.read()).toEqual(
      new Map([['h0', { dtype: 'float', shape: [1], data: Float32Array.of(8.1171875) }]]),
    );
    kept.write(new Map([['h0', floats([1], [100])]]));
    expect(await run(1)).toEqual([51]);
  });

  test('give what is asked for, and take effect in the order of the calls', async () => {
    const kept = await keep({ h0: 'hn' });
    kept.write(new Map([['h0', floats([1], [2])]]));
    const given = new Map([...x(1), ['w', weight]]);
    const [first, second] = [kept.run(given, []), kept.run(given, ['last', 'hn'])];
    expect(await first).toEqual(new Map());
    const results = await second;
    expect([...results.keys()]).toEqual(['last', 'hn']);
    expect(numbersOf(results, 'hn')).toEqual([2]);
    results.get('hn')?.data.fill(0);
    expect(numbersOf(await kept.read(), 'h0')).toEqual([2]);
  });

  test('are copies of what was written, in f32', async () => {
    const kept = await keep({ h0: 'hn' });
    const initial = floats([1], [0.1]);
    kept.write(new Map([['h0', initial]]));
    initial.data.fill(9);
    const written = await kept.read();
    expect(numbersOf(written, 'h0')).toEqual([Math.fround(0.1)]);
    written.get('h0')?.data.fill(9);
    expect(numbersOf(await kept.read(), 'h0')).toEqual([Math.fround(0.1)]);
  });

  test('may be given other dimensions between runs', async () => {
    const kept = await keep({ h0: 'hn' });
    kept.write(new Map([['h0', floats([1], [2])]]));
    await kept.run(new Map([...x(1), ['w', weight]]), []);
    kept.write(new Map([['h0', floats([2], [2, 4])]]));
    const given = new Map([
      ['x', floats([2, 1], [1, 1])],
      ['w', weight],
    ]);
    expect(numbersOf(await kept.run(given, ['hn']), 'hn')).toEqual([2, 3]);
  });

  test('may each be fed by what lies where the other lies', async () => {
    const tensors = ['a', 'b'].map((name) => ({ name, length: k.int(1) }));
    const program = programOf({
      tensors,
      parameters: [parameterOf('a', 0, []), parameterOf('b', 1, [])],
      results: [resultOf('nextA', 1, []), resultOf('nextB', 0, [])],
    });
    const kept = await new KernelInterpreter(program, new Map(), options).keep(
      new Map([
        ['a', 'nextA'],
        ['b', 'nextB'],
      ]),
    );
    kept.write(
      new Map([
        ['a', floats([], [1])],
        ['b', floats([], [2])],
      ]),
    );
    const results = await kept.run(new Map(), ['nextA']);
    expect(numbersOf(results, 'nextA')).toEqual([2]);
    const values = await kept.read();
    expect([numbersOf(values, 'a'), numbersOf(values, 'b')]).toEqual([[2], [1]]);
  });

  test('must be there, and be no inputs', async () => {
    const kept = await keep({ h0: 'hn' });
    const given = new Map([...x(1), ['w', weight]]);
    expect((await faultOfAsync(() => kept.run(given, []))).message).toBe('there is no input h0');
    const h0 = new Map([['h0', floats([1], [2])]]);
    kept.write(h0);
    expect((await faultOfAsync(() => kept.run(new Map([...given, ...h0]), []))).code).toBe('R7004');
    expect(() => kept.write(new Map([['w', weight]]))).toThrow('w is not kept');
    const wide = new Map([
      ['x', floats([3, 1], [1, 1, 1])],
      ['w', weight],
    ]);
    expect((await faultOfAsync(() => kept.run(wide, []))).code).toBe('R7001');
    await expect(keep({ h0: 'nothing' })).rejects.toThrow('the program has no result nothing');
    kept.close();
    expect(await kept.read()).toEqual(new Map());
  });
});
