/** What a program must keep: each breach and its message. */
import { describe, expect, test } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { printProgram } from '../../../compiler/kernel/print-program.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { verifyProgram } from '../../../compiler/kernel/verify-program.ts';
import type { Dispatch, Program } from '../../../runtime/artifact/program.ts';

const text = `program steps {
  symbols B, T
  memory f32[8 * B * T + 8] i32[4 * B]
  tensor x: f32[B * T] at 0
  tensor y: f32[B * T] at 4 * B * T
  tensor h: f32[4] at 8 * B * T
  tensor "next h": f32[4] at 8 * B * T + 4
  tensor ids: i32[B] at 0
  tensor lengths: i32[B] at (B + 3) / 4 * 4
  parameter x: float[B, T] input in x
  parameter h: float[4] state in h
  parameter ids: int[B] input in ids ids below 2*T+1 or negative within lengths
  parameter lengths: int[B] control in lengths
  result y: float[B, T] in y
  result z: float[B, T] in y
  result hn: float[4] in h feeds h
  function plus(a: f32, b: f32): f32 { return a + b }
  kernel copy workgroup(64, 1, 1) {
    buffer from: f32 read
    buffer into: f32 write
    size n
    let i: i32 = workgroup.x * 64 + invocation.x
    if i < n { into[i] = from[i] }
  }
  kernel add workgroup(64, 1, 1) {
    buffer x: f32 read
    buffer more: f32 read
    buffer h: f32 readWrite
    calls plus: f32
    h[invocation.x] = plus(x[step], more[step])
  }
  dispatch copy(from: x, into: y) sizes(n: B * T) groups((B * T + 63) / 64, 1, 1) from "a.gate:1:1"
  repeat t to T {
    dispatch add(x: x, more: x, h: h) groups(1, 1, 1) step T - 1 - t
  }
  dispatch copy(from: h, into: "next h") sizes(n: 4) groups(1, 1, 1)
}`;

/** The text with a part of it changed. */
const changed = (from: string, to: string): Program => {
  expect(text).toContain(from);
  return readProgram(text.replace(from, to));
};

const expectBreach = (program: Program, message: string): void => {
  expect(() => verifyProgram(program)).toThrow(CompilerBug);
  expect(() => verifyProgram(program)).toThrow(message);
};

test('a program that keeps all of it comes back', () => {
  const program = readProgram(text);
  expect(verifyProgram(program)).toBe(program);
  expect(readProgram(printProgram(program))).toEqual(program);
});

test('a breach carries the text', () => {
  const program = changed('result z: float', 'result z: int');
  expect(() => verifyProgram(program)).toThrow(
    expect.objectContaining({ dump: printProgram(program) }),
  );
});

test('kernels and functions are verified', () => {
  expectBreach(
    changed('let i: i32 = workgroup.x', 'barrier n = 3 let i: i32 = workgroup.x'),
    'n is',
  );
  expectBreach(changed('return a + b', 'return a + 1'), 'function plus: a + 1: no such op');
});

