/** Types that every bundle has. */
export const commonTypes = `/** Numbers of an input, row after row. */
export type Numbers = ArrayLike<number> & object;

/** Numbers of an output, row after row, and its shape. */
export interface Output<Data, Shape> {
  readonly data: Data;
  readonly shape: Shape;
}

/** What is thrown; \`code\` says what is wrong, whatever the words. */
export interface BundleError extends Error {
  readonly code: string;
  readonly hint?: string | undefined;
}

export interface SelfTest {
  readonly backend: Backend;
  /** Whether every result is within what it may be off by. */
  readonly ok: boolean;
  readonly results: readonly {
    readonly name: string;
    /** The largest distance from the interpreter in f64. */
    readonly error: number;
    readonly allowed: number;
  }[];
}
`;

export const sampleTypes = `
export interface SampleOptions {
  /** How it begins; what is yielded comes after it. */
  readonly prefix?: string | undefined;
  /** 1 draws as the model says, 0 takes the likeliest; 1 if left out. */
  readonly temperature?: number | undefined;
  /** Draw among so many likeliest tokens. */
  readonly topK?: number | undefined;
  /** Most tokens; 200 if left out. */
  readonly length?: number | undefined;
  /** The same seed gives the same text; 1 if left out. */
  readonly seed?: number | undefined;
}
`;
