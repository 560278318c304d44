/**
 * Which units weights alone decide, whatever the sizes of a run are: what they leave is good until
 * a weight changes, so that they need not run every time.
 */
import { asksOf } from '../kernel/asks.ts';
import { someExpression } from '../kernel/walk.ts';
import type { Tensor } from './node.ts';
import { accessOf, type Unit } from './units.ts';

export interface Split {
  readonly prepare: readonly Unit[];
  readonly steps: readonly Unit[];
}

/** Both in the order that they had; `weights` are the tensors of weights. */
export function splitPrepared(units: readonly Unit[], weights: ReadonlySet<Tensor>): Split {
  const candidates = new Set(units.filter(isFixed));
  for (;;) {
    const known = new Set(weights);
    const prepared = new Set<Unit>();
    for (const unit of units) {
      const { reads, writes } = accessOf(unit);
      if (!candidates.has(unit) || ![...reads].every((tensor) => known.has(tensor))) continue;
      prepared.add(unit);
      for (const tensor of writes) known.add(tensor);
    }
    const others = units.filter((unit) => !prepared.has(unit));
    const overwritten = new Set(others.flatMap((unit) => [...accessOf(unit).writes]));
    const spoiled = [...prepared].filter((unit) =>
      [...accessOf(unit).writes].some((tensor) => overwritten.has(tensor)),
    );
    if (spoiled.length === 0) return { prepare: [...prepared], steps: others };
    for (const unit of spoiled) candidates.delete(unit);
  }
}

/** One kernel, in whose text and grid no open size stands. */
function isFixed(unit: Unit): boolean {
  if (unit.kind !== 'kernel') return false;
  const { groups, statements } = unit.draft;
  return asksOf(statements).sizes.size === 0 && !someExpression(groups, (e) => e.kind === 'size');
}
