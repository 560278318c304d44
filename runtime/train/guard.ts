/**
 * Watches a run for numbers that mean nothing any more: a loss or a gradient that is NaN or
 * infinite stops it, a gradient far larger than the usual ones is warned of. Both name weight,
 * layer and step.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { StepOutcome } from './step.ts';
import type { TrainingProgram } from '../artifact/training.ts';

/** Gradient norms that are remembered, and how many of them make a usual one. */
const remembered = 100;
const enough = 10;

/** A gradient this many times the median of the last ones is called exploding. */
const explosion = 1e4;

/** The fault R7301 for an outcome that must not be applied; undefined for a sound one. */
export function divergence(
  program: TrainingProgram,
  outcome: StepOutcome,
  step: number,
  kept: number,
): RuntimeFault | undefined {
  const { loss, gradientNorm, norms } = outcome;
  const bad = program.weights.filter(({ name }) => !Number.isFinite(norms.get(name)));
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm) && bad.length === 0) return undefined;
  const parts = [`the loss is ${loss}`];
  if (bad.length > 0) parts.push(`the gradient is not finite in ${listWeights(bad)}`);
  else if (!Number.isFinite(gradientNorm)) parts.push(`the gradient norm is ${gradientNorm}`);
  return stopped(`step ${step}: ${parts.join('; ')}`, kept);
}

/** The fault R7301 for weights that hold NaN or infinity; undefined for sound ones. */
export function brokenWeights(
  program: TrainingProgram,
  weights: ReadonlyMap<string, NdArray>,
  step: number,
  kept: number,
): RuntimeFault | undefined {
  const bad = program.weights.filter(({ name }) => {
    const data = weights.get(name)?.data ?? new Float64Array();
    return !data.every(Number.isFinite);
  });
  if (bad.length === 0) return undefined;
  return stopped(`step ${step}: the update left NaN or infinity in ${listWeights(bad)}`, kept);
}

/** What to tell of a gradient far above the median of those before; undefined for a usual one. */
export function explosionWarning(
  program: TrainingProgram,
  outcome: StepOutcome,
  step: number,
  before: readonly number[],
): string | undefined {
  if (before.length < enough) return undefined;
  const median = [...before].sort((a, b) => a - b)[before.length >> 1] ?? 0;
  if (median === 0 || outcome.gradientNorm <= explosion * median) return undefined;
  const norm = (name: string): number => outcome.norms.get(name) ?? 0;
  const [worst] = [...program.weights].sort((a, b) => norm(b.name) - norm(a.name));
  const where = worst === undefined ? '' : `, most of it in ${listWeights([worst])}`;
  return (
    `step ${step}: exploding gradient: its norm is ${outcome.gradientNorm.toPrecision(3)}, ` +
    `the usual one ${median.toPrecision(3)}${where}`
  );
}

/** The norms to remember after one more. */
export function rememberNorm(before: readonly number[], norm: number): readonly number[] {
  return [...before.slice(1 - remembered), norm];
}

function stopped(what: string, kept: number): RuntimeFault {
  return new RuntimeFault(
    'R7301',
    `training diverged at ${what}`,
    `the last good checkpoint is that of step ${kept}; a lower rate or clipNorm = 1 may help`,
  );
}

function listWeights(
  weights: readonly { readonly name: string; readonly layer: string }[],
): string {
  const shown = weights.slice(0, 3).map(({ name, layer }) => `\`${name}\` (layer ${layer})`);
  const more = weights.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
