/** Ids and lengths that make no sense are faults that say where and what was expected. */
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { ProgramParameter } from '../../../runtime/artifact/program.ts';
import type { Dim } from '../../../runtime/artifact/size.ts';
import { checkIds } from '../../../runtime/session/check-ids.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { faultOf } from '../../support/fault.ts';

const symbol = (name: string): Dim => ({
  constant: 0,
  terms: [{ symbol: name, coefficient: 1 }],
});
const [B, T, V] = [symbol('B'), symbol('T'), symbol('V')];

function parameter(
  name: string,
  shape: readonly Dim[],
  rest: Partial<ProgramParameter> = {},
): ProgramParameter {
  return { name, role: 'input', dtype: 'int', shape, tensor: 0, ...rest };
}

const tokens = parameter('tokens', [B, T], {
  ids: { below: V, negative: false, lengths: 'lengths' },
});
const lengths = parameter('lengths', [B], { role: 'control' });

function check(
  parameters: readonly ProgramParameter[],
  inputs: Readonly<Record<string, NdArray>>,
  symbols: Readonly<Record<string, number>> = {},
): void {
  const bindings = new Map(Object.entries({ B: 2, T: 4, V: 10, ...symbols }));
  checkIds(parameters, new Map(Object.entries(inputs)), bindings);
}

/** Code and message of the fault. */
function told(...given: Parameters<typeof check>): string {
  const { code, message } = faultOf(() => check(...given));
  return `${code}: ${message}`;
}

describe('ids', () => {
  const full = { lengths: ints([2], [4, 4]) };

  test('are from 0 to below the number of rows', () => {
    const with12 = { tokens: ints([2, 4], [0, 1, 2, 12, 4, 5, 6, 7]), ...full };
    expect(told([tokens, lengths], with12)).toBe(
      'R7003: input tokens: the id at [0, 3] is 12, but ids run from 0 to 9',
    );
    expect(() => check([tokens, lengths], with12, { V: 13 })).not.toThrow();
    expect(told([tokens, lengths], with12, { V: 12 })).toContain('ids run from 0 to 11');
    const below = { tokens: ints([2, 4], [0, 1, 2, 3, 4, 5, -1, 7]), ...full };
    expect(told([tokens, lengths], below)).toContain('the id at [1, 2] is -1');
  });

  test('past their lengths may be anything', () => {
    const padded = (data: number[], given: number[]): Record<string, NdArray> => ({
      tokens: ints([2, 4], data),
      lengths: ints([2], given),
    });
    expect(() =>
      check([tokens, lengths], padded([0, 99, 99, 99, 1, 2, 3, -5], [1, 3])),
    ).not.toThrow();
    expect(told([tokens, lengths], padded([0, 99, 99, 99, 1, 2, 3, -5], [1, 4]))).toContain(
      '[1, 3]',
    );
    expect(told([tokens, lengths], padded([0, 99, 99, 99, 1, 2, 3, 5], [2, 3]))).toContain(
      '[0, 1]',
    );
    expect(() =>
      check([tokens, lengths], padded([9, 9, 9, 99, 99, 99, 99, 99], [3, 0])),
    ).not.toThrow();
  });

  test('without lengths all count', () => {
    const alone = parameter('tokens', [B, T], { ids: { below: V, negative: false } });
    const last = { tokens: ints([2, 4], [0, 0, 0, 0, 0, 0, 0, 10]) };
    expect(told([alone], last)).toContain('the id at [1, 3] is 10');
  });

  test('may be one a row, or several a time step', () => {
    const label = parameter('label', [B], { ids: { below: V, negative: false } });
    expect(told([label], { label: ints([2], [3, 10]) })).toContain('the id at [1] is 10');
    const pairs = parameter('pairs', [B, T, symbol('K')], {
      ids: { below: V, negative: false, lengths: 'lengths' },
    });
    const data = new Array<number>(16).fill(0);
    data[2 * 4 + 2 * 2 + 1] = 11;
    const inputs = { pairs: ints([2, 4, 2], data) };
    expect(told([pairs, lengths], { ...inputs, lengths: ints([2], [4, 3]) })).toContain(
      'the id at [1, 2, 1] is 11',
    );
    expect(() => check([pairs, lengths], { ...inputs, lengths: ints([2], [4, 2]) })).not.toThrow();
  });

  test('may be below 0 where a target does not count', () => {
    const target = parameter('target', [B], { ids: { below: V, negative: true } });
    expect(() => check([target], { target: ints([2], [-1, 9]) })).not.toThrow();
    expect(told([target], { target: ints([2], [-1, 10]) })).toBe(
      'R7003: input target: the id at [1] is 10, but ids are below 10',
    );
  });

  test('of a table without rows are none', () => {
    const empty = { tokens: ints([2, 4], new Array<number>(8).fill(0)), ...full };
    expect(told([tokens, lengths], empty, { V: 0 })).toContain('is 0, but there are none');
  });

  test('of parameters that are not given are not looked at', () => {
    expect(() => check([tokens, lengths], {})).not.toThrow();
  });
});

describe('lengths', () => {
  test('are 0 to the number of time steps', () => {
    const x = parameter('x', [B, T], { dtype: 'float' });
    const numbers = { x: floats([2, 4], new Array<number>(8).fill(0)) };
    expect(told([x, lengths], { ...numbers, lengths: ints([2], [4, 5]) })).toBe(
      'R7406: lengths says 5 for row 1; expected 0 to 4, the number of time steps',
    );
    expect(told([x, lengths], { ...numbers, lengths: ints([2], [-1, 4]) })).toContain('says -1');
    expect(() => check([x, lengths], { ...numbers, lengths: ints([2], [0, 4]) })).not.toThrow();
  });

  test('of another time symbol are of that one', () => {
    const other = parameter('lengths/S', [B], { role: 'control' });
    const given = { 'lengths/S': ints([2], [6, 7]) };
    expect(told([other], given, { S: 6 })).toContain('lengths/S says 7 for row 1; expected 0 to 6');
    expect(() => check([other], given, { S: 7 })).not.toThrow();
  });

  test('are those of the ids that name them, whatever the symbol', () => {
    const words = parameter('words', [B, symbol('N')], {
      ids: { below: V, negative: false, lengths: 'lengths' },
    });
    const given = { words: ints([2, 3], [0, 0, 0, 0, 0, 0]), lengths: ints([2], [3, 4]) };
    expect(told([words, lengths], given, { N: 3 })).toContain('says 4 for row 1; expected 0 to 3');
  });

  test('that nothing ties to a sequence are not negative', () => {
    expect(() =>
      checkIds([lengths], new Map([['lengths', ints([1], [9])]]), new Map()),
    ).not.toThrow();
    const negative = new Map([['lengths', ints([1], [-9])]]);
    expect(faultOf(() => checkIds([lengths], negative, new Map())).message).toBe(
      'lengths says -9 for row 0; expected 0 or more',
    );
  });

  test('an input of that name is just an input', () => {
    const named = parameter('lengths', [B]);
    expect(() => check([named], { lengths: ints([2], [99, -1]) })).not.toThrow();
  });
});
