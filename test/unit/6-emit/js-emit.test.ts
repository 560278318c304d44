/** Programs as JavaScript: the text of small ones word by word, and what it does to memory. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { emitJs } from '../../../compiler/6-emit/js/emit.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { verifyProgram } from '../../../compiler/kernel/verify-program.ts';
import { idRanges, inferenceGraph, kernelProgram } from '../../../compiler/pipeline.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { layOut } from '../../../runtime/session/layout.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../../runtime/interpreter/compile-kernel.ts';
import { compiled } from '../../support/models.ts';
import { runJs } from '../../support/js-runs.ts';
import type { Elements } from '../../support/memory-runs.ts';
import { required } from '../../support/op-runs.ts';

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
    return x * 0.1
  }

  kernel sum workgroup(1, 1, 1) {
    buffer W: f32 read
    buffer sums: f32 write
    registers s: f32[4]
    for j = 0 to 3 {
      s[0] = s[0] + W[workgroup.x * 3 + j]
    }
    sums[workgroup.x] = s[0]
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

const readable = `const { fround: R, imul: M } = Math;
// half
function f0(a) {
  return R(a * R(.1));
}
// sum
function k0(F, A, B, C, D) {
  for (let a = 0; a < D; a++) {
    F.fill(0, A, A + 4);
    for (let b = 0; b < 3; b++) {
      F[A] = F[A] + F[B + a * 3 + b | 0];
    }
    F[C + a | 0] = F[A];
  }
}
// start
function k1(F, I, A, B, C, D, E, G) {
  for (let c = 0; c < G; c++) {
    for (let b = 0; b < E; b++) {
      for (let a = 0; a < D; a++) {
        const d = M(b, A) + a | 0; I[B + d * 3 + c | 0] = c;
        if (c == 2) {
          F[C + d | 0] = b * 10 + a | 0;
        }
      }
    }
  }
}
// turn
function k2(F, A, B, C, D, E, G) {
  for (let a = 0; a < G; a++) {
    F[A + a | 0] = f0(R(F[A + a | 0] + F[B + C % 2 | 0])) + F[D + M(a, E) + C | 0];
  }
}
export function instantiate(memory) {
  const F = new Float32Array(memory), I = new Int32Array(memory);
  return {
    prepare(a, b, c, d, e, f, g, h, i) {
      a >>= 2; c >>= 2;
      k0(F, c, a, a + 8, 2);
    },
    run(a, b, c, d, e, f, g, h, i) {
      a >>= 2; b >>= 2;
      const j = a + 16 + ((h * i + 3) / 4 | 0) * 4;
      k1(F, I, h, b + 4, j, h, 2, 3);
      for (let k = 0; k < i; k++) {
        k2(F, j, a + 8, k, a + 16, i, h);
      }
    },
  }
}
`;

/** The text of the one kernel with this body; its buffers are x and y of f32 and n of i32. */
function kernelText(body: string, head = ''): string {
  const program = readProgram(`program p {
    symbols N
    memory f32[128] i32[64]
    tensor x: f32[64] at 0
    tensor y: f32[64] at 64
    tensor n: i32[64] at 0
    kernel k workgroup(1, 1, 1) {
      buffer x: f32 read
      buffer y: f32 readWrite
      buffer n: i32 readWrite
      size s
      ${head}
      ${body}
    }
    dispatch k(x: x, y: y, n: n) sizes(s: N) groups(1, 1, 1)
  }`);
  const text = emitJs(verifyProgram(program), { readable: true });
  return /\/\/ k\nfunction k0\(.*\) \{\n([^]*?)\n\}\n/.exec(text)?.[1] ?? text;
}

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
      : Float32Array.from({ length }, (_, i) => 1 + ((i * 7) % 11) / 10),
  );
}

