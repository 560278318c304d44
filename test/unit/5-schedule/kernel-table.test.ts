/** Kernels that compute alike are one, and only those. */
import { expect, test } from 'vitest';
import { KernelDraft } from '../../../compiler/5-schedule/kernel-draft.ts';
import { KernelTable } from '../../../compiler/5-schedule/kernel-table.ts';
import type { Tensor } from '../../../compiler/5-schedule/node.ts';
import { polynomial } from '../../../compiler/graph/polynomial.ts';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression } from '../../../runtime/artifact/kernel.ts';

/** Stores the value in a tensor of that name. */
function storing(value: Expression, name = 'l0.y'): KernelDraft {
  const tensor: Tensor = { name, element: 'f32', length: polynomial(1), kept: false };
  const draft = new KernelDraft('store', 1, new Set());
  const memory = draft.writes(tensor);
  draft.statements.push({ kind: 'store', memory, index: k.int(0), value });
  return draft;
}

test('drafts that differ only in their tensors share a kernel', () => {
  const table = new KernelTable();
  const first = table.add(storing(k.float(1)));
  const second = table.add(storing(k.float(1), 'l1.y'));
  expect([first.index, second.index]).toEqual([0, 0]);
  expect(second.kernel).toBe(first.kernel);
});

test('every number is one of its own, and so is every name', () => {
  const table = new KernelTable();
  const numbers = [0, -0, 1, Infinity, -Infinity, NaN];
  const added = numbers.map((value) => table.add(storing(k.float(value))));
  expect(added.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(table.all.map(({ name }) => name)).toEqual([
    'store',
    'store.2',
    'store.3',
    'store.4',
    'store.5',
    'store.6',
  ]);
});

test('functions are those that kernels call, and what these call', () => {
  const table = new KernelTable();
  expect(table.functions()).toEqual([]);
  table.add(storing(k.call('tanh', [k.float(1)], 'f32')));
  const names = table.functions().map(({ name }) => name);
  expect(names).toContain('tanh');
  expect(names).not.toContain('erf');
});
