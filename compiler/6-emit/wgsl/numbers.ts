/**
 * Numbers as WGSL writes them: a decimal that reads back as the very f32, or a whole number of 32
 * bits. Infinity and NaN have no such form, and WGSL refuses whatever it can fold to them, so that
 * they are made from bits where the compiler of shaders cannot see it (`opaque`). So is -0: Tint
 * makes one constant of it and 0 where a shader has both.
 */
import type { ScalarType } from '../../../runtime/artifact/kernel.ts';

/** The text of a number; undefined where WGSL has none. */
export function numberText(of: ScalarType, value: number): string | undefined {
  switch (of) {
    case 'f32':
      return floatText(Math.fround(value));
    case 'i32':
      return String(value | 0);
    case 'bool':
      return value === 0 ? 'false' : 'true';
  }
  of satisfies never;
}

/** The 32 bits of a number, as a literal: `0x7f800000u`. */
export function bitsText(type: ScalarType, value: number): string {
  const bits =
    type === 'f32' ? (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) : value >>> 0;
  return `0x${bits.toString(16)}u`;
}

/** As a double, which is what WGSL reads a decimal as. A decimal above it is refused. */
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

function floatText(value: number): string | undefined {
  if (!Number.isFinite(value) || Object.is(value, -0)) return undefined;
  for (let digits = 1; ; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) !== value || Math.abs(short) > largestFloat) continue;
    const text = String(short);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
}
