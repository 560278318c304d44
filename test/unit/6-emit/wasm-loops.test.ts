/**
 * Inner loops as WebAssembly: what is done at each turn of the inner loop of a product, counted by
 * instruction, and that addresses are right at the ends of ranges and of memory.
 */
import { describe, expect, test } from 'vitest';
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../../runtime/interpreter/compile-kernel.ts';
import { programOf, type Elements } from '../../support/memory-runs.ts';
import { forms, runKernel, validated, type Form } from '../../support/wasm-runs.ts';

/** Two rows of x by a panel of columns, as sums of fours. */
function tile(rows: number, fours: number, depth: string): Kernel {
  const width = 4 * fours;
  const sums: string[] = [];
  const turn: string[] = [];
  const stores: string[] = [];
  for (let r = 0; r < rows; r++)
    turn.push(`let x${r}: f32x4 = splat(x[(row + ${r}) * ${depth} + k])`);
  for (let v = 0; v < fours; v++) {
    turn.push(`let w${v}: f32x4 = panel[at + k * ${width} + ${4 * v} : 4]`);
    for (let r = 0; r < rows; r++) {
      sums.push(`var s${r}_${v}: f32x4 = splat(0.0)`);
      turn.push(`s${r}_${v} = s${r}_${v} + x${r} * w${v}`);
      stores.push(`y[(row + ${r}) * 64 + workgroup.x * ${width} + ${4 * v} : 4] = s${r}_${v}`);
    }
  }
  return readKernel(`kernel tile workgroup(1, 1, 1) {
    buffer x: f32 read
    buffer panel: f32 read
    buffer y: f32 write
    size rows
    size depth
    let at: i32 = workgroup.x * (${depth} * ${width})
    for row = 0 to rows step ${rows} {
      ${sums.join('\n')}
      for k = 0 to ${depth} {
        ${turn.join('\n')}
      }
      ${stores.join('\n')}
    }
  }
  `);
}

/** The instructions of the innermost loop that has a `v128.load`, by how often they stand there. */
function turnOf(kernel: Kernel, form: Form): ReadonlyMap<string, number> {
  const tensors = kernel.buffers.map(() => new Float32Array(4));
  const program = programOf({ kernel, tensors, sizes: kernel.sizes.map(() => 1) });
  const bytes = emitWasm(program, { form, threads: false, profile: false });
  const text = validated(bytes, { form, threads: false });
  const loops = text.split(/\bloop\b/).slice(1);
  const inner = loops.find((part) => part.includes('v128.load ') || part.includes('v128.load\n'));
  const counts = new Map<string, number>();
  for (const line of (inner ?? '').split('\n').slice(1)) {
    const [name = ''] = line.trim().split(/[ )]/);
    if (name === 'end') break;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

describe('the inner loop of a product does nothing but the product', () => {
  test.each(['64', 'depth'])('2 x 16 with depth %s', (depth) => {
    const turn = turnOf(tile(2, 4, depth), 'simd');
    const pointers = depth === '64' ? 2 : 3;
    expect(Object.fromEntries(turn)).toEqual({
      'v128.load32_splat': 2,
      'v128.load': 4,
      'f32x4.mul': 8,
      'f32x4.add': 8,
      'local.get': turn.get('local.get'),
      'local.set': turn.get('local.set'),
      'i32.const': pointers,
      'i32.add': pointers,
      'i32.lt_u': 1,
      br_if: 1,
    });
  });

  test('4 x 8, with fused products and sums', () => {
    const turn = turnOf(tile(4, 2, '64'), 'relaxed');
    expect(turn.get('f32x4.relaxed_madd')).toBe(8);
    expect([turn.get('f32x4.mul'), turn.get('f32x4.add')]).toEqual([undefined, undefined]);
    expect(turn.get('i32.add')).toBe(2);
  });
});

const [x, y] = [k.local('x', 'f32x4'), k.workgroup(0)];

/** Numbers whose sums and products are exact, so that all forms give the same bits. */
function whole(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (i * 7) % 13);
}

async function agrees(
  kernel: Kernel,
  tensors: readonly Elements[],
  sizes: readonly number[] = [],
  groups: readonly [number, number, number] = [1, 1, 1],
): Promise<readonly Elements[]> {
  verifyKernel(kernel, []);
  const wanted = tensors.map((tensor) => tensor.slice());
  const dispatch = { kernel: 0, tensors: [], sizes, step: 0, groups };
  compileKernel(kernel, compileFunctions([]), {})(dispatch, wanted);
  for (const form of forms) {
    expect(await runKernel({ kernel, form, tensors, sizes, groups }), form).toEqual(wanted);
  }
  return wanted;
}