describe('a program', () => {
  test.each([
    [3, 5],
    [1, 1],
    [4, 0],
    [0, 3],
  ])('does what the interpreter does for B = %i and T = %i', async (B, T) => {
    const program = verifyProgram(readProgram(recurrence));
    const bindings = new Map([
      ['B', B],
      ['T', T],
    ]);
    const tensors = numbers(program, bindings);
    const expected = interpreted(program, bindings, tensors);
    expect(await runJs({ program, bindings, tensors })).toEqual(expected);
    const options = { readable: true };
    expect(await runJs({ program, bindings, tensors, options })).toEqual(expected);
  });

  test('reads as one would write it', () => {
    expect(emitJs(readProgram(recurrence), { readable: true })).toBe(readable);
  });

  test('gives the same text each time', () => {
    expect(emitJs(readProgram(recurrence))).toBe(emitJs(readProgram(recurrence)));
  });

  test('takes fewer letters where nobody reads it', () => {
    expect(emitJs(readProgram(recurrence)).split('\n')[1]).toBe(
      'function f0(a){return R(a*R(.1))}',
    );
  });

  test('shares kernels and functions that differ by names alone', () => {
    const twice = recurrence
      .replace(
        / {2}kernel sum [^]*?\n {2}\}\n/,
        (kernel) => kernel + kernel.replaceAll(/\b(sum|sums|W|j|s)\b/g, '$1_'),
      )
      .replace(
        'dispatch sum(W: W, sums: sums) groups(2, 1, 1)',
        (dispatch) => `${dispatch}
    dispatch sum_(W_: W, sums_: sums) groups(2, 1, 1)`,
      );
    const text = emitJs(verifyProgram(readProgram(twice)), { readable: true });
    expect(text.match(/^function /gm)).toHaveLength(4);
    expect(text).toContain('// sum\n// sum_\nfunction k0(');
  });

  test('is refused where a workgroup has more than one invocation', () => {
    const text = recurrence.replace(
      'kernel turn workgroup(1, 1, 1)',
      'kernel turn workgroup(2, 1, 1)',
    );
    expect(() => emitJs(readProgram(text))).toThrow(
      'js: turn has workgroups of 2 x 1 x 1 invocations',
    );
  });
});

