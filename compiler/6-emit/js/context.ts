/**
 * What the parts of the printer share while they print one function: the identifiers of its names,
 * and what it turned out to need of whoever calls it.
 */
import type { MemoryType } from '../../../runtime/artifact/kernel.ts';
import type { LocalNames } from './identifiers.ts';
import type { Piece } from './pieces.ts';

/** What a function is given: an arena as an array, or a whole number. */
export type Given =
  | { readonly kind: 'arena'; readonly element: MemoryType }
  /** Where a buffer begins in its arena, in elements; by position, as the next one. */
  | { readonly kind: 'buffer'; readonly position: number }
  | { readonly kind: 'size'; readonly position: number }
  | { readonly kind: 'step' }
  /** Where the arrays of kernels lie, in elements of either arena. */
  | { readonly kind: 'scratch' }
  /** Workgroups along an axis. */
  | { readonly kind: 'groups'; readonly axis: 0 | 1 | 2 };

/** Where something lies. */
export interface Place {
  /** The identifier of what is indexed. */
  readonly array: () => string;
  /** Where it begins in there, but for `offset` more elements; 0 if absent. */
  readonly base?: () => Piece;
  readonly offset: number;
}

/** What every text of ours may call or index, each declared if it is. */
export type Helper = 'R' | 'M' | 'V' | 'Q' | 'abs' | 'floor' | 'sqrt' | 'min' | 'max';

export interface Context {
  readonly names: LocalNames;
  readonly size: (name: string) => Piece;
  readonly step: () => Piece;
  /** Which workgroup it is along each axis. */
  readonly workgroup: (axis: 0 | 1 | 2) => Piece;
  readonly place: (memory: string) => Place;
  /** The identifier of a function of the program. */
  readonly function: (name: string) => string;
  readonly help: (helper: Helper) => void;
}
