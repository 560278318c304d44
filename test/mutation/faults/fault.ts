/**
 * What a planted fault is: one edit of one file, such as a careless engineer would make, and the
 * tests that should be the first to find it.
 */

export interface Fault {
  /** Names it for good: kebab-case, once in the list. */
  readonly name: string;
  readonly file: string;
  /** The exact text, which stands once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Files and folders to try first, the quickest at the front. */
  readonly tests: readonly string[];
}

/** A part of the tree with its faults, and with the tests that are asked next. */
export interface Area {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly tests: readonly string[];
}

/** A fault that no test finds stays in the list, with the reason why that is borne. */
export interface Excuse {
  readonly name: string;
  readonly why: string;
}
