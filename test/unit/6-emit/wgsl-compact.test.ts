/** A program's kernels as one text in few letters: what it is, word by word, and how long. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compactWgsl } from '../../../compiler/6-emit/wgsl/compact.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { inferenceGraph, kernelProgram } from '../../../compiler/pipeline.ts';
import type { Kernel } from '../../../runtime/artifact/kernel.ts';
import { compiled } from '../../support/models.ts';

const scale = (name: string, buffer: string): Kernel =>
  readKernel(`
    kernel ${name} workgroup(64, 1, 1) {
      buffer ${buffer}: f32 read
      buffer y: f32 write
      size B
      shared partial: f32[8]
      let i: i32 = workgroup.x * 64 + invocation.x
      let twice: f32 = ${buffer}[i] * 2.0
      if i < B {
        // twice
        y[i] = twice
      }
    }`);

const bindings = `@group(0)@binding(0)var<uniform>A:D;
@group(0)@binding(1)var<uniform>M:vec4i;
@group(0)@binding(2)var<storage,read_write>F:array<f32>;
@group(0)@binding(2)var<storage,read_write>V:array<vec4f>;
@group(0)@binding(3)var<storage,read_write>I:array<i32>;
`;

test('kernels that differ by names alone are one', () => {
  const kernels = [scale('lstm.l0.scale', 'x'), scale('lstm.l1.scale', 'h')];
  expect(compactWgsl({ kernels, functions: [] })).toEqual({
    code: `struct D{a:i32,b:i32,c:i32}
${bindings}var<workgroup>s0:array<f32,8>;
@compute@workgroup_size(64)fn k0(@builtin(workgroup_id)B:vec3u,@builtin(local_invocation_id)C:vec3u){let X=vec3i(B);let Y=vec3i(C);let a=X.x*64+Y.x;if(a<A.c){F[A.b+a]=F[A.a+a]*2.0;}}
`,
    entries: ['k0', 'k0'],
  });
});

test('fours, arrays, the step; shared arrays of one type are the same for all kernels', () => {
  const kernels = ['first', 'second'].map((name) =>
    readKernel(`
      kernel ${name} workgroup(1, 2, 1) {
        buffer x: f32 read
        buffer ids: i32 read
        buffer y: f32 write
        shared partial: f32[6]
        shared other: f32[6]
        shared fours: f32[6]
        registers last: i32[2]
        fours[0 : 4] = x[step * 4 : 4]
        last[1] = ids[invocation.y]
        ${name === 'first' ? 'barrier' : ''}
        if last[1] < 4 {
          partial[1] = x[last[1]]
          other[0] = fours[2]
        }
        y[0 : 4] = splat(partial[1] + other[0])
      }`),
  );
  const { code, entries } = compactWgsl({ kernels, functions: [] });
  expect(entries).toEqual(['k0', 'k1']);
  expect(code.replace(bindings, '')).toBe(`struct D{a:i32,b:i32,c:i32}
var<workgroup>s0:array<f32,6>;
var<workgroup>s1:array<f32,6>;
var<workgroup>s2:array<vec4f,2>;
@compute@workgroup_size(1,2)fn k0(@builtin(workgroup_id)B:vec3u,@builtin(local_invocation_id)C:vec3u){let Y=vec3i(C);var a:array<i32,2>;s2[0]=V[(A.a+M.x*4)>>2];a[1]=I[A.b+Y.y];workgroupBarrier();storageBarrier();if(a[1]<4){s0[1]=V[(A.a+a[1])>>2][a[1]&3];s1[0]=s2[0][2];}V[(A.c)>>2]=vec4f(s0[1]+s1[0]);}
@compute@workgroup_size(1,2)fn k1(@builtin(workgroup_id)B:vec3u,@builtin(local_invocation_id)C:vec3u){let Y=vec3i(C);var a:array<i32,2>;s2[0]=V[(A.a+M.x*4)>>2];a[1]=I[A.b+Y.y];if(a[1]<4){s0[1]=V[(A.a+a[1])>>2][a[1]&3];s1[0]=s2[0][2];}V[(A.c)>>2]=vec4f(s0[1]+s1[0]);}
`);
});

test('words of the record beyond what a struct holds', () => {
  const buffers = Array.from({ length: 515 }, (_, i) => `buffer "b${i}": f32 readWrite`);
  const kernel = readKernel(`
    kernel many workgroup(1, 1, 1) {
      ${buffers.join('\n')}
      size n
      "b511"[n] = 1.0
      "b512"[n] = 2.0
    }`);
  const { code } = compactWgsl({ kernels: [kernel], functions: [] });
  expect(code).toContain(',Z:array<vec4i,1>}');
  expect(code).toContain('F[A.sr+A.Z[0].w]=1.0;F[A.Z[0].x+A.Z[0].w]=2.0;');
});

describe('gzipped', () => {
  test.each([
    ['lstm(64) -> softmax', 2830],
    ['bidirectional(lstm(128), depth=3) -> softmax', 4540],
  ])('%s has at most %i bytes', (spec, bytes) => {
    const model = compiled(spec, { dims: new Map([['D', 40]]) });
    const { code } = compactWgsl(kernelProgram(inferenceGraph(model, 'kernels')));
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(bytes);
  });
});