describe('a kernel', () => {
  test.each([
    // A sum is rounded as it is stored, and only there.
    ['y[0] = x[1] + x[2] * x[3]', 'F[B] = F[A + 1] + R(F[A + 2] * F[A + 3]);'],
    ['y[s] = -(x[1] - -x[2])', 'F[B + C | 0] = -(F[A + 1] - -F[A + 2]);'],
    [
      'y[0] = select(x[0] < x[1] && x[2] != x[3], -0.0, 0.25)',
      'F[B] = F[A] < F[A + 1] && F[A + 2] != F[A + 3] ? -0 : .25;',
    ],
    ['y[0] = sqrt(abs(floor(x[0])) / 3.0)', 'F[B] = sqrt(R(abs(floor(F[A])) / 3));'],
    ['y[0] = 0.1 * 16777217.0', 'F[A] = R(.1) * 16777216;'],
    ['y[0] = max(min(x[0], inf), nan)', 'F[B] = max(min(F[A], 1 / 0), 0 / 0);'],
    ['y[0] = toFloat(n[0]) + toFloat(s & 7)', 'F[C] = R(I[A]) + (B & 7);'],
    // Whole numbers are cut as they are stored.
    ['n[0] = n[1] + s * n[2] - 3', 'I[A] = I[A + 1] + M(B, I[A + 2]) - 3;'],
    ['n[0] = (n[1] + s) / 8 % 5', 'I[A] = ((I[A + 1] + B | 0) / 8 | 0) % 5;'],
    ['n[0] = (n[1] - (s - -2)) * 4 >> 3', 'I[A] = (I[A + 1] - (B + 2)) * 4 >>> 3;'],
    ['n[0] = abs(-n[1]) | 1 << s', 'I[A] = abs(-I[A + 1] | 0) | 1 << B;'],
    [
      'n[0] = toInt(x[0]) + toBits(x[1] * x[2])',
      'I[B] = Q(F[A]) + (V[0] = F[A + 1] * F[A + 2], W[0]);',
    ],
    ['y[0] = fromBits(n[0] + 1)', 'F[B] = (W[0] = I[A] + 1, V[0]);'],
    ['n[0] = select(!(s == 3) || x[0] <= 1.0, 1, 0)', 'I[C] = !(A == 3) || F[B] <= 1 ? 1 : 0;'],
  ])('%s', (body, expected) => {
    expect(kernelText(body)).toBe(`  ${expected}`);
  });

  test.each([
    // What is loaded before a store stays before it.
    ['let a: f32 = y[0]\n y[1] = 2.0\n y[2] = a', '  const a = F[A]; F[A + 1] = 2; F[A + 2] = a;'],
    [
      'let a: i32 = s + 1\n let b: i32 = a * 2\n y[a] = x[a]',
      '  const a = A + 1 | 0; F[C + a | 0] = F[B + a | 0];',
    ],
    [
      'for i = 0 to s * 4 step 2 {\n y[i] = x[i]\n }',
      '  for (let a = 0, b = A * 4 | 0; a < b; a += 2) {\n    F[C + a | 0] = F[B + a | 0];\n  }',
    ],
    [
      'var a: i32 = 0\n while a < s {\n a = a + 1\n }\n n[0] = a',
      '  let a = 0;\n  while (a < A) {\n    a = a + 1 | 0;\n  }\n  I[B] = a;',
    ],
    [
      'if s == 1 {\n y[0] = 1.0\n } else if s == 2 {\n y[1] = 1.0\n } else {\n y[2] = 1.0\n }',
      [
        '  if (A == 1) {\n    F[B] = 1;\n  } else if (A == 2) {\n    F[B + 1] = 1;\n  } else {',
        '    F[B + 2] = 1;\n  }',
      ].join('\n'),
    ],
  ])('%s', (body, expected) => {
    expect(kernelText(body)).toBe(expected);
  });

  test.each([
    [
      'y[0 : 4] = x[4 : 4] + splat(x[s])',
      '  for (let a = 0; a < 4; a++) {\n    F[C + a | 0] = F[A + a + 4 | 0] + F[A + B | 0];\n  }',
    ],
    // A loop by fours is one by elements.
    [
      'for i = 0 to 16 step 4 {\n y[i : 4] = x[i : 4] * splat(2.0)\n }',
      '  for (let a = 0; a < 16; a++) {\n    F[B + a | 0] = F[A + a | 0] * 2;\n  }',
    ],
    // Where a lane may store what another has still to load, all load first.
    [
      'y[s :: 4] = y[0 : 4]',
      [
        '  for (let a = 0; a < 4; a++) {\n    T[a] = F[A + a | 0];\n  }',
        '  for (let a = 0; a < 4; a++) {\n    F[A + a + B | 0] = T[a];\n  }',
      ].join('\n'),
    ],
    // Lanes that are made of single numbers stay apart.
    [
      'y[0 : 4] = pack(x[0], x[1], 0.0, 1.0)',
      '  F[B] = F[A]; F[B + 1] = F[A + 1]; F[B + 2] = 0; F[B + 3] = 1;',
    ],
  ])('of fours: %s', (body, expected) => {
    expect(kernelText(body)).toBe(expected);
  });

  test('has its arrays in the memory for arrays', () => {
    const head = 'registers r: f32[6]\n registers i: i32[8]';
    const body = 'r[1] = x[0]\n i[2] = s\n y[0] = r[1]\n n[0] = i[2]';
    expect(kernelText(body, head)).toBe(
      [
        '  F.fill(0, A, A + 6);\n  I.fill(0, A + 8, A + 16);',
        '  F[A + 1] = F[B]; I[A + 10] = C; F[D] = F[A + 1]; I[E] = I[A + 10];',
      ].join('\n'),
    );
  });
});

describe('gzipped', () => {
  test.each([
    ['lstm(64) -> softmax', 3833],
    ['bidirectional(lstm(128), depth=3) -> softmax', 5567],
  ])('%s has at most %i bytes', (spec, bytes) => {
    const model = compiled(spec, { dims: new Map([['D', 40]]) });
    const graph = inferenceGraph(model, 'kernels');
    const options = { device: 'simd', prepare: true, ids: idRanges(model) } as const;
    const text = emitJs(kernelProgram(graph, options));
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(bytes);
  });
});
