/** Programs as WebAssembly: what a module takes and gives, and what it does to memory. */
import { describe, expect, test } from 'vitest';
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { verifyProgram } from '../../../compiler/kernel/verify-program.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { layOut } from '../../../runtime/session/layout.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../../runtime/interpreter/compile-kernel.ts';
import { required } from '../../support/op-runs.ts';
import type { Elements } from '../../support/memory-runs.ts';
import { forms, marksOf, runWasm, validated } from '../../support/wasm-runs.ts';

/** A recurrence over time of rows, after the sums of weights are taken once. */
const recurrence = `program recurrence {
  symbols B, T
  memory f32[16 + (B * T + 3) / 4 * 4 + 2 * B] i32[4 + 6 * B]

  tensor W: f32[6] at 0
  tensor sums: f32[2] at 8
  tensor n: i32[6 * B] at 4
  tensor x: f32[B * T] at 16
  tensor h: f32[2 * B] at 16 + (B * T + 3) / 4 * 4

  parameter W: float[2, 3] weight in W
  parameter x: float[B, T] input in x

  result h: float[2*B] in h

  function half(x: f32): f32 {
    return x * 0.5
  }

  kernel sum workgroup(1, 1, 1) {
    buffer W: f32 read
    buffer sums: f32 write
    var s: f32 = 0.0
    for j = 0 to 3 {
      s = s + W[workgroup.x * 3 + j]
    }
    sums[workgroup.x] = s
  }

  kernel start workgroup(1, 1, 1) {
    buffer h: f32 write
    buffer n: i32 write
    size B
    let at: i32 = workgroup.y * B + workgroup.x
    n[at * 3 + workgroup.z] = workgroup.z
    if workgroup.z == 2 {
      h[at] = toFloat(workgroup.y * 10 + workgroup.x)
    }
  }

  kernel turn workgroup(1, 1, 1) {
    buffer x: f32 read
    buffer sums: f32 read
    buffer h: f32 readWrite
    size T
    calls half: f32
    let at: i32 = workgroup.x * T
    h[workgroup.x] = half(h[workgroup.x] + sums[step % 2]) + x[at + step]
  }

  prepare {
    dispatch sum(W: W, sums: sums) groups(2, 1, 1)
  }
  dispatch start(h: h, n: n) sizes(B: B) groups(B, 2, 3)
  repeat t to T {
    dispatch turn(x: x, sums: sums, h: h) sizes(T: T) groups(B, 1, 1) step t
  }
}
`;

function interpreted(
  program: Program,
  bindings: ReadonlyMap<string, number>,
  tensors: readonly Elements[],
): readonly Elements[] {
  const copies = tensors.map((tensor) => tensor.slice());
  const functionNamed = compileFunctions(program.functions);
  const kernels = program.kernels.map((kernel) => compileKernel(kernel, functionNamed, {}));
  for (const dispatch of layOut(program, bindings).dispatches) {
    const given = dispatch.tensors.map((tensor) => required(copies[tensor]));
    required(kernels[dispatch.kernel])(dispatch, given);
  }
  return copies;
}

function numbers(program: Program, bindings: ReadonlyMap<string, number>): Elements[] {
  return layOut(program, bindings).lengths.map((length, at) =>
    program.tensors[at]?.element === 'i32'
      ? new Int32Array(length)
      : Float32Array.from({ length }, (_, i) => 1 + ((i * 7) % 11) / 8),
  );
}

describe.each(forms)('%s', (form) => {
  test.each([
    [3, 5],
    [1, 1],
    [4, 0],
    [0, 3],
  ])('it does what the interpreter does for B = %i and T = %i', async (B, T) => {
    const program = verifyProgram(readProgram(recurrence));
    const bindings = new Map([
      ['B', B],
      ['T', T],
    ]);
    const tensors = numbers(program, bindings);
    const found = await runWasm({ program, form, bindings, tensors });
    expect(found).toEqual(interpreted(program, bindings, tensors));
  });

  test('the module is valid with threads and with marks', () => {
    const program = readProgram(recurrence);
    for (const threads of [false, true]) {
      for (const profile of [false, true]) {
        const text = validated(emitWasm(program, { form, threads, profile }), { form, threads });
        const memory = threads ? '(memory (;0;) 0 65536 shared)' : '(memory (;0;) 0)';
        expect(text).toContain(`(import "env" "memory" ${memory})`);
        expect(text.includes('(import "env" "mark"')).toBe(profile);
        expect(text.includes('atomic')).toBe(threads);
        for (const name of ['prepare', 'run']) {
          expect(text).toContain(`(export "${name}" (func $${name}))`);
        }
      }
    }
  });
});

test('functions have the names of kernels and of functions', () => {
  const bytes = emitWasm(readProgram(recurrence), { form: 'simd', threads: false, profile: false });
  const text = validated(bytes, { form: 'simd', threads: false });
  for (const name of ['sum', 'start', 'turn', 'half']) expect(text).toContain(`(func $${name} `);
});

test('each dispatch is told of, by its kernel, also one of no workgroup', async () => {
  const program = readProgram(recurrence);
  const marks = await marksOf(
    program,
    new Map([
      ['B', 0],
      ['T', 2],
    ]),
  );
  expect(marks).toEqual({ prepare: [0], run: [1, 2, 2] });
});

test('the same program gives the same bytes', () => {
  const options = { form: 'relaxed', threads: true, profile: false } as const;
  const [one, other] = [readProgram(recurrence), readProgram(recurrence)];
  expect(emitWasm(one, options)).toEqual(emitWasm(other, options));
});

test('workgroups of more than one invocation are refused', () => {
  const text = recurrence.replace(
    'kernel turn workgroup(1, 1, 1)',
    'kernel turn workgroup(2, 1, 1)',
  );
  const options = { form: 'simd', threads: false, profile: false } as const;
  expect(() => emitWasm(readProgram(text), options)).toThrow(
    'wasm: turn has workgroups of 2 x 1 x 1 invocations',
  );
});
