/** What a bundle says of its training, as its runtime reads it. */
import type { BundleTraining } from '../../artifact/training.ts';
import type { DescribedInput } from '../description.ts';

export interface DescribedTraining extends Omit<BundleTraining, 'inputs'> {
  readonly inputs: readonly DescribedInput[];
}
