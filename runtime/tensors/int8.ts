/**
 * Numbers in 8 bits: codes from -127 to 127 and, for each row, what one of them is worth. A number
 * is code * scale, rounded once to f32. Symmetrical, since 0 must stay 0.
 */

export interface Int8Rows {
  readonly codes: Int8Array;
  /** One of each row, an f32; 0 where all of a row is 0. */
  readonly scales: Float32Array;
}

/** Under this name a file has the scales of a tensor of codes. No name of a spec has a slash. */
export function scalesOf(name: string): string {
  return `${name}/scale`;
}

/** `codes` are rows of equal lengths, as many as there are scales. */
export function fromInt8(codes: Int8Array, scales: ArrayLike<number>): Float32Array {
  const width = codes.length / scales.length;
  return Float32Array.from(codes, (code, i) => code * (scales[Math.floor(i / width)] ?? 0));
}

/**
 * The nearest codes of finite numbers. A scale is the largest of the row's magnitudes / 127, and
 * rounded up: the exact code * scale is off by half a scale at most.
 */
export function toInt8(values: ArrayLike<number>, rows: number): Int8Rows {
  const width = values.length / rows;
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * width, (row + 1) * width];
    let most = 0;
    for (let i = from; i < to; i++) most = Math.max(most, Math.abs(values[i] ?? 0));
    if (most === 0) continue;
    const scale = scaleFor(most);
    scales[row] = scale;
    for (let i = from; i < to; i++) {
      codes[i] = Math.max(-most8, Math.min(most8, Math.round((values[i] ?? 0) / scale)));
    }
  }
  return { codes, scales };
}

const most8 = 127;

/** The least f32 that is not below `most` / 127, unless 127 of it would be infinite. */
function scaleFor(most: number): number {
  const word = new Float32Array([most / most8]);
  const bits = new Int32Array(word.buffer);
  const scale = (): number => word[0] ?? 0;
  const step = (by: number): void => void (bits[0] = (bits[0] ?? 0) + by);
  if (scale() * most8 < most) step(1);
  if (!Number.isFinite(Math.fround(scale() * most8))) step(-1);
  return scale();
}
