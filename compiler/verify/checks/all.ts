/** Every check there is, in the order in which a case goes through them. */
import { gradients, values } from './accurate.ts';
import { sameBits, sameBitsOnThreads } from './bits.ts';
import type { Check } from './check.ts';
import { differences } from './differences.ts';
import { lossScaling } from './loss-scaling.ts';
import { nonFinite } from './non-finite.ts';
import { padding } from './padding.ts';
import { reversal } from './reversal.ts';
import { stepsInARow, stepsOnThreads, trainingSteps } from './training.ts';
import { batchIsRows, gradientSum, permutation } from './rows.ts';
import { chunks, streaming } from './streaming.ts';

export const allChecks: readonly Check[] = [
  values,
  gradients,
  nonFinite,
  padding,
  batchIsRows,
  permutation,
  gradientSum,
  streaming,
  chunks,
  reversal,
  lossScaling,
  differences,
  sameBits,
  sameBitsOnThreads,
  trainingSteps,
  stepsInARow,
  stepsOnThreads,
];
