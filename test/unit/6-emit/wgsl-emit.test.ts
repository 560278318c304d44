/** Whole shaders: small kernels and the exact text that they become. */
import { expect, test } from 'vitest';
import { emitWgsl, kernelWgsl } from '../../../compiler/6-emit/wgsl/emit.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import * as k from '../../../compiler/kernel/build.ts';

const text = (kernel: string, functions: readonly KernelFunction[] = []): string =>
  kernelWgsl(readKernel(kernel), functions);

test('one element an invocation', () => {
  const kernel = `
    kernel lstm.l0.scale workgroup(64, 1, 1) {
      buffer x: f32 read
      buffer y: f32 write
      size B
      size n
      let i: i32 = workgroup.x * 64 + invocation.x
      if i < B * n {
        // y = 2x + 1
        y[i] = x[i] * 2.0 + 1.0
      }
    }`;
  expect(text(kernel)).toBe(`// lstm.l0.scale

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) workgroup_id: vec3<u32>, @builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let x_at = i32(record[0].x);
  let y_at = i32(record[0].y);
  let B = i32(record[0].z);
  let n = i32(record[0].w);

  let i = i32(workgroup_id.x) * 64 + i32(invocation_id.x);
  if (i < B * n) {
    // y = 2x + 1
    floats[y_at + i] = floats[x_at + i] * 2.0 + 1.0;
  }
}
`);
});

test('shared memory, barriers, loops, the time step, whole numbers', () => {
  const kernel = `
    kernel sums workgroup(8, 1, 1) {
      buffer x: f32 read
      buffer ids: i32 read
      buffer best: i32 write
      size T
      size "row length"
      shared partial: f32[8]
      registers last: i32[2]
      var sum: f32 = 0.0
      for j = invocation.x to "row length" step 8 {
        sum = sum + x[step * "row length" + j]
      }
      partial[invocation.x] = sum
      barrier
      var width: i32 = 4
      while width > 0 {
        width = width / 2
      }
      if invocation.x == 0 {
        last[0] = ids[step]
        best[step] = last[0]
      } else if sum < 0.0 {
        last[1] = T
      } else {
        // nothing
      }
    }`;
  expect(text(kernel.replace('width > 0', '0 < width'))).toBe(`// sums

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 2>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;

var<workgroup> partial: array<f32, 8>;

@compute @workgroup_size(8, 1, 1)
fn main(@builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let x_at = i32(record[0].x);
  let ids_at = i32(record[0].y);
  let best_at = i32(record[0].z);
  let T = i32(record[0].w);
  let row_length = i32(record[1].x);
  let time_step = i32(moment.x);
  var last: array<i32, 2>;

  var sum = 0.0;
  for (var j = i32(invocation_id.x); j < row_length; j += 8) {
    sum = sum + floats[x_at + time_step * row_length + j];
  }
  partial[i32(invocation_id.x)] = sum;
  workgroupBarrier();
  storageBarrier();
  var width = 4;
  while (0 < width) {
    width = width / 2;
  }
  if (i32(invocation_id.x) == 0) {
    last[0] = ints[ids_at + time_step];
    ints[best_at + time_step] = last[0];
  } else if (sum < 0.0) {
    last[1] = T;
  } else {
    // nothing
  }
}
`);
});

test('a kernel that writes no buffer needs no barrier of buffers', () => {
  const kernel = 'kernel k workgroup(2, 1, 1) { buffer x: f32 read barrier }';
  expect(text(kernel)).toBe(`// k

@compute @workgroup_size(2, 1, 1)
fn main() {
  workgroupBarrier();
}
`);
});

test('four numbers at once, all of them so', () => {
  const kernel = `
    kernel k workgroup(1, 1, 1) {
      buffer x: f32 read
      buffer y: f32 write
      registers r: f32[6]
      size n
      for i = 0 to n {
        r[0 : 4] = x[i * 8 + 4 : 4]
        r[5] = x[i + 3] + x[2] + x[i * 4 + 5]
        y[n : 4] = r[0 : 4] * splat(r[i])
        y[0 : 4] = r[4 * i : 4]
      }
    }`;
  expect(text(kernel)).toBe(`// k

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<vec4<f32>>;

@compute @workgroup_size(1, 1, 1)
fn main() {
  let x_at = i32(record[0].x >> 2u);
  let y_at = i32(record[0].y >> 2u);
  let n = i32(record[0].z);
  var r: array<vec4<f32>, 2>;

  for (var i = 0; i < n; i++) {
    r[0] = floats[x_at + i * 2 + 1];
    r[1][1] = floats[x_at + ((i + 3) >> 2u)][(i + 3) & 3] + floats[x_at][2] + floats[x_at + i + 1][(i * 4 + 5) & 3];
    floats[y_at + (n >> 2u)] = r[0] * vec4<f32>(r[(i >> 2u)][i & 3]);
    floats[y_at] = r[i];
  }
}
`);
});