test.each([
  [2, 4],
  [4, 2],
  [2, 5],
  [3, 3],
  [1, 8],
  [1, 4],
])('a tile of %i rows by %i fours has the sums of the interpreter', async (rows, fours) => {
  for (const [depth, size] of [
    ['24', 24],
    ['depth', 24],
    ['depth', 0],
    ['depth', 1],
  ] as const) {
    const columns = 4 * fours;
    const count = Math.floor(64 / columns);
    const tensors = [
      whole(2 * rows * 24),
      whole(24 * columns * count),
      new Float32Array(2 * rows * 64),
    ];
    await agrees(tile(rows, fours, depth), tensors, [2 * rows, size], [count, 1, 1]);
  }
});

function text(body: string, more = ''): Kernel {
  return readKernel(`kernel k workgroup(1, 1, 1) {
    buffer x: f32 read
    buffer i: i32 read
    buffer y: f32 readWrite
    size n
    size m
    ${more}
    ${body}
  }
  `);
}

const cases: readonly (readonly [string, string])[] = [
  ['elements before and behind', 'for j = 1 to n { y[j] = x[j - 1] + x[j + 1] }'],
  [
    'an access that lies before memory at turns that do not come by',
    `
    for j = 0 to n { if 1 < j { y[j] = x[j - 2] + x[j] } else { y[j] = x[j] } }`,
  ],
  [
    'only accesses that not every turn comes by',
    `
    for j = 0 to n { if j < m { y[j + 2] = x[j * 2] } }`,
  ],
  [
    'a range that does not begin at 0, by steps',
    `
    for j = m to n step 3 { y[j] = x[j * 2 + 1] }`,
  ],
  [
    'a range of no turns, whose first element is not there',
    `
    for j = n * 1000 to n { y[j] = x[j] }`,
  ],
  ['steps that are a size', 'for j = 0 to n step m + 1 { y[j] = x[j] * 2.0 }'],
  [
    'a row that a size is the length of',
    `
    for j = 0 to m { for l = 0 to n { y[j * n + l] = x[l * m + j] } }`,
  ],
  ['a stride that is 0', 'for j = 0 to n { y[m] = y[m] + x[j * 0 + m] }'],
  ['going backwards', 'for j = 0 to n { y[j] = x[n - 1 - j] }'],
  ['the variable asked for as well', 'for j = 0 to n { y[j] = x[j] + toFloat(j) }'],
  ['an index that is loaded', 'for j = 0 to n { y[j] = x[i[j] + j] + x[i[m] * 2 + j] }'],
  [
    'names for parts of an index',
    `
    let a: i32 = m * 2
    for j = 0 to n { let b: i32 = j + a
      let c: i32 = b + 1
      y[c] = x[b] + x[c] + toFloat(b) }`,
  ],
  [
    'a name that changes outside',
    `
    var a: i32 = 0
    for j = 0 to m { for l = 0 to n { y[a + l] = x[l] + toFloat(a) }
      a = a + n }`,
  ],
  [
    'a name that changes inside',
    `
    var a: i32 = 0
    for j = 0 to n { y[a] = x[a + j]
      a = a + 1 }`,
  ],
  ['a remainder and a quotient', 'for j = 0 to n * m { y[j] = x[j / m] + x[j % n] }'],
  [
    'while',
    `
    var j: i32 = 0
    while j < n { y[j] = x[j + m]
      j = j + 2 }`,
  ],
  ['from and to numbers', 'for j = 3 to 9 { y[j] = x[j] + 1.0 }'],
  ['from a number by more than one', 'for j = 2 to 11 step 4 { y[j * 3] = x[j + 1] }'],
  [
    'fours at any index',
    `
    for j = 0 to n { let v: f32x4 = x[j + 1 :: 4]
      y[j * 4 :: 4] = v + x[j * 4 : 4] }`,
  ],
  [
    'registers, which are zero for each workgroup',
    `
    own[workgroup.x] = own[workgroup.x] + 1.0
    for j = 0 to 5 { y[workgroup.x * 5 + j] = own[j] }`,
  ],
];

