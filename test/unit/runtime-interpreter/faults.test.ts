/** The interpreter as the locator of faults: what a device does in silence is told, and where. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { Kernel } from '../../../runtime/artifact/kernel.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import {
  barrier,
  blank,
  kernelOf,
  letOf,
  numbersOf,
  reads,
  runKernel,
  store,
  writes,
} from './programs.ts';

const invocation = k.invocation(0);
const x = floats([4], [1, 2, 3, 4]);

function kernel(body: Kernel['body'], parts: Partial<Kernel> = {}): Kernel {
  return kernelOf({
    buffers: [reads('x'), writes('out')],
    workgroup: [4, 1, 1],
    shared: [{ name: 'tile', element: 'f32', length: 3 }],
    registers: [{ name: 'row', element: 'i32', length: 2 }],
    body,
    ...parts,
  });
}

async function faultOf(body: Kernel['body'], origin?: string): Promise<string> {
  const dispatch = {
    groups: [k.int(1), k.int(2), k.int(1)] as const,
    ...(origin === undefined ? {} : { origin }),
  };
  try {
    await runKernel(kernel(body), { x, out: blank(4) }, dispatch);
  } catch (error) {
    return error instanceof Error ? error.message : 'no Error';
  }
  return 'no fault';
}

describe('an index out of range', () => {
  const later = k.add(invocation, k.workgroup(1));

  test('names kernel, place, memory and length', async () => {
    const load = store('out', invocation, k.load('x', later, 'f32'));
    expect(await faultOf([load])).toBe(
      'test.kernel, workgroup [0, 1, 0], invocation 3: index 4 of x, which has 4 elements',
    );
    expect(await faultOf([load], 'std/lstm.gate:7:13 lstm')).toBe(
      'test.kernel (std/lstm.gate:7:13 lstm), workgroup [0, 1, 0], invocation 3: ' +
        'index 4 of x, which has 4 elements',
    );
  });

  test('of a store, of shared memory and of registers, on either side', async () => {
    const before = k.sub(invocation, k.int(1));
    const float = k.float(1);
    const whole = k.int(1);
    expect(await faultOf([store('out', later, float)])).toContain('index 4 of out');
    expect(await faultOf([store('out', before, float)])).toContain('index -1 of out');
    expect(await faultOf([store('tile', invocation, float)])).toContain(
      'invocation 3: index 3 of tile, which has 3 elements',
    );
    expect(await faultOf([letOf('v', k.load('tile', before, 'f32'))])).toContain(
      'index -1 of tile',
    );
    // What is next to an invocation's registers are those of another.
    expect(await faultOf([store('row', invocation, whole)])).toContain(
      'invocation 2: index 2 of row, which has 2 elements',
    );
    expect(await faultOf([letOf('v', k.load('row', before, 'i32'))])).toContain('index -1 of row');
  });

  test('counts where a select throws the value away', async () => {
    const beyond = k.load('x', later, 'f32');
    const within = k.less(later, k.int(4));
    for (const value of [
      k.select(within, beyond, k.float(0)),
      k.select(k.unary('not', within), k.float(0), beyond),
    ]) {
      expect(await faultOf([store('out', invocation, value)])).toContain('index 4 of x');
    }
  });

  test('of four numbers, which begin at a multiple of 4', async () => {
    const four = (at: number): Kernel['body'] => [letOf('v', k.load('x', k.int(at), 'f32x4'))];
    expect(await faultOf(four(0))).toBe('no fault');
    expect(await faultOf(four(2))).toContain('index 2 of four numbers, which is no multiple of 4');
    expect(await faultOf(four(4))).toContain('index 4 of x');
    const splat = k.unary('splat', k.float(1));
    expect(await faultOf([store('out', k.int(1), splat)])).toContain('no multiple of 4');
  });
});

test('a barrier that not all come to', async () => {
  const condition = k.less(invocation, k.int(2));
  const message = 'not all invocations come to a barrier';
  expect(await faultOf([{ kind: 'if', condition, then: [barrier], otherwise: [] }])).toContain(
    message,
  );
  expect(await faultOf([k.forLoop('i', invocation, [barrier])])).toContain(message);
  expect(await faultOf([k.forLoop('i', k.workgroup(1), [barrier])])).toBe('no fault');
});

test('a loop that never ends, a division by 0', async () => {
  const standing = k.forLoop('i', k.int(1), [], k.int(0), k.workgroup(0));
  expect(await faultOf([standing])).toContain(
    'test.kernel, workgroup [0, 0, 0], invocation 0: a loop by 0',
  );
  const quotient = k.div(k.int(8), k.workgroup(0));
  expect(await faultOf([letOf('q', quotient)])).toContain(
    'invocation 0: a whole number is divided',
  );
});

test('what a kernel does not have, or may not touch', async () => {
  expect(await faultOf([store('z', k.int(0), k.float(1))])).toBe(
    'test.kernel: there is no memory z',
  );
  expect(await faultOf([letOf('v', k.local('w', 'f32'))])).toContain('there is no local w');
  expect(await faultOf([letOf('v', k.size('n'))])).toContain('there is no size n');
  expect(await faultOf([store('x', k.int(0), k.float(1))])).toContain('a store to x');
  expect(await faultOf([letOf('v', k.load('out', k.int(0), 'f32'))])).toContain('a load from out');
  const inner = k.forLoop('i', k.int(1), [letOf('v', k.int(1))]);
  expect(await faultOf([inner, letOf('w', k.local('v', 'i32'))])).toContain('there is no local v');
});

test('a tensor of another element type than its buffer', async () => {
  const run = runKernel(
    kernelOf({ buffers: [reads('x'), writes('n', 'i32')], body: [] }),
    { x: blank(1), n: ints([1], [1]) },
    { tensors: [1, 1] },
  );
  await expect(run).rejects.toThrow('x is given a tensor that is not f32');
});

test('poison shows what was read before it was written', async () => {
  const body = [
    ...k.when(k.less(invocation, k.int(3)), [
      store('out', invocation, k.load('tile', invocation, 'f32')),
    ]),
    ...k.when(k.less(k.int(1), invocation), [
      store('n', invocation, k.load('row', k.int(0), 'i32')),
    ]),
  ];
  const poisoned = kernel(body, { buffers: [writes('out'), writes('n', 'i32')] });
  const arrays = { out: blank(4), n: ints([4], [0, 0, 0, 0]) };
  const results = await runKernel(poisoned, arrays, {}, { poison: true });
  expect(numbersOf(results, 'out')).toEqual([NaN, NaN, NaN, NaN]);
  // Registers are zero at first, whatever memory holds.
  expect(numbersOf(results, 'n')).toEqual([0x7f7f7f7f, 0x7f7f7f7f, 0, 0]);
});

test('backwards, a result that depends on the order is another', async () => {
  const last = kernel([store('out', k.int(0), k.unary('toFloat', k.workgroup(0)))]);
  const groups = [k.int(3), k.int(1), k.int(1)] as const;
  const arrays = { x, out: blank(4) };
  expect(numbersOf(await runKernel(last, arrays, { groups }), 'out')[0]).toBe(2);
  const backward = await runKernel(last, arrays, { groups }, { backward: true });
  expect(numbersOf(backward, 'out')[0]).toBe(0);
});
