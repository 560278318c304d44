/** Every check there is, in the order in which a case goes through them. */
import { gradients, values } from './accurate.ts';
import { sameBits, sameBitsOnThreads } from './bits.ts';
import type { Check } from './check.ts';
import { nonFinite } from './non-finite.ts';

export const allChecks: readonly Check[] = [
  values,
  gradients,
  nonFinite,
  sameBits,
  sameBitsOnThreads,
];
