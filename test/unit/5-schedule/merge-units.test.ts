/** Which kernels and loops run side by side, and what a kernel of several parts looks like. */
import { expect, test } from 'vitest';
import { KernelDraft, finishKernel, group } from '../../../compiler/5-schedule/kernel-draft.ts';
import { mergeUnits } from '../../../compiler/5-schedule/merge-units.ts';
import type { Tensor } from '../../../compiler/5-schedule/node.ts';
import { draftsOf, type Unit } from '../../../compiler/5-schedule/units.ts';
import { present } from '../../../compiler/base/bug.ts';
import { polynomial } from '../../../compiler/graph/polynomial.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { printKernel } from '../../../compiler/kernel/print.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { KernelArray } from '../../../runtime/artifact/kernel.ts';

function tensor(name: string): Tensor {
  return { name, element: 'f32', length: polynomial(64), kept: false };
}

interface Wanted {
  readonly from?: Tensor;
  readonly to: Tensor;
  readonly lanes?: number;
  readonly groups?: number;
  readonly registers?: KernelArray;
  readonly statements?: number;
}

/** Each workgroup, of one invocation, copies an element, or stores 0 where nothing is copied. */
function draft(name: string, wanted: Wanted): KernelDraft {
  const { from, to, lanes = 1, groups = 4, registers, statements = 1 } = wanted;
  const made = new KernelDraft(name, lanes, new Set());
  made.groups = k.int(groups);
  const source = from && made.reads(from);
  const memory = made.writes(to);
  if (registers !== undefined) {
    made.registers.push(registers);
    const last = k.int(registers.length - 1);
    made.statements.push({ kind: 'store', memory: registers.name, index: last, value: k.float(1) });
  }
  const value = source === undefined ? k.float(0) : k.load(source, group, 'f32');
  for (let i = 0; i < statements; i++) {
    made.statements.push({ kind: 'store', memory, index: group, value });
  }
  return made;
}

function kernel(name: string, wanted: Wanted): Unit {
  return { kind: 'kernel', draft: draft(name, wanted) };
}

function loop(count: number, ...drafts: readonly KernelDraft[]): Unit {
  return { kind: 'loop', count: k.int(count), drafts };
}

function namesOf(units: readonly Unit[]): string[] {
  return units.map((unit) => {
    const names = draftsOf(unit).map((d) => d.name);
    return unit.kind === 'loop' ? `[${names.join(', ')}]` : names.join();
  });
}

const [a, b, c, d] = [tensor('a'), tensor('b'), tensor('c'), tensor('d')];

test('kernels that do not wait for one another are parts of one', () => {
  const merged = mergeUnits([
    kernel('one', { from: a, to: b, groups: 4 }),
    kernel('two', { from: a, to: c, groups: 3 }),
  ]);
  expect(namesOf(merged)).toEqual(['one+two']);
  const [only] = merged.flatMap(draftsOf);
  expect(printKernel(finishKernel(present(only, 'a draft'), 'both'))).toBe(
    `kernel both workgroup(1, 1, 1) {
  buffer a: f32 read
  buffer b: f32 write
  buffer c: f32 write
  let group: i32 = workgroup.x
  if group < 4 {
    let part: i32 = group
    b[part] = a[part]
  } else {
    let part: i32 = group - 4
    c[part] = a[part]
  }
}
`,
  );
  expect(only?.groups).toEqual(k.int(7));
});

test('whoever reads, or writes again, waits', () => {
  const read = [kernel('one', { from: a, to: b }), kernel('two', { from: b, to: c })];
  expect(namesOf(mergeUnits(read))).toEqual(['one', 'two']);
  const written = [kernel('one', { from: a, to: b }), kernel('two', { from: c, to: b })];
  expect(namesOf(mergeUnits(written))).toEqual(['one', 'two']);
  const overwritten = [kernel('one', { from: a, to: b }), kernel('two', { from: c, to: a })];
  expect(namesOf(mergeUnits(overwritten))).toEqual(['one', 'two']);
});

test('a kernel goes as early as it can', () => {
  const merged = mergeUnits([
    kernel('one', { from: a, to: b }),
    kernel('two', { from: b, to: c }),
    kernel('three', { from: a, to: d }),
  ]);
  expect(namesOf(merged)).toEqual(['one+three', 'two']);
});

test('kernels of different workgroups, or together too long, stay apart', () => {
  const lanes = [kernel('one', { to: a }), kernel('two', { to: b, lanes: 16 })];
  expect(namesOf(mergeUnits(lanes))).toEqual(['one', 'two']);
  const long = [
    kernel('one', { to: a, statements: 400 }),
    kernel('two', { to: b, statements: 201 }),
    kernel('three', { to: c, statements: 399 }),
  ];
  expect(namesOf(mergeUnits(long))).toEqual(['one', 'two+three']);
});

test('loops of one length take their turns together, others do not', () => {
  const merged = mergeUnits([
    loop(5, draft('forward', { to: a }), draft('forward2', { from: a, to: b })),
    loop(5, draft('reverse', { to: c })),
    loop(6, draft('other', { to: d })),
  ]);
  expect(namesOf(merged)).toEqual(['[forward+reverse, forward2]', '[other]']);
});

test('a loop waits as a whole', () => {
  const merged = mergeUnits([
    loop(5, draft('one', { to: a }), draft('two', { from: a, to: b })),
    loop(5, draft('three', { from: b, to: c })),
    kernel('four', { from: c, to: d }),
  ]);
  expect(namesOf(merged)).toEqual(['[one, two]', '[three]', 'four']);
});

test('memory that parts share is as long as the longest of them needs', () => {
  const tile = (length: number): KernelArray => ({ name: 'tile', element: 'f32', length });
  const merged = mergeUnits([
    kernel('one', { to: a, registers: tile(4) }),
    kernel('two', { to: b, registers: tile(8) }),
    kernel('three', { to: c, registers: tile(2) }),
  ]);
  const drafts = merged.flatMap(draftsOf);
  expect(drafts.map((one) => one.registers)).toEqual([[tile(8)]]);
  for (const one of drafts) verifyKernel(finishKernel(one, 'all'), []);
});

test('memory of parts that hold other things is apart', () => {
  const merged = mergeUnits([
    kernel('one', { to: a, registers: { name: 'tile', element: 'i32', length: 4 } }),
    kernel('two', { to: b, registers: { name: 'tile', element: 'f32', length: 8 } }),
  ]);
  expect(merged.flatMap(draftsOf).map((one) => one.registers)).toEqual([
    [
      { name: 'tile', element: 'i32', length: 4 },
      { name: 'tile_2', element: 'f32', length: 8 },
    ],
  ]);
});

test.each(['tile', 'parts', 'tile_2'])('a tensor may be called %s', (name) => {
  const merged = mergeUnits([
    kernel('one', { from: tensor(`dense.${name}`), to: a }),
    kernel('two', { to: b, registers: { name: 'tile', element: 'f32', length: 8 } }),
    kernel('three', { from: tensor(`other.${name}`), to: c }),
  ]);
  const [only] = merged.flatMap(draftsOf);
  verifyKernel(finishKernel(present(only, 'a draft'), 'all'), []);
});
