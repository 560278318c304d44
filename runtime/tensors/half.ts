/** Numbers in IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */

/** Every number of binary16 is one of binary32. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Bits of the nearest number, of two as near the even one; beyond 65519 infinity. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // The exponent of the last place: of numbers below 2^-14 that of the smallest one.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const places = roundToEven(size / 2 ** (exponent - 10));
  // A carry into the next exponent is the sum of the fields.
  return sign | (((exponent + 14) << 10) + places);
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
