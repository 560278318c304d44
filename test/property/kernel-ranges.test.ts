/**
 * Law: what the verifier knows of an index is true. Random whole-number expressions over
 * invocations and loops are computed for every invocation at every turn: each value lies in the
 * range and has one of the remainders, and where they are said to be exact, all of them are taken.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as k from '../../compiler/kernel/build.ts';
import { progression, rangeOf, type Range } from '../../compiler/kernel/ranges.ts';
import type { BinaryOp, Expression } from '../../runtime/artifact/kernel.ts';

const workgroup = [6, 2, 1] as const;
/** From, to and step of two loops around. */
const loops = { i: [0, 5, 1], j: [-4, 13, 4] } as const;

const ops: readonly BinaryOp[] = [
  ...(['add', 'sub', 'mul', 'div', 'mod', 'min', 'max'] as const),
  ...(['bitAnd', 'bitOr', 'bitXor', 'shiftLeft', 'shiftRight'] as const),
];

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(k.local('i', 'i32'), k.local('j', 'i32'), k.invocation(0), k.invocation(1)),
  fc.constantFrom(-4, -1, 0, 1, 2, 3, 4, 8, 64, 2 ** 30, 2 ** 31 - 1).map(k.int),
);

const { index } = fc.letrec<{ index: Expression }>((tie) => ({
  index: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .record({ op: fc.constantFrom(...ops), x: tie('index'), y: tie('index') })
      .map((parts): Expression => ({ kind: 'binary', type: 'i32', ...parts })),
    tie('index').map((x): Expression => k.unary('neg', x)),
    fc.record({ yes: tie('index'), no: tie('index') }).map(({ yes, no }): Expression => {
      const condition = k.less(k.invocation(0), k.int(3));
      return { kind: 'select', condition, yes, no, type: 'i32' };
    }),
  ),
}));

/** The 32 bits of the value; nothing where the reference leaves it open. */
function evaluate(e: Expression, places: ReadonlyMap<string, number>): number | undefined {
  if (e.kind === 'number') return e.value;
  if (e.kind === 'local') return places.get(e.name);
  if (e.kind === 'place') return places.get(String(e.axis));
  if (e.kind === 'select') return evaluate((places.get('0') ?? 0) < 3 ? e.yes : e.no, places);
  if (e.kind === 'unary') {
    const x = evaluate(e.x, places);
    return x === undefined ? undefined : -x | 0;
  }
  if (e.kind !== 'binary') throw new Error(`no ${e.kind} was drawn`);
  const [x, y] = [evaluate(e.x, places), evaluate(e.y, places)];
  return x === undefined || y === undefined ? undefined : compute(e.op, x, y);
}

function compute(op: BinaryOp, x: number, y: number): number | undefined {
  const shifts = y >= 0 && y < 32;
  switch (op) {
    case 'add':
      return (x + y) | 0;
    case 'sub':
      return (x - y) | 0;
    case 'mul':
      return Math.imul(x, y);
    case 'div':
      return y === 0 || (x === -(2 ** 31) && y === -1) ? undefined : (x / y) | 0;
    case 'mod':
      return x < 0 || y <= 0 ? undefined : x % y;
    case 'min':
      return Math.min(x, y);
    case 'max':
      return Math.max(x, y);
    case 'bitAnd':
      return x & y;
    case 'bitOr':
      return x | y;
    case 'bitXor':
      return x ^ y;
    case 'shiftLeft':
      return shifts ? x << y : undefined;
    case 'shiftRight':
      return shifts ? (x >>> y) | 0 : undefined;
    default:
      throw new Error(`no ${op} was drawn`);
  }
}

function* allPlaces(): Generator<ReadonlyMap<string, number>> {
  const turns = ([from, to, step]: readonly [number, number, number]): number[] =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, turn) => from + turn * step);
  for (const i of turns(loops.i)) {
    for (const j of turns(loops.j)) {
      for (let x = 0; x < workgroup[0]; x++) {
        for (let y = 0; y < workgroup[1]; y++) {
          yield new Map([
            ['i', i],
            ['j', j],
            ['0', x],
            ['1', y],
            ['2', 0],
          ]);
        }
      }
    }
  }
}

const places = [...allPlaces()];

function rangeOfLoop(name: 'i' | 'j'): Range {
  const [from, to, step] = loops[name];
  const range = progression(from, to, step, name);
  if (range === undefined) throw new Error('a loop that never turns');
  return range;
}

const remainderOf = (value: number): number => 1 << (((value % 4) + 4) % 4);

test('what is known of an index is true', () => {
  const locals = new Map([
    ['i', rangeOfLoop('i')],
    ['j', rangeOfLoop('j')],
  ]);
  let exact = 0;
  const law = fc.property(index, (e) => {
    const values = places.map((place) => evaluate(e, place));
    const known = values.filter((value) => value !== undefined);
    fc.pre(known.length === values.length);
    const range = rangeOf(e, locals, workgroup);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const remainders = known.reduce((bits, value) => bits | remainderOf(value), 0);
    expect(range.low).toBeLessThanOrEqual(low);
    expect(range.high).toBeGreaterThanOrEqual(high);
    if (range.exact) expect([range.low + 0, range.high + 0]).toEqual([low + 0, high + 0]);
    if (range.remainders === undefined) return;
    expect(remainders & ~range.remainders).toBe(0);
    if (range.exactRemainders) expect(remainders).toBe(range.remainders);
    if (range.exact && low < high) exact++;
  });
  fc.assert(law, { numRuns: 1000, seed: 20254 });
  // Most of what a kernel's indices are made of is known exactly: the law is not about nothing.
  expect(exact).toBeGreaterThan(100);
});
