/** What a bundle says of its model, as its runtime reads it. */
import type { BundleDescription, BundleOutput, StepsOf } from '../artifact/bundle.ts';

export type Description = BundleDescription<StepsOf>;
export type DescribedOutput = BundleOutput<StepsOf>;
