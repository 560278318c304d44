/**
 * Errors as multiples of what is allowed, counted in bins of a quarter of a decade: the first is of
 * what is exact or next to it, the last of what is above the allowed by ten times and more.
 */

export const histogramBins = 26;

/** The multiple at which bin `i` begins; the first begins at 0. */
export function binStart(i: number): number {
  return i === 0 ? 0 : 10 ** ((i - 1) / 4 - lowest);
}

/** Below 1e-5 of what is allowed nothing is told apart. */
const lowest = 5;

export function newHistogram(): number[] {
  return new Array<number>(histogramBins).fill(0);
}

export function addTo(histogram: number[], multiple: number): void {
  const bin = 1 + Math.floor(4 * (Math.log10(Math.max(multiple, Number.MIN_VALUE)) + lowest));
  const at = Math.min(histogramBins - 1, Math.max(0, bin));
  histogram[at] = (histogram[at] ?? 0) + 1;
}