describe('names and places', () => {
  test.each([
    ['symbols B, T', 'symbols B, T, B', 'two symbols B'],
    ['tensor ids', 'tensor x: i32[B] at 0 tensor ids', 'two tensors x'],
    ['result z', 'result y', 'two results y'],
    ['parameter h', 'parameter x', 'two parameters x'],
    ['kernel add', 'kernel copy workgroup(1, 1, 1) {} kernel add', 'two kernels copy'],
    ['result y: float', 'result y: bool', 'y holds bool and lies in a tensor of f32'],
    ['parameter ids: int[B] input in ids', 'parameter ids: int[B] input in x', 'ids holds int'],
    ['parameter h: float[4]', 'parameter h: float[S]', 'the symbol S is not declared'],
    ['ids below 2*T+1', 'ids below S', 'the symbol S is not declared'],
    ['within lengths', 'within x', 'x are no lengths for ids'],
    ['within lengths', 'within more', 'more are no lengths for ids'],
    ['input in x', 'input in x ids below 4', 'x holds float and no ids'],
    ['feeds h', 'feeds more', 'hn feeds more, which is no parameter'],
    [
      'result hn: float[4] in h',
      'result hn: float[4] in "next h"',
      'hn feeds h and lies elsewhere',
    ],
    ['at 0', 'at 1.0', '1.0 is no size over B, T'],
    ['f32[B * T] at 0', 'f32[B << T] at 0', 'B << T is no size over B, T'],
    ['memory f32[8 * B * T + 8]', 'memory f32[min(8, -B)]', 'min(8, -B) is no size'],
    [
      'at 4 * B * T',
      'at 2 * B * T',
      'y lies at 2310 with 1155 elements where B = 33, T = 35, at no',
    ],
    ['at 4 * B * T', 'at 4 * (T - B - 3)', 'y lies at -4 with'],
    ['memory f32[8 * B * T + 8]', 'memory f32[8 * B * T + 7]', 'the arena has 9247'],
    [
      'i32[4 * B]',
      'i32[0]',
      'ids lies at 0 with 33 elements where B = 33, T = 35, the arena has 0',
    ],
  ])('%s becomes %s', (from, to, message) => expectBreach(changed(from, to), message));
});

describe('steps', () => {
  test.each([
    [
      'copy(from: x, into: y)',
      'copy(from: x, into: x)',
      'copy writes x, which is another of its buffers',
    ],
    ['more: x, h: h', 'more: h, h: h', 'add writes h, which is another of its buffers'],
    [
      'h: f32[4] at 8 * B * T',
      'h: f32[4] at 8 * B * T + 4',
      'copy writes next h, which overlaps h',
    ],
    ['copy(from: x', 'copy(from: ids', 'copy: from holds f32, ids does not'],
    [' step T - 1 - t', '', 'add is given no time step'],
    ['sizes(n: B * T) ', '', 'copy is given 2 tensors and 0 sizes, it takes 2 and 1'],
    ['symbols B, T', 'symbols B, T, t', 't is a symbol already'],
    ['repeat t to T', 'repeat t to T / 0', 'T / 0 is Infinity where'],
    ['groups(1, 1, 1) step', 'groups(0 - T, 1, 1) step', '0 - T is -35 where B = 33, T = 35'],
    ['n: B * T', 'n: B * T * 4000000', 'B * T * 4000000 is 4620000000 where'],
    ['groups(1, 1, 1) step', 'groups(1, 1, 1.0) step', '1.0 is no size over B, T'],
    ['step T - 1 - t', 'step abs(t)', 'abs(t) is no size over B, T, t'],
    [
      'dispatch add(x: x, more: x, h: h) groups(1, 1, 1) step T - 1 - t',
      '',
      'the kernel add is never dispatched',
    ],
  ])('%s becomes %s', (from, to, message) => expectBreach(changed(from, to), message));

  const program = readProgram(text);
  const dispatch = (change: Partial<Dispatch>): Program => {
    const [first, ...rest] = program.steps;
    if (first?.kind !== 'dispatch') throw new Error('no dispatch');
    return { ...program, steps: [{ ...first, ...change }, ...rest] };
  };
  test.each([
    [dispatch({ kernel: 7 }), 'there is no kernel 7'],
    [dispatch({ tensors: [0, 9] }), 'there is no tensor 9'],
    [dispatch({ tensors: [0] }), 'copy is given 1 tensors and 1 sizes'],
    [dispatch({ step: k.size('t') }), 't is no size over B, T'],
    [dispatch({ sizes: [k.size('t')] }), 't is no size over B, T'],
  ])('%#', (wrong, message) => expectBreach(wrong, message));
});

test('tensors may overlap that no dispatch has together', () => {
  const program = changed('"next h": f32[4] at 8 * B * T + 4', '"next h": f32[4] at 0');
  expect(verifyProgram(program)).toBe(program);
});
