/** The text form of kernels and programs, by example. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import { printFunction, printKernel, printStatements } from '../../../compiler/kernel/print.ts';
import { printExpression } from '../../../compiler/kernel/print-expression.ts';
import { printProgram } from '../../../compiler/kernel/print-program.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import { verifyProgram } from '../../../compiler/kernel/verify-program.ts';
import type { BinaryOp, Expression, Statement } from '../../../runtime/artifact/kernel.ts';

const text = `kernel "lstm step" workgroup(64, 1, 1) {
  buffer a: f32 read
  buffer lstm.l0.W: f32 readWrite
  size B
  size "step"
  shared tile: f32[1024]
  registers sum: i32[16]
  calls sigmoid: f32
  // c̃ = tanh(Wc x<t>)
  // "  two\\nlines"
  let i: i32 = workgroup.x * 64 + invocation.x
  var h': f32 = sigmoid(a[i])
  for k = 0 to B {
    for j = k + 1 to "step" * 4 step 4 {
      tile[invocation.x * 4 : 4] = a[j : 4] * splat(-0.5)
    }
  }
  barrier
  while h' < 1.0 && !(i == 0) {
    h' = select(i < B, lane(a[0 : 4], 2), -h') + tile[i & 1023]
  }
  if i < B {
    lstm.l0.W[i] = h'
  } else if i == B {
    sum[0] = toBits(nan) ^ -7
  } else {}
}
`;

describe('the text form of a kernel', () => {
  test('comes back as it was', () => {
    const kernel = readKernel(text);
    // An empty \`else\` is none.
    expect(printKernel(kernel)).toBe(text.replace(' else {}\n', '\n'));
    const x = k.local('x', 'f32');
    const sigmoid = {
      name: 'sigmoid',
      parameters: [{ name: 'x', type: 'f32' }],
      lets: [],
    } as const;
    expect(verifyKernel(kernel, [{ ...sigmoid, result: x }])).toBe(kernel);
  });

  test('is that of the reference', () => {
    const page = readFileSync('specs/ir/kernel.md', 'utf8');
    const [, example = ''] = /```\n(program sums[^]*?)```/.exec(page) ?? [];
    expect(printProgram(verifyProgram(readProgram(example)))).toBe(example);
  });

  test('of an empty kernel', () => {
    const empty = readKernel('kernel e workgroup(1, 2, 3) {}');
    expect(printKernel(empty)).toBe('kernel e workgroup(1, 2, 3) {}\n');
    expect(empty).toEqual({
      ...{ name: 'e', workgroup: [1, 2, 3], buffers: [], sizes: [], shared: [], registers: [] },
      body: [],
    });
  });

  test('of a function', () => {
    const x = k.local('x', 'f32');
    const lets = [{ name: 'e', value: k.mul(x, x) }];
    const parameters = [{ name: 'x', type: 'f32' }] as const;
    const result = k.less(k.local('e', 'f32'), k.float(1));
    expect(printFunction({ name: 'small', parameters, lets, result })).toBe(
      'function small(x: f32): bool {\n  let e: f32 = x * x\n  return e < 1.0\n}\n',
    );
  });
});

describe('numbers', () => {
  test.each([
    [k.float(1), '1.0'],
    [k.float(-0), '-0.0'],
    [k.float(1e21), '1e+21'],
    [k.float(1e-7), '1e-7'],
    [k.float(0.1), '0.1'],
    [k.float(-Infinity), '-inf'],
    [k.float(NaN), 'nan'],
    [k.int(-3), '-3'],
    [k.bool(true), 'true'],
    [k.unary('neg', k.int(3)), '-(3)'],
    [k.unary('neg', k.int(-3)), '-(-3)'],
    [k.unary('neg', k.float(Infinity)), '-(inf)'],
  ])('%j is %s', (e, printed) => {
    expect(printExpression(e)).toBe(printed);
  });
});

describe('parentheses', () => {
  const of = (op: BinaryOp, x: Expression, y: Expression): Expression => ({
    ...{ kind: 'binary', op, x, y, type: op === 'less' ? 'bool' : 'i32' },
  });
  const [a, b, c] = [k.size('a'), k.size('b'), k.size('c')];
  test.each([
    [of('sub', of('sub', a, b), c), 'a - b - c'],
    [of('sub', a, of('sub', b, c)), 'a - (b - c)'],
    [of('mul', of('add', a, b), c), '(a + b) * c'],
    [of('add', a, of('mul', b, c)), 'a + b * c'],
    [of('div', a, of('mul', b, c)), 'a / (b * c)'],
    [of('bitOr', of('bitAnd', a, b), c), 'a & b | c'],
    [of('shiftLeft', a, of('add', b, c)), 'a << b + c'],
    [of('less', of('bitAnd', a, b), c), 'a & b < c'],
    [of('mul', k.unary('neg', of('mul', a, b)), c), '-(a * b) * c'],
    [of('sub', a, k.unary('neg', b)), 'a - -b'],
    [of('sub', a, k.int(-1)), 'a - -1'],
    [of('max', of('add', a, b), c), 'max(a + b, c)'],
    [k.unary('neg', k.unary('neg', a)), '--a'],
  ])('stand where they must: %#', (e, printed) => {
    expect(printExpression(e)).toBe(printed);
    const kernel = readKernel('kernel e workgroup(1, 1, 1) { size a size b size c }');
    const body: readonly Statement[] = [{ kind: 'let', name: 'x', value: e }];
    expect(readKernel(printKernel({ ...kernel, body })).body).toEqual(body);
  });
});

test('what is no kernel prints too', () => {
  const nameless: Expression = { kind: 'load', memory: '?', index: k.float(0.5), type: 'f32x4' };
  const wrong = [
    { kind: 'assign', name: 'x', value: nameless },
    { kind: 'let', name: 'y', value: k.int(1.5) },
  ] as const;
  expect(printStatements(wrong)).toBe('x = "?"[0.5 : 4]\nlet y: i32 = 1.5');
});
