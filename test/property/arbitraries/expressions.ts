/**
 * Random expressions of single values that mean the same on every target that rounds each
 * operation once: whole numbers near the ends of 32 bits, floats of every kind, and each way from
 * one to the other. They load from `x`, of f32, and from `n`, of i32, at indexes below `loaded`.
 */
import fc from 'fast-check';
import * as k from '../../../compiler/kernel/build.ts';
import type { BinaryOp, Expression } from '../../../runtime/artifact/kernel.ts';

export const loaded = 16;

/** What is worth to be loaded and to be written. */
export const wholeNumbers: readonly number[] = [
  ...[0, 1, -1, 2, 3, -8, 31, 255, 65535, 2 ** 24 + 1, -(2 ** 24) - 3],
  ...[2 ** 30, 2 ** 31 - 1, 1 - 2 ** 31, -(2 ** 31), 0x55555555],
];
export const floats: readonly number[] = [
  ...[0, -0, 1, -1, 0.5, 0.1, 1e-45, -1e-39, 3.4e38, -3.4e38, 123456.79, 2 ** 31],
  ...[Infinity, -Infinity, NaN, -2147483904],
];

type Arbitrary = fc.Arbitrary<Expression>;

type Types = Record<'i32' | 'f32' | 'bool', Expression>;

const index = fc.nat(loaded - 1).map(k.int);

const comparing: ReadonlySet<BinaryOp> = new Set(['less', 'lessEqual', 'equal', 'notEqual']);

/** By type. Nothing in them is folded, however constant it is. */
export const expressions: fc.LetrecValue<Types> = fc.letrec<Types>((tie) => {
  const [i32, f32, bool] = [tie('i32'), tie('f32'), tie('bool')];
  const deep = { maxDepth: 4, depthIdentifier: 'expression' } as const;
  const comparisons = ['less', 'lessEqual', 'equal', 'notEqual'] as const;
  return {
    i32: fc.oneof(
      deep,
      fc.constantFrom(...wholeNumbers).map(k.int),
      index.map((at) => k.load('n', at, 'i32')),
      pair(['add', 'sub', 'mul', 'min', 'max', 'bitAnd', 'bitOr', 'bitXor'], i32),
      fc.tuple(i32, i32).map(([x, y]) => raw('div', x, positive(y))),
      fc.tuple(i32, i32).map(([x, y]) => raw('mod', masked(x, 0x7fffffff), positive(y))),
      fc
        .tuple(fc.constantFrom('shiftLeft', 'shiftRight'), i32, i32)
        .map(([op, x, y]) => raw(op, x, masked(y, 31))),
      fc.tuple(fc.constantFrom('neg', 'abs'), i32).map(([op, x]) => k.unary(op, x)),
      f32.map((x) => k.unary('toInt', x)),
      f32.map((x) => k.unary('toBits', k.select(raw('equal', x, x), x, k.float(7)))),
      fc.tuple(bool, i32, i32).map(([c, x, y]) => k.select(c, x, y)),
    ),
    f32: fc.oneof(
      deep,
      fc.constantFrom(...floats).map(k.float),
      index.map((at) => k.load('x', at, 'f32')),
      pair(['add', 'sub', 'mul', 'div', 'min', 'max'], f32),
      fc
        .tuple(fc.constantFrom('neg', 'abs', 'floor', 'sqrt'), f32)
        .map(([op, x]) => k.unary(op, x)),
      i32.map((x) => k.unary('toFloat', x)),
      i32.map((x) => k.unary('fromBits', x)),
      fc.tuple(bool, f32, f32).map(([c, x, y]) => k.select(c, x, y)),
    ),
    bool: fc.oneof(
      deep,
      pair(comparisons, i32),
      pair(comparisons, f32),
      pair(['and', 'or'], bool),
      bool.map((x) => k.unary('not', x)),
    ),
  };
});

function raw(op: BinaryOp, x: Expression, y: Expression): Expression {
  return { kind: 'binary', op, x, y, type: comparing.has(op) ? 'bool' : k.typeOf(x) };
}

function pair(ops: readonly BinaryOp[], of: Arbitrary): Arbitrary {
  return fc.tuple(fc.constantFrom(...ops), of, of).map(([op, x, y]) => raw(op, x, y));
}

function masked(x: Expression, mask: number): Expression {
  return raw('bitAnd', x, k.int(mask));
}

function positive(x: Expression): Expression {
  return raw('add', masked(x, 255), k.int(1));
}
