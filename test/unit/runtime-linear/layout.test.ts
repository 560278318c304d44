/** Where things lie in linear memory, and what is too much for it. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { layOutMemory } from '../../../runtime/linear/layout.ts';
import { Layouts } from '../../../runtime/linear/layouts.ts';
import { faultOf } from '../../support/fault.ts';
import { dispatchOf, kernelOf, programOf } from '../runtime-interpreter/programs.ts';

const [B, T] = [k.size('B'), k.size('T')];
const one = k.int(1);

function programWith(parts: Partial<Program>): Program {
  return programOf({
    symbols: ['B', 'T'],
    tensors: [
      { name: 'x', length: B },
      { name: 'ids', element: 'i32', length: T },
      { name: 'y', length: B },
      { name: 'more', element: 'i32', length: T },
    ],
    kernels: [
      kernelOf({ body: [], registers: [{ name: 'a', element: 'f32', length: 30 }], sizes: ['n'] }),
    ],
    ...parts,
  });
}

function sizes(batch: number, time: number): Map<string, number> {
  return new Map([
    ['B', batch],
    ['T', time],
  ]);
}

describe('a layout', () => {
  test('has control words, scratch of each thread, and two arenas, each by lines of 64 bytes', () => {
    const layout = layOutMemory(programWith({}), sizes(10, 3), 3);
    expect(layout).toMatchObject({
      symbols: [10, 3],
      scratch: 128,
      scratchStride: 128,
      f32Base: 128 + 3 * 128,
      // 12 + 12 elements.
      i32Base: 512 + 128,
      lengths: [10, 3, 10, 3],
      addresses: [512, 640, 512 + 4 * 12, 640 + 4 * 4],
      bytes: 640 + 64,
    });
  });

  test('of the same sizes is the same object', () => {
    const layouts = new Layouts(programWith({}), 1);
    const first = layouts.of(sizes(1, 1));
    for (let i = 2; i < 10; i++) expect(layouts.of(sizes(i, 1))).not.toBe(first);
    expect(layouts.of(new Map([...sizes(1, 1), ['other', 7]]))).toBe(first);
  });
});

describe('too much', () => {
  const codeOf = (program: Program, batch: number, time: number): string => {
    const fault = faultOf(() => layOutMemory(program, sizes(batch, time), 2));
    expect(fault.code).toBe('T6401');
    return fault.message;
  };

  test('is more than 2 GiB, told by bytes, sizes and the largest tensors', () => {
    expect(codeOf(programWith({}), 3e8, 1)).toBe(
      'test needs 2400000448 bytes of memory at B = 300000000, T = 1 ' +
        '(x 1200000000, y 1200000000, ids 4); ' +
        '2147483648 bytes are the most that a program can have',
    );
  });

  test('is whatever takes more than 32 bits on the way, though little comes out', () => {
    const square = k.div(k.mul(B, B), B);
    const counting = /^test has to count to 4900000000 at B = 70000, T = \d+, which takes/;
    const groups = [square, one, one] as const;
    expect(codeOf(programWith({ steps: [dispatchOf({ groups })] }), 70_000, 1)).toMatch(counting);
    const sized = dispatchOf({ sizes: [square] });
    expect(codeOf(programWith({ prepare: [sized] }), 70_000, 1)).toMatch(counting);
    const shares = dispatchOf({ groups: [k.mul(B, k.int(30_000)), one, one] });
    expect(codeOf(programWith({ steps: [shares] }), 70_000, 1)).toContain('count to 4200000000');
  });

  test('is looked for at both ends of a loop over time', () => {
    const at = (step: Program['steps'][number]): Program => programWith({ steps: [step] });
    const up = k.mul(k.size('t'), k.int(1_000_000));
    const down = k.sub(k.int(3_000_000_000), up);
    const loop = (step: typeof up) =>
      at({ kind: 'repeat', variable: 't', count: T, body: [dispatchOf({ step })] });
    expect(codeOf(loop(up), 1, 5000)).toContain('count to 4999000000');
    expect(codeOf(loop(down), 1, 5000)).toContain('count to 3000000000');
    expect(layOutMemory(loop(up), sizes(1, 2000), 1).symbols).toEqual([1, 2000]);
    expect(layOutMemory(loop(up), sizes(1, 0), 1).symbols).toEqual([1, 0]);
  });
});
