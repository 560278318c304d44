/**
 * What a bundle says of its model, as its runtime reads it: without what only people read. Floats
 * are not named as such.
 */
import type {
  BundleDescription,
  BundleInput,
  BundleOutput,
  BundleState,
  StepsOf,
} from '../artifact/bundle.ts';

export interface DescribedInput extends Floats<BundleInput, 'element'> {
  /** What completes "expected", of whatever is no value of it. */
  readonly expects: string;
}
export type DescribedOutput = Omit<BundleOutput<StepsOf>, 'dtype'>;
type DescribedState = Floats<BundleState, 'dtype'>;

export interface Description extends Omit<
  BundleDescription,
  'name' | 'inputs' | 'outputs' | 'states'
> {
  readonly inputs: readonly DescribedInput[];
  readonly outputs: readonly DescribedOutput[];
  readonly states: readonly DescribedState[];
}

/** Where a kind may be left out, for floats. */
type Floats<Array, Kind extends keyof Array> = Omit<Array, Kind> & Partial<Pick<Array, Kind>>;
