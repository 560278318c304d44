/**
 * Where each tensor lies. A tensor is alive from the step that first writes it to the last that
 * touches it; slots of memory are handed from the dead to the living. Sizes are polynomials in what
 * is still open (B, T, …), so a slot serves another tensor only where one is provably the larger;
 * peak memory is a polynomial too, known before anything is allocated.
 */
import type { MemoryType } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import {
  plus,
  polynomial,
  polynomialValue,
  type Polynomial,
  type PolynomialTerm,
} from '../graph/polynomial.ts';
import { sameItems } from '../base/same-items.ts';
import { arenaOf, type Tensor } from './node.ts';

/** What a step touches. */
export interface Access {
  readonly reads: ReadonlySet<Tensor>;
  readonly writes: ReadonlySet<Tensor>;
}

export interface MemoryPlan {
  readonly offsets: ReadonlyMap<Tensor, Polynomial>;
  /** Elements of each arena. */
  readonly sizes: Readonly<Record<MemoryType, Polynomial>>;
}

interface Slot {
  size: Polynomial;
  readonly tensors: Tensor[];
  /** The step after which it is free; Infinity while it is kept. */
  freeAfter: number;
}

/** `held`: tensors that are read after the last step. */
export function planMemory(
  steps: readonly Access[],
  tensors: readonly Tensor[],
  held: ReadonlySet<Tensor>,
): MemoryPlan {
  const lives = livesOf(steps, tensors, held);
  const slots: Record<MemoryType, Slot[]> = { f32: [], i32: [] };
  const order = tensors
    .map((tensor) => ({ tensor, ...present(lives.get(tensor), tensor.name) }))
    .sort((a, b) => a.first - b.first);
  for (const { tensor, first, last } of order) {
    const size = aligned(tensor.length);
    const open = slots[arenaOf(tensor)].filter((slot) => slot.freeAfter < first);
    const slot = chooseSlot(open, size);
    if (slot === undefined) {
      slots[arenaOf(tensor)].push({ size, tensors: [tensor], freeAfter: last });
    } else {
      slot.size = covers(slot.size, size) ? slot.size : size;
      slot.tensors.push(tensor);
      slot.freeAfter = last;
    }
  }
  const offsets = new Map<Tensor, Polynomial>();
  const sizes = { f32: layOut(slots.f32, offsets), i32: layOut(slots.i32, offsets) };
  return { offsets, sizes };
}

/** A parameter's tensor lives from before the first step to after the last. */
function livesOf(
  steps: readonly Access[],
  tensors: readonly Tensor[],
  held: ReadonlySet<Tensor>,
): Map<Tensor, { first: number; last: number }> {
  const lives = new Map<Tensor, { first: number; last: number }>();
  for (const tensor of tensors) {
    const last = tensor.kept || held.has(tensor) ? Infinity : -1;
    lives.set(tensor, { first: tensor.kept ? -1 : Infinity, last });
  }
  steps.forEach(({ reads, writes }, i) => {
    for (const tensor of [...reads, ...writes]) {
      const life = present(lives.get(tensor), tensor.name);
      life.first = Math.min(life.first, i);
      life.last = Math.max(life.last, i);
    }
  });
  return lives;
}

/** The smallest that is large enough, else the largest that could grow to be. */
function chooseSlot(open: readonly Slot[], size: Polynomial): Slot | undefined {
  const enough = open.filter((slot) => covers(slot.size, size));
  const best = enough.reduce<Slot | undefined>(
    (a, b) => (a === undefined || covers(a.size, b.size) ? b : a),
    undefined,
  );
  if (best !== undefined) return best;
  return open
    .filter((slot) => covers(size, slot.size))
    .reduce<Slot | undefined>(
      (a, b) => (a === undefined || covers(b.size, a.size) ? b : a),
      undefined,
    );
}

/** Whether the first is at least the second, whatever the symbols are: none is negative. */
function covers(large: Polynomial, small: Polynomial): boolean {
  const atLeast = ({ symbols, coefficient }: PolynomialTerm): boolean =>
    coefficientOf(large, symbols) >= coefficient;
  const notNegative = ({ symbols, coefficient }: PolynomialTerm): boolean =>
    coefficient >= 0 || coefficient >= coefficientOf(small, symbols);
  return small.terms.every(atLeast) && large.terms.every(notNegative);
}

/** Of the monomial of these symbols, which are in order. */
function coefficientOf({ terms }: Polynomial, symbols: readonly string[]): number {
  return terms.find((term) => sameItems(term.symbols, symbols))?.coefficient ?? 0;
}

/** Each coefficient up to a multiple of 4, so that every tensor begins at one. */
function aligned(length: Polynomial): Polynomial {
  return {
    terms: length.terms.map((t) => ({ ...t, coefficient: Math.ceil(t.coefficient / 4) * 4 })),
  };
}

/** Slots of a fixed size come first: what lies in them stays where it is, whatever B and T are. */
function layOut(slots: readonly Slot[], offsets: Map<Tensor, Polynomial>): Polynomial {
  let end = polynomial(0);
  const isFixed = ({ size }: Slot): boolean => polynomialValue(size) !== undefined;
  const ordered = [...slots.filter(isFixed), ...slots.filter((slot) => !isFixed(slot))];
  for (const { size, tensors } of ordered) {
    for (const tensor of tensors) offsets.set(tensor, end);
    end = plus(end, size);
  }
  return end;
}
