/**
 * What is run one after another: kernels, and loops over time of kernels. Written from items in
 * their plain form; merged and put into other forms by the files beside this one.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Access } from './memory.ts';
import type { Item, KernelItem, LoopItem } from './fuse.ts';
import type { KernelDraft } from './kernel-draft.ts';
import type { Tensor } from './node.ts';
import type { Loop } from './nodes-of.ts';
import type { Origins } from './origins.ts';
import { dimSize } from './sizes.ts';

export interface KernelUnit {
  readonly kind: 'kernel';
  readonly draft: KernelDraft;
}

export interface LoopUnit {
  readonly kind: 'loop';
  readonly count: Expression;
  readonly drafts: readonly KernelDraft[];
}

export type Unit = KernelUnit | LoopUnit;

export interface Forms {
  kernel(item: KernelItem, name: string): KernelDraft;
  /** One kernel for all turns of a loop; undefined where its steps are to be dispatched. */
  loop(item: LoopItem, name: string): KernelDraft | undefined;
  /** Kernels that those written since the last call need to have run before them. */
  takeCopies(): readonly KernelDraft[];
  /** All kernels are asked for: what was left open is written now. */
  finish(): void;
}

export function unitsOf(items: readonly Item[], forms: Forms, origins: Origins): Unit[] {
  const units = items.flatMap((item): Unit[] => {
    const unit = unitOf(item, forms, origins);
    const copies = forms.takeCopies().map((draft): Unit => ({ kind: 'kernel', draft }));
    return [...copies, unit];
  });
  forms.finish();
  return units;
}

function unitOf(item: Item, forms: Forms, origins: Origins): Unit {
  if (item.kind === 'kernel')
    return { kind: 'kernel', draft: origins.mark(forms.kernel(item, nameOf(item)), [item]) };
  const { loop, body } = item;
  const whole = forms.loop(item, `${loop.name}.scan`);
  if (whole !== undefined) return { kind: 'kernel', draft: origins.mark(whole, body) };
  return {
    kind: 'loop',
    count: dimSize(loop.parts.time),
    drafts: body.map((kernel) =>
      origins.mark(forms.kernel(kernel, nameOf(kernel, loop)), [kernel]),
    ),
  };
}

export function draftsOf(unit: Unit): readonly KernelDraft[] {
  return unit.kind === 'kernel' ? [unit.draft] : unit.drafts;
}

export function accessOf(unit: Unit): Access {
  const reads = new Set<Tensor>();
  const writes = new Set<Tensor>();
  for (const draft of draftsOf(unit)) {
    for (const [tensor, { read, written }] of draft.buffers) {
      if (read) reads.add(tensor);
      if (written) writes.add(tensor);
    }
  }
  return { reads, writes };
}

/** `lstm.l0.step`, `softmax.dot`: where in the model it belongs, and what is at its heart. */
function nameOf(item: KernelItem, loop?: Loop): string {
  if (loop !== undefined) return `${loop.name}.step`;
  const heart = item.reduction ?? item.roots.find((r) => item.members.has(r.node))?.node;
  const source = (heart ?? item.roots[0]?.node)?.source;
  const instruction = source?.kind === 'op' ? source.instruction : undefined;
  const layer = instruction?.origin?.layer;
  const op = instruction?.op ?? 'copy';
  return layer === undefined ? op : `${layer}.${op}`;
}
