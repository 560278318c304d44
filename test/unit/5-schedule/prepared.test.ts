/** What is done once: what weights alone decide, as long as nobody writes over it or over them. */
import { expect, test } from 'vitest';
import { KernelDraft, group } from '../../../compiler/5-schedule/kernel-draft.ts';
import type { Tensor } from '../../../compiler/5-schedule/node.ts';
import { splitPrepared } from '../../../compiler/5-schedule/prepared.ts';
import { draftsOf, type Unit } from '../../../compiler/5-schedule/units.ts';
import { polynomial } from '../../../compiler/graph/polynomial.ts';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression } from '../../../runtime/artifact/kernel.ts';

const tensors = ['weight', 'x', 'packed', 'y'] as const;
const [weight, x, packed, y] = tensors.map((name): Tensor => ({
  name,
  element: 'f32',
  length: polynomial(8),
  kept: false,
})) as [Tensor, Tensor, Tensor, Tensor];

/** Adds up what it reads. */
function kernel(name: string, from: readonly Tensor[], to: Tensor, groups = k.int(8)): Unit {
  const draft = new KernelDraft(name, 1, new Set());
  draft.groups = groups;
  const value = from.reduce<Expression>(
    (sum, tensor) => k.add(sum, k.load(draft.reads(tensor), group, 'f32')),
    k.float(0),
  );
  draft.statements.push({ kind: 'store', memory: draft.writes(to), index: group, value });
  return { kind: 'kernel', draft };
}

function split(...units: readonly Unit[]): Record<'prepare' | 'steps', string[]> {
  const { prepare, steps } = splitPrepared(units, new Set([weight]));
  const names = (of: readonly Unit[]): string[] => of.flatMap(draftsOf).map((d) => d.name);
  return { prepare: names(prepare), steps: names(steps) };
}

test('what reads weights, and what reads that', () => {
  const units = [kernel('pack', [weight], packed), kernel('more', [packed], y)];
  expect(split(...units)).toEqual({ prepare: ['pack', 'more'], steps: [] });
});

test('not what reads an input too', () => {
  const units = [kernel('pack', [weight], packed), kernel('use', [packed, x], y)];
  expect(split(...units)).toEqual({ prepare: ['pack'], steps: ['use'] });
});

test('not what is written over, nor what comes of it', () => {
  const units = [
    kernel('pack', [weight], packed),
    kernel('more', [packed], y),
    kernel('again', [x], packed),
  ];
  expect(split(...units)).toEqual({ prepare: [], steps: ['pack', 'more', 'again'] });
});

test('not what is as large as a batch', () => {
  const units = [kernel('wide', [weight], packed, k.size('B'))];
  expect(split(...units)).toEqual({ prepare: [], steps: ['wide'] });
});
