/** Which identifier a name becomes. */
import { describe, expect, test } from 'vitest';
import { createNames, type DeclaredName } from '../../../compiler/6-emit/wgsl/names.ts';

function identifiers(...names: string[]): string[] {
  const declared = names.map((name): DeclaredName => ({ kind: 'local', name }));
  const { of } = createNames(declared);
  return names.map((name) => of('local', name));
}

describe('names that WGSL allows stay', () => {
  test.each(['x', 'B', 'row_length', '_x', 'Γu', 'c\u0303', 'ещё', 'x2', 'h̃_t', 'é'])(
    '%s',
    (name) => {
      expect(identifiers(name)).toEqual([name]);
    },
  );

  test('also where another one would become the same', () => {
    expect(identifiers('a.b', 'a b', 'a_b', 'a_b_2')).toEqual(['a_b_3', 'a_b_4', 'a_b', 'a_b_2']);
  });
});

describe('others become one that reads alike', () => {
  test.each([
    ['lstm.l0.c~', 'lstm_l0_c_'],
    ["h'", 'h_'],
    ['', 'v'],
    ['_', 'v_'],
    ['__x', 'v__x'],
    ['1st', 'v1st'],
    ['\u0303c', 'v\u0303c'],
    ['a\nb', 'a_b'],
    ['a"b\u2028', 'a_b_'],
    ['𝛼x', '_x'],
    ['\ud835x', '_x'],
    ['x₁', 'x_'],
    ['日本', 'v__'],
    ['select', 'select_'],
    ['max', 'max_'],
    ['main', 'main_'],
    ['floats', 'floats_'],
    ['array', 'array_'],
    ['fn', 'fn_'],
    ['yield', 'yield_'],
    ['NULL', 'NULL_'],
    ['step', 'step_'],
    ['time_step', 'time_step_'],
    ['load4_floats', 'vload4_floats'],
  ])('%j is %s', (name, identifier) => {
    expect(identifiers(name)).toEqual([identifier]);
  });

  test('long names are cut, and still differ', () => {
    const long = 'x'.repeat(10_000);
    const [first = '', second = ''] = identifiers(`${long}1`, `${long}2`);
    expect(first).toBe('x'.repeat(64));
    expect(second).toBe(`${first}_2`);
  });
});

test('kinds have nothing to do with each other', () => {
  const { of, fresh } = createNames([
    { kind: 'size', name: 'B' },
    { kind: 'local', name: 'B' },
    { kind: 'local', name: 'B' },
    { kind: 'function', name: 'B' },
  ]);
  expect(of('size', 'B')).toBe('B');
  expect(of('local', 'B')).toBe('B_2');
  expect(of('function', 'B')).toBe('B_3');
  expect(fresh('B')).toBe('B_4');
  expect(() => of('memory', 'B')).toThrow('missing the memory B');
});
