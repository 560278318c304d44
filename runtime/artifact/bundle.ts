/**
 * What a bundle says of its model: data that the compiler wrote into it. Names are data too; no
 * code depends on what they are. `Steps` is how the time steps of an output follow from the sizes
 * that are open: for the compiler a form over symbols, in a bundle a function of their values.
 */
import type { Dim } from './size.ts';

export type Backend = 'webgpu' | 'wasm' | 'javascript';

export type StepsOf = (...sizes: readonly number[]) => number;

export interface BundleDescription<Steps = Dim> {
  readonly name: string;
  /** Open sizes of the program, in its order: the batch `B`, and a time or more. */
  readonly symbols: readonly string[];
  readonly inputs: readonly BundleInput[];
  readonly outputs: readonly BundleOutput<Steps>[];
  readonly states: readonly BundleState[];
  /** Further parameters of ints, by name: lengths of sequences. */
  readonly lengths: readonly BundleLengths[];
  /** Ints that nothing needs to say, all 0, by name and shape without the batch. */
  readonly zeros: readonly { readonly name: string; readonly count: number }[];
  readonly weights: BundleFile;
  readonly golden: BundleFile;
}

/** A sequence [T, …sizes] where it has a time, else [...sizes]; of one example, without batch. */
interface BundleArray {
  readonly name: string;
  readonly sizes: readonly number[];
}

export interface BundleInput extends BundleArray {
  /** The symbol of its time steps. */
  readonly time?: string;
  readonly element: 'float' | 'words' | 'characters' | 'class' | 'ids';
  /** Ids are below this. */
  readonly ids?: number;
  /** Whether ids below 0 are valid too. */
  readonly negative?: boolean;
}

export interface BundleOutput<Steps = Dim> extends BundleArray {
  readonly time?: Steps;
  readonly dtype: 'float' | 'int' | 'bool';
  /** Which lengths cut it; all time steps count without. */
  readonly lengths?: string;
  /** Names of the classes on the last axis. */
  readonly labels?: readonly string[];
  /** The text input whose tokens its time steps are. */
  readonly tokens?: string;
}

export interface BundleState extends BundleArray {
  readonly dtype: 'float' | 'int';
  /** Name of the parameter and of the result. */
  readonly initialName: string;
  readonly finalName: string;
}

export interface BundleLengths {
  readonly name: string;
  readonly time: string;
}

/** A safetensors file, which is known by its hash (runtime/bundle/fingerprint.ts). */
export interface BundleFile {
  readonly file: string;
  readonly hash: string;
}

/**
 * What the golden file says beside its tensors: inputs as `in/NAME`, what the oracle says of them
 * as `out/NAME`.
 */
export interface BundleGolden {
  /** Values of the symbols. */
  readonly sizes: readonly number[];
  readonly results: readonly { readonly name: string; readonly allowed: number }[];
}
