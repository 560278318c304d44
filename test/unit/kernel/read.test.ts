/** Text that is no kernel and no program: a CompilerBug that names the line. */
import { describe, expect, test } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';

const kernel = (...lines: readonly string[]): string =>
  ['kernel a workgroup(1, 1, 1) {', ...lines, '}'].join('\n');

describe('no kernel', () => {
  test.each([
    ['', 'line 1: expected kernel'],
    ['kernel a workgroup(1, 1) {}', 'a workgroup has three axes'],
    [`${kernel()} more`, 'expected the end, found more'],
    [kernel('buffer b: f64 read'), 'line 2: expected a type'],
    [kernel('buffer b: f32 twice'), 'line 2: expected read, write or readWrite'],
    [kernel('let for: i32 = 1'), 'line 2: expected a name, found for'],
    [kernel('let x: i32 = 1.0'), 'line 2: f32 and not i32'],
    [kernel('', 'let x: i32 = y'), 'line 3: y is not declared here'],
    [kernel('let x: f32 = y[0]'), 'y is no memory here'],
    [kernel('let x: f32 = y(0)'), 'y is no function here'],
    [kernel('let x: i32 = workgroup.w'), 'workgroup.w is not declared here'],
    [kernel('let x: f32 = min(1.0)'), 'min takes two operands'],
    [kernel('let x: f32 = sqrt(1.0, 2.0)'), 'sqrt takes one operand'],
    [kernel('let x: f32 = select(true, 2.0)'), 'select takes three operands'],
    [kernel('let x: f32 = lane(splat(1.0), 4)'), 'there is no lane 4'],
    [
      kernel('buffer b: f32 write', 'b[0 : 4] = 1.0'),
      'line 3: one number for four, or four for one',
    ],
    [kernel('let x: i32 = 1 +'), 'expected an expression'],
    [kernel('1 = 2'), 'expected a statement, found 1 = 2'],
    [kernel('if true { let x: i32 = 1 }', 'x = x'), 'line 3: x is not declared here'],
  ])('%j', (text, message) => {
    expect(() => readKernel(text)).toThrow(CompilerBug);
    expect(() => readKernel(text)).toThrow(message);
  });
});

const program = (...lines: readonly string[]): string =>
  ['program p {', 'memory f32[4] i32[0]', ...lines, '}'].join('\n');

describe('no program', () => {
  test.each([
    ['program p {}', 'line 1: expected memory'],
    [program('tensor x: f32[T] at 0'), 'line 3: T is not declared here'],
    [program('parameter x: float[] input in y'), 'there is no tensor y'],
    [program('tensor x: f32[1] at 0', 'parameter x: real[] input in x'), 'float, int or bool'],
    [program('tensor x: f32[1] at 0', 'parameter x: float[] thing in x'), 'expected a role'],
    [program('dispatch k() groups(1, 1, 1)'), 'there is no kernel k'],
    [program(kernel(), 'dispatch a() groups(1, 1)'), 'groups have three axes'],
    [program(kernel('size n'), 'dispatch a() sizes(m: 1) groups(1, 1, 1)'), 'expected n, found m'],
    [program(kernel('size n'), 'dispatch a() sizes() groups(1, 1, 1)'), 'n is missing'],
    [program(kernel(), 'dispatch a(x: y) groups(1, 1, 1)'), 'expected ), found x: y'],
    [program('function f(): i32 { return 1.0 }'), 'f32 and not i32'],
    [program('function f(): i32 { return f() }'), 'f is no function here'],
    [program('more'), 'expected dispatch, found more'],
  ])('%j', (text, message) => {
    expect(() => readProgram(text)).toThrow(CompilerBug);
    expect(() => readProgram(text)).toThrow(message);
  });
});

test('white space between words does not matter', () => {
  const spaced = 'kernel a workgroup ( 1,1 , 1 ) {let x : i32=1+2 let y:i32=x\n// c \nbarrier}';
  const { body } = readKernel(spaced);
  expect(body.map(({ kind }) => kind)).toEqual(['let', 'let', 'comment', 'barrier']);
  expect(body[2]).toEqual({ kind: 'comment', text: 'c ' });
});