test('four numbers at once beside stores of single ones', () => {
  const kernel = `
    kernel k workgroup(4, 1, 1) {
      buffer y: f32 readWrite
      shared tile: f32[16]
      tile[invocation.x * 4 : 4] = y[invocation.x * 4 : 4]
      barrier
      tile[invocation.x] = 1.0
      y[invocation.x] = lane(y[8 : 4], 2)
    }`;
  expect(text(kernel)).toBe(`// k

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

var<workgroup> tile: array<f32, 16>;

fn load4_floats(index4: i32) -> vec4<f32> {
  return vec4<f32>(floats[index4], floats[index4 + 1], floats[index4 + 2], floats[index4 + 3]);
}

fn store4_tile(index4: i32, value4: vec4<f32>) {
  tile[index4] = value4.x;
  tile[index4 + 1] = value4.y;
  tile[index4 + 2] = value4.z;
  tile[index4 + 3] = value4.w;
}

@compute @workgroup_size(4, 1, 1)
fn main(@builtin(local_invocation_id) invocation_id: vec3<u32>) {
  let y_at = i32(record[0].x);

  store4_tile(i32(invocation_id.x) * 4, load4_floats(y_at + i32(invocation_id.x) * 4));
  workgroupBarrier();
  storageBarrier();
  tile[i32(invocation_id.x)] = 1.0;
  floats[y_at + i32(invocation_id.x)] = load4_floats(y_at + 8).z;
}
`);
});

test('functions come before those that call them, others not at all', () => {
  const x = k.local('x', 'f32');
  const parameters = [{ name: 'x', type: 'f32' }] as const;
  const functions: KernelFunction[] = [
    { name: 'unused', parameters, lets: [], result: x },
    {
      name: 'gelu',
      parameters,
      lets: [{ name: 'inner', value: k.call('math.tanh', [x], 'f32') }],
      result: k.mul(k.local('inner', 'f32'), x),
    },
    { name: 'math.tanh', parameters, lets: [], result: k.unary('neg', x) },
  ];
  const kernel = `
    kernel k workgroup(1, 1, 1) {
      buffer y: f32 readWrite
      calls gelu: f32
      y[0] = gelu(y[1]) + gelu(y[2])
    }`;
  expect(text(kernel, functions)).toBe(`// k

@group(0) @binding(0) var<uniform> record: array<vec4<u32>, 1>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;

fn math_tanh(x: f32) -> f32 {
  return -x;
}

fn gelu(x: f32) -> f32 {
  let inner = math_tanh(x);
  return inner * x;
}

@compute @workgroup_size(1, 1, 1)
fn main() {
  let y_at = i32(record[0].x);

  floats[y_at] = gelu(floats[y_at + 1]) + gelu(floats[y_at + 2]);
}
`);
  expect(() => text(kernel, [])).toThrow('missing the function gelu');
});

test('a record has a word for each buffer and each size, used or not', () => {
  const buffers = Array.from({ length: 6 }, (_, i) => `buffer b${i}: f32 write`).join('\n');
  const sizes = Array.from({ length: 5 }, (_, i) => `size n${i}`).join('\n');
  const kernel = `kernel k workgroup(1, 1, 1) {\n${buffers}\n${sizes}\nb5[n4] = toFloat(n0)\n}`;
  const found = text(kernel);
  expect(found).toContain('var<uniform> record: array<vec4<u32>, 3>;');
  expect(found).toContain('  let b5_at = i32(record[1].y);\n  let n0 = i32(record[1].z);\n');
  expect(found).toContain('  let n4 = i32(record[2].z);\n');
  expect(found).not.toContain('b4_at');
});

test('a program has a text for each kernel, by position', () => {
  const kernels = ['a', 'b'].map((name) => readKernel(`kernel ${name} workgroup(1, 1, 1) {}`));
  const program = {
    format: 'gatework-program-1',
    name: 'p',
    symbols: [],
    parameters: [],
    results: [],
    tensors: [],
    memory: { f32: k.int(0), i32: k.int(0) },
    functions: [],
    kernels,
    prepare: [],
    steps: [],
  } as const;
  expect(emitWgsl(program).map((shader) => shader.split('\n')[0])).toEqual(['// a', '// b']);
});
