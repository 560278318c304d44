/** Where names go, and how long what is known stays known. */
import { describe, expect, it } from 'vitest';
import { Emitter, keyOf } from '../../../compiler/5-schedule/emitter.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { printExpression } from '../../../compiler/kernel/print-expression.ts';
import { printStatements } from '../../../compiler/kernel/print.ts';
import type { Expression } from '../../../runtime/artifact/kernel.ts';

const n = k.size('n');
const plusOne = (e: Expression): Expression => k.add(e, k.int(1));

function written(write: (emitter: Emitter) => void): string[] {
  const emitter = new Emitter(new Set(['n']));
  write(emitter);
  return printStatements(emitter.statements).split('\n');
}

describe('names', () => {
  it('are given once to each value', () => {
    const lines = written((emitter) => {
      const first = emitter.named(plusOne(n), 'i');
      expect(emitter.named(plusOne(n), 'j')).toBe(first);
      emitter.named(k.mul(n, n), 'i');
      emitter.named(k.mul(n, plusOne(n)), 'i');
    });
    expect(lines).toEqual([
      'let i: i32 = n + 1',
      'let i_2: i32 = n * n',
      'let i_3: i32 = n * (n + 1)',
    ]);
  });

  it('are new whatever they look like', () => {
    const emitter = new Emitter(new Set(['n']));
    const names = ['n', 'i_2', 'i', 'i', 'i', 'n'].map((hint) => emitter.fresh(hint));
    expect(names).toEqual(['n_2', 'i_2', 'i', 'i_3', 'i_4', 'n_3']);
  });

  it('stand before the loops that do not change them', () => {
    const lines = written((emitter) => {
      emitter.loop('a', n, (a) => {
        emitter.loop('b', n, (b) => {
          emitter.named(plusOne(n), 'x');
          emitter.named(plusOne(a), 'y');
          emitter.named(plusOne(b), 'z');
        });
      });
    });
    expect(lines).toEqual([
      'let x: i32 = n + 1',
      'for a = 0 to n {',
      '  let y: i32 = a + 1',
      '  for b = 0 to n {',
      '    let z: i32 = b + 1',
      '  }',
      '}',
    ]);
  });

  it('stay where a variable, or memory that changes, is looked at', () => {
    const lines = written((emitter) => {
      const sum = emitter.variable('sum', k.int(0));
      emitter.loop('a', n, () => {
        emitter.keepLoadsHere();
        emitter.loop('b', n, () => {
          emitter.named(plusOne(sum), 'x');
          emitter.named(k.load('m', k.int(0), 'i32'), 'y');
        });
      });
    });
    expect(lines).toEqual([
      'var sum: i32 = 0',
      'for a = 0 to n {',
      '  let y: i32 = m[0]',
      '  for b = 0 to n {',
      '    let x: i32 = sum + 1',
      '  }',
      '}',
    ]);
  });
});

describe('what is known', () => {
  it('is forgotten where its scope ends, and not before', () => {
    const emitter = new Emitter(new Set(['n']));
    emitter.remember('outer', n);
    let inside: Expression = n;
    emitter.loop('a', n, (a) => {
      inside = emitter.named(plusOne(a), 'x');
      emitter.remember('inner', inside);
      emitter.loop('b', n, () => {
        expect(emitter.named(plusOne(a), 'x')).toBe(inside);
        expect(emitter.recall('inner')).toBe(inside);
        expect(emitter.recall('outer')).toBe(n);
      });
      expect(emitter.recall('inner')).toBe(inside);
    });
    expect(emitter.recall('inner')).toBeUndefined();
    expect(emitter.recall('outer')).toBe(n);
  });

  it('of memory is forgotten after a barrier', () => {
    const emitter = new Emitter(new Set(['n']));
    const load = k.load('m', n, 'f32');
    const before = emitter.named(load, 'x');
    const size = emitter.named(plusOne(n), 'i');
    emitter.remember('element', before);
    emitter.forgetLoads();
    expect(emitter.recall('element')).toBeUndefined();
    expect(emitter.named(load, 'x')).not.toEqual(before);
    expect(emitter.named(plusOne(n), 'i')).toBe(size);
  });
});

describe('keyOf', () => {
  const x = k.local('x', 'f32');
  const values: readonly Expression[] = [
    ...[k.float(0), k.float(-0), k.float(1), k.int(1), k.bool(true)],
    ...[k.size('x'), k.local('x', 'i32'), k.step, k.workgroup(0), k.invocation(0), k.invocation(1)],
    ...[k.load('m', n, 'f32'), k.load('m', n, 'f32x4'), k.load('m', plusOne(n), 'f32')],
    ...[k.unary('neg', x), k.unary('abs', x), k.sub(x, k.float(1)), k.sub(k.float(1), x)],
    ...[k.call('f', [x, x], 'f32'), k.call('f', [x], 'f32'), k.call('g', [x], 'f32')],
    k.select(k.less(x, k.float(1)), x, k.float(2)),
    k.select(k.less(x, k.float(1)), k.float(2), x),
    ...[0, 1].map((at) => k.lane(k.local('v', 'f32x4'), at === 0 ? 0 : 1)),
    k.pack([x, x, x, k.float(1)]),
  ];

  it('tells values apart', () => {
    expect(new Set(values.map(keyOf)).size).toBe(values.length);
  });

  it('is the same for values that are written alike', () => {
    const copy = (e: Expression): Expression => structuredClone(e);
    for (const value of values)
      expect(keyOf(copy(value)), printExpression(value)).toBe(keyOf(value));
  });
});
