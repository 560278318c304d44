/** Kernels on a device leave in memory what the interpreter leaves there. */
import { describe, expect, test } from 'vitest';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import { compileKernel } from '../../../runtime/interpreter/compile-kernel.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { gpuDevice, gpuUnavailable } from '../../support/gpu.ts';
import { runWgsl, type Elements, type WgslRun } from '../../support/wgsl-runs.ts';

const shared = await gpuDevice();
const note = `on a device ${gpuUnavailable ?? ''}`;

function device(): GPUDevice {
  if (shared === undefined) throw new Error(gpuUnavailable);
  return shared;
}

function numbers(count: number, seed: number): Float32Array {
  const draw = drawer(seed);
  return Float32Array.from({ length: count }, () => Math.floor(draw() * 64));
}

/** The device leaves in memory what the interpreter leaves there. */
async function agree(text: string, run: Omit<WgslRun, 'kernel'>): Promise<readonly Elements[]> {
  const kernel = verifyKernel(readKernel(text), []);
  const tensors = run.tensors.map((tensor) => tensor.slice());
  const { sizes = [], step = 0, groups = [1, 1, 1] } = run;
  const interpret = compileKernel(
    kernel,
    () => {
      throw new Error('no functions');
    },
    { poison: true },
  );
  interpret({ kernel: 0, tensors: [], sizes, step, groups }, tensors);
  const found = await runWgsl(device(), { ...run, kernel });
  expect(found).toEqual(tensors);
  return found;
}

describe.skipIf(gpuUnavailable !== undefined)(note, () => {
  test('a product in tiles: shared memory, barriers in loops, many workgroups', async () => {
    const text = `
      kernel product workgroup(4, 4, 1) {
        buffer a: f32 read
        buffer b: f32 read
        buffer c: f32 write
        size M
        size N
        size K
        shared left: f32[16]
        shared right: f32[16]
        let row: i32 = workgroup.y * 4 + invocation.y
        let column: i32 = workgroup.x * 4 + invocation.x
        let own: i32 = invocation.y * 4 + invocation.x
        var sum: f32 = 0.0
        for from = 0 to K step 4 {
          let ofA: i32 = from + invocation.x
          let ofB: i32 = from + invocation.y
          left[own] = select(row < M && ofA < K, a[min(row, M - 1) * K + min(ofA, K - 1)], 0.0)
          right[own] = select(column < N && ofB < K, b[min(ofB, K - 1) * N + min(column, N - 1)], 0.0)
          barrier
          for j = 0 to 4 {
            sum = sum + left[invocation.y * 4 + j] * right[j * 4 + invocation.x]
          }
          barrier
        }
        if row < M && column < N {
          c[row * N + column] = sum
        }
      }`;
    const tensors = [numbers(7 * 9, 1), numbers(9 * 6, 2), new Float32Array(7 * 6)];
    const [, , c] = await agree(text, { tensors, sizes: [7, 6, 9], groups: [2, 2, 1] });
    expect(c?.every((sum) => sum > 0)).toBe(true);
  });

  test('a sum that halves its width, while loops with barriers', async () => {
    const text = `
      kernel halves workgroup(16, 1, 1) {
        buffer x: f32 read
        buffer y: f32 write
        shared partial: f32[16]
        registers own: f32[1]
        var width: i32 = 16
        own[0] = x[workgroup.x * 16 + invocation.x]
        while 1 < width {
          partial[invocation.x] = own[0]
          barrier
          width = width / 2
          if invocation.x < width {
            own[0] = own[0] + partial[invocation.x + width]
          }
          barrier
        }
        if invocation.x == 0 {
          y[step * 3 + workgroup.x] = own[0]
        }
      }`;
    const tensors = [numbers(48, 4), new Float32Array(6)];
    await agree(text, { tensors, groups: [3, 1, 1], step: 1 });
  });

  test('what invocations hand to each other through a buffer', async () => {
    const text = `
      kernel turn workgroup(64, 1, 1) {
        buffer y: f32 readWrite
        size n
        for i = 0 to n {
          let next: f32 = y[mod(invocation.x + 1, 64)]
          barrier
          y[invocation.x] = next + 1.0
          barrier
        }
      }`.replace('mod(invocation.x + 1, 64)', '(invocation.x + 1) % 64');
    const [y] = await agree(text, { tensors: [numbers(64, 5)], sizes: [9] });
    expect(y).toHaveLength(64);
  });

  const fours = (kernel: string): string => `
    kernel fours workgroup(4, 1, 1) {
      buffer x: f32 read
      buffer y: f32 readWrite
      shared tile: f32[32]
      registers r: f32[8]
      size n
      let i: i32 = invocation.x
      ${kernel}
    }`;
  test.each([
    ['vectors throughout', 'y[i * 4 + 16 : 4] = x[n * 4 : 4] * x[i * 4 : 4] + y[i * 4 + 16 : 4]'],
    ['single loads', 'y[i * 4 : 4] = splat(x[i + n] + x[i * 4 + 3]) - x[i * 4 + 4 : 4]'],
    ['single stores', 'y[i] = lane(x[i * 4 : 4], 1) + x[i] y[i * 4 + 8 : 4] = x[i * 4 : 4]'],
    [
      'shared vectors',
      'tile[i * 4 : 4] = x[i * 4 : 4] barrier y[i * 4 : 4] = tile[12 - i * 4 : 4] * splat(tile[i])',
    ],
    [
      'shared singles',
      `tile[i * 4 : 4] = x[i * 4 : 4] tile[i + 16] = x[i] barrier
       y[i * 4 : 4] = tile[12 - i * 4 : 4] + splat(tile[16 + (i + 1) % 4])`,
    ],
    [
      'registers',
      `r[4 : 4] = x[i * 4 : 4] r[i] = x[5] r[i + 4] = 9.0 r[1] = lane(r[4 : 4], 2)
       y[i * 4 : 4] = r[0 : 4] - r[4 : 4] * splat(r[i * 2])`,
    ],
  ])('four at once: %s', async (_, kernel) => {
    await agree(fours(kernel), { tensors: [numbers(64, 6), numbers(64, 7)], sizes: [3] });
  });

  test('bounds that no barrier minds, places and conditions', async () => {
    const text = `
      kernel odd workgroup(2, 2, 2) {
        buffer lengths: i32 read
        buffer y: i32 readWrite
        size n
        let at: i32 = (workgroup.z * 2 + workgroup.y) * 8 + invocation.z * 4 + invocation.y * 2 + invocation.x
        var sum: i32 = 0
        for t = -3 to lengths[at % n] step n - 1 {
          sum = sum + t * t
        }
        barrier
        if at % 3 == 0 {
          y[at] = sum
        } else if at % 3 == 1 || (n < 2 && sum < 100) {
          y[at] = -sum
        } else {
          y[at] = lengths[0] << (at & 7)
        }
      }`;
    const tensors = [Int32Array.of(4, 9, 0, 7), new Int32Array(48).fill(5)];
    await agree(text, { tensors, sizes: [4], groups: [1, 2, 3] });
  });
});