test.each(cases)('%s', async (_, body) => {
  const kernel = text(body, body.includes('own') ? 'registers own: f32[5]' : '');
  const tensors = [whole(200), Int32Array.from({ length: 40 }, (_v, j) => (j * 5) % 9), whole(200)];
  const groups = [body.includes('workgroup') ? 3 : 1, 1, 1] as const;
  for (const [n, m] of [
    [9, 4],
    [1, 1],
    [8, 0],
    [0, 3],
    [5, 7],
  ] as const) {
    // By 0 nothing is divided.
    if (m === 0 && body.includes('/ m')) continue;
    if (n === 0 && body.includes('% n')) continue;
    await agrees(kernel, tensors, [n, m], groups);
  }
});

test('sums that a loop reads before and after it adds to them keep their order', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `s${at}`);
  const sum = (name: string): ReturnType<typeof k.local> => k.local(name, 'f32x4');
  const turn: Statement[] = [
    { kind: 'let', name: 'x', value: k.load('x', k.mul(k.local('j', 'i32'), k.int(4)), 'f32x4') },
    ...names.map((name, at): Statement => {
      const other = sum(names[(at + 1) % 9] ?? '');
      return { kind: 'assign', name, value: k.add(sum(name), k.sub(x, other)) };
    }),
    { kind: 'let', name: 'z', value: k.load('x', k.mul(k.local('j', 'i32'), k.int(4)), 'f32x4') },
    { kind: 'assign', name: 's0', value: k.sub(k.local('z', 'f32x4'), sum('s8')) },
  ];
  const kernel: Kernel = {
    ...text(''),
    body: [
      ...names.map((name): Statement => ({
        kind: 'var',
        name,
        value: k.unary('splat', k.float(1)),
      })),
      k.forLoop('j', k.size('n'), turn),
      ...names.map((name, at): Statement => {
        return {
          kind: 'store',
          memory: 'y',
          index: k.add(k.mul(y, k.int(36)), k.int(4 * at)),
          value: sum(name),
        };
      }),
    ],
  };
  const tensors = [whole(40), new Int32Array(4), new Float32Array(36)];
  const [, , found] = await agrees(kernel, tensors, [6, 0]);
  expect(new Set(found).size).toBeGreaterThan(4);
});

test('places of workgroups in indexes, taken apart or not', async () => {
  const { x: across, y: along, z: deep } = { x: 'workgroup.x', y: 'workgroup.y', z: 'workgroup.z' };
  const bodies = [
    `y[(${deep} * 2 + ${along}) * 5 + ${across}] = x[${across} / 2 + ${along} * 7] + x[${deep} + 3]`,
    `let at: i32 = (${deep} * 2 + ${along}) * 5 + ${across}
     if ${across} % 2 == 1 { y[at] = x[at] + toFloat(${across} * 10 + ${along}) }`,
    `for j = 0 to n { y[((${deep} * 2 + ${along}) * 5 + ${across}) * n + j] = x[j * (${along} + 1) + ${across} / 3] }`,
  ];
  for (const body of bodies) {
    const tensors = [whole(200), new Int32Array(4), new Float32Array(200)];
    const [, , found] = await agrees(text(body), tensors, [3, 0], [5, 2, 3]);
    expect(new Set(found).size).toBeGreaterThan(5);
  }
  const flat = `y[${across}] = x[${across} / 2 * 3] + x[${across} * 2]`;
  await agrees(
    text(flat),
    [whole(200), new Int32Array(4), new Float32Array(200)],
    [3, 0],
    [20, 1, 1],
  );
});

test('lets that are the same for all workgroups, under one name in two branches', async () => {
  const shared: Statement = {
    kind: 'let',
    name: 'both',
    value: k.add(k.local('a', 'i32'), k.int(1)),
  };
  const branch = (a: string): Statement[] => {
    const [first = shared, ...rest] = text(`let a: i32 = ${a} / 2
      y[workgroup.x * 4] = toFloat(a) + x[n % (a + 1)]`).body;
    const at = k.add(k.mul(k.workgroup(0), k.int(4)), k.int(1));
    const value = k.unary('toFloat', k.local('both', 'i32'));
    return [first, shared, ...rest, { kind: 'store', memory: 'y', index: at, value }];
  };
  const condition = k.less(k.workgroup(0), k.int(2));
  const [then, otherwise] = [branch('n * 3'), branch('m * 5')];
  const kernel = { ...text(''), body: [{ kind: 'if', condition, then, otherwise } as const] };
  const tensors = [whole(40), new Int32Array(4), new Float32Array(40)];
  await agrees(kernel, tensors, [9, 4], [4, 1, 1]);
  await agrees(kernel, tensors, [9, 4], [0, 1, 1]);
});
