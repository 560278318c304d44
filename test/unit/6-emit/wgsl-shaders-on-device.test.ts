/** Texts that a device must take: whatever things are called, wherever a barrier may stand. */
import { describe, expect, test } from 'vitest';
import { kernelWgsl } from '../../../compiler/6-emit/wgsl/emit.ts';
import { reservedNames } from '../../../compiler/6-emit/wgsl/reserved.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { gpuDevice, gpuUnavailable } from '../../support/gpu.ts';
import { complaints, runWgsl } from '../../support/wgsl-runs.ts';

const shared = await gpuDevice();
const note = `on a device ${gpuUnavailable ?? ''}`;

function device(): GPUDevice {
  if (shared === undefined) throw new Error(gpuUnavailable);
  return shared;
}

const store = (memory: string, index: number, value: Expression): Statement => {
  return { kind: 'store', memory, index: k.int(index), value };
};

describe.skipIf(gpuUnavailable !== undefined)(note, () => {
  const uniform = k.add(k.size('n'), k.workgroup(0));
  const asFloat = k.unary('toFloat', uniform);
  let deep: Expression = uniform;
  for (let n = 0; n < 100; n++) deep = k.binary('bitXor', k.size('n'), deep);
  test.each([
    ['sizes, the step and the place of the workgroup', k.less(k.mul(uniform, k.step), k.int(9))],
    ['floats and back', k.less(k.unary('toInt', k.unary('sqrt', asFloat)), k.int(7))],
    ['bits', k.equal(k.unary('toBits', asFloat), k.binary('shiftRight', uniform, k.step))],
    ['constants that are hidden', k.less(asFloat, k.div(k.float(1), k.float(0)))],
    ['fours', k.less(k.lane(k.unary('splat', asFloat), 2), k.float(-Infinity))],
    [
      'and, or, select',
      k.or(
        k.and(k.less(uniform, k.step), k.less(k.step, uniform)),
        k.select(k.less(uniform, k.int(3)), k.bool(true), k.less(k.step, k.int(2))),
      ),
    ],
    ['functions', k.call('odd', [uniform], 'bool')],
    ['deep ones', k.less(deep, k.int(5))],
  ])('a barrier behind a condition that is the same for all: %s', async (_, condition) => {
    const i = k.local('i', 'i32');
    const functions = [
      {
        name: 'odd',
        parameters: [{ name: 'i', type: 'i32' as const }],
        lets: [{ name: 'half', value: k.div(i, k.int(2)) }],
        result: k.notEqual(k.unary('toInt', k.unary('toFloat', k.local('half', 'i32'))), i),
      },
    ];
    const barrier: Statement = { kind: 'barrier' };
    const go = k.local('go', 'bool');
    const differs: Statement = k.forLoop('own', k.invocation(0), [
      { kind: 'let', name: 'nothing', value: k.local('own', 'i32') },
    ]);
    const kernel: Kernel = {
      name: 'uniform',
      buffers: [{ name: 'y', element: 'f32', access: 'write' }],
      sizes: ['n'],
      workgroup: [8, 2, 1],
      shared: [],
      registers: [],
      body: [
        { kind: 'if', condition, then: [barrier], otherwise: [differs, barrier] },
        { kind: 'while', condition, body: [barrier, differs] },
        { kind: 'var', name: 'go', value: condition },
        {
          kind: 'while',
          condition: go,
          body: [{ kind: 'assign', name: 'go', value: condition }, barrier],
        },
        k.forLoop(
          'i',
          k.select(condition, uniform, k.step),
          [barrier],
          k.select(go, uniform, k.int(1)),
        ),
      ],
    };
    verifyKernel(kernel, functions);
    expect(await complaints(device(), kernelWgsl(kernel, functions))).toEqual([]);
  });

  test('names are data', async () => {
    const names = [
      ...reservedNames,
      ...['', '_', '__', '__x', '1', 'x.y', 'x y', 'x"', "h'", 'c̃', '\u0303', 'Γu', '日本', '𝛼'],
      ...[
        '\0',
        '\n',
        '\u2028 discard;',
        '*/',
        '//',
        '\ud835',
        'x'.repeat(10_000),
        'main()',
        'a\u200db',
      ],
      ...['load4_floats', 'store4_floats', 'part 1', 'floats_', 'x_at', 'x'],
    ];
    const one = k.int(1);
    const local = (name: string): Expression => k.local(name, 'i32');
    const sum = (name: string): Expression => k.add(k.size(`${name}.size`), local(name));
    const kernel: Kernel = {
      name: '\n@compute\u2028fn main() {',
      buffers: names.map((name) => ({ name, element: 'i32', access: 'write' })),
      sizes: names.map((name) => `${name}.size`),
      workgroup: [1, 1, 1],
      shared: names.map((name) => ({ name: `${name} shared`, element: 'i32', length: 1 })),
      registers: names.map((name) => ({ name: `${name}\u0085`, element: 'i32', length: 4 })),
      body: [
        { kind: 'comment', text: names.join('\r') },
        ...names.map((name): Statement => ({ kind: 'let', name, value: one })),
        ...names.map((name) => store(name, 0, k.call(name, [sum(name)], 'i32'))),
        ...names.map((name) => store(`${name} shared`, 0, local(name))),
        ...names.map((name) => store(`${name}\u0085`, 1, local(name))),
      ],
    };
    const functions = names.map((name) => ({
      name,
      parameters: [{ name, type: 'i32' as const }],
      lets: [],
      result: local(name),
    }));
    expect(await complaints(device(), kernelWgsl(kernel, functions))).toEqual([]);
  });

  test.each(['index4', 'value4', 'x', 'at', 'bits', 'floats'])(
    'four at once of an array called %s',
    async (name) => {
      const text = `
        kernel called workgroup(1, 1, 1) {
          buffer y: f32 write
          shared tile: f32[8]
          tile[0 : 4] = splat(3.0)
          tile[4 : 4] = tile[0 : 4]
          tile[2] = 5.0
          y[0 : 4] = tile[0 : 4]
          y[4] = tile[6]
        }`.replaceAll('tile', name);
      const [y] = await runWgsl(device(), {
        kernel: readKernel(text),
        tensors: [new Float32Array(5)],
      });
      expect(y).toEqual(Float32Array.of(3, 3, 5, 3, 3));
    },
  );
});
