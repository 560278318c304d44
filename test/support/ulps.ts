/** Errors of single-precision numbers in units of the last place. */

/**
 * How far an f32 is from a number, in units of the last place of an f32 of the number's size. 0
 * where both are NaN, or equal; Infinity where just one is NaN or infinite.
 */
export function ulpsBetween(found: number, wanted: number): number {
  if (Object.is(found, wanted) || found === wanted) return 0;
  const error = Math.abs(found - wanted) / ulpOf(wanted);
  return Number.isNaN(error) ? Infinity : error;
}

/** The distance of neighbouring f32 there; below the normal numbers that is 2^-149. */
export function ulpOf(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  // The logarithm may round up to the next power.
  const exact = 2 ** exponent > Math.abs(x) ? exponent - 1 : exponent;
  return 2 ** (Math.max(exact, -126) - 23);
}
