/** Calls in place: views, states that are carried on, ids that are looked at. */
import { describe, expect, test } from 'vitest';
import type { LinearSession } from '../../../runtime/linear/session.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { faultOf, faultOfAsync } from '../../support/fault.ts';
import { kinds } from './kinds.ts';
import { affine, exchange, packed, recurrence } from './programs.ts';

const oneStep = new Map([['T', 1]]);

function write(session: LinearSession, arrays: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, numbers] of Object.entries(arrays)) session.view(name).set(numbers);
}

describe.each(kinds)('a session of $kind', ({ open }) => {
  test('reads and writes in place, and carries what lies where it feeds', async () => {
    const executable = await open(recurrence);
    const session = await executable.session(oneStep);
    write(session, { w: [1, 2], h: [10, 20] });
    session.carry(new Map([['h', 'next']]));
    session.prepare();
    const [x, sum] = [session.view('x'), session.view('sum')];
    const sums = [1, 2, 3].map((value) => {
      x.fill(value);
      session.run();
      return sum[0];
    });
    expect(sums).toEqual([52, 97, 187]);
    expect([...session.view('next')]).toEqual([16, 171]);
    expect(x).toHaveLength(2);
  });

  test('carries what lies elsewhere, all at once', async () => {
    const session = await (await open(exchange)).session();
    write(session, { a: [3], b: [4] });
    session.carry(
      new Map([
        ['a', 'a next'],
        ['b', 'b next'],
      ]),
    );
    session.run();
    session.run();
    // a, b: 3, 4 → 4, 5 → 5, 6.
    expect([session.view('a')[0], session.view('b')[0]]).toEqual([5, 6]);
  });

  test('carries one alone', async () => {
    const session = await (await open(packed)).session(oneStep);
    write(session, { w: [1], x: [10] });
    session.carry(new Map([['w', 'next']]));
    const found = [1, 2, 3].map(() => {
      session.prepare();
      session.run();
      return session.view('y')[0];
    });
    expect(found).toEqual([20, 30, 50]);
    expect(session.view('prepared')[0]).toBe(3);
  });

  test('has memory of its own until it is closed', async () => {
    const executable = await open(recurrence);
    const [one, two] = [await executable.session(oneStep), await executable.session(oneStep)];
    write(one, { w: [1, 2], h: [1, 1], x: [0, 0] });
    write(two, { w: [3, 3], h: [1, 1], x: [0, 0] });
    const kept = await executable.keep(new Map([['h', 'next']]));
    kept.write(new Map([['h', floats([2], [0, 0])]]));
    const inputs = new Map([
      ['w', floats([2], [1, 1])],
      ['x', floats([30_000, 2], new Array<number>(60_000).fill(0))],
    ]);
    await kept.run(inputs, []);
    for (const session of [one, two]) session.run();
    expect([...one.view('next'), ...two.view('next')]).toEqual([1, 2, 3, 3]);
    one.close();
    one.close();
    expect(() => one.run()).toThrow('a session of recurrence is closed');
    const bytes = executable.allocatedBytes;
    await executable.session(oneStep);
    expect(executable.allocatedBytes).toBe(bytes);
  });

  test('looks at ids, and nothing is run where one is wrong', async () => {
    const session = await (await open(affine)).session(new Map([['B', 2]]));
    write(session, { n: [9, 3] });
    session.run();
    session.view('n')[1] = 10;
    const fault = faultOf(() => session.run());
    expect(fault.code).toBe('R7003');
    expect(fault.message).toContain('input n: the id at [1] is 10');
    expect([...session.view('doubled')]).toEqual([18, 6]);
  });

  test('wants all sizes, and knows what it is asked for', async () => {
    const executable = await open(recurrence);
    expect((await faultOfAsync(() => executable.session())).code).toBe('R7006');
    const session = await executable.session(oneStep);
    expect(() => session.view('z')).toThrow('no parameter or result z');
    expect(() => session.carry(new Map([['h', 'z']]))).toThrow('no result z');
  });

  test('takes its sizes from the executable too', async () => {
    const executable = await open(recurrence, { bindings: new Map([['T', 3]]) });
    expect((await executable.session()).view('x')).toHaveLength(6);
  });
});
