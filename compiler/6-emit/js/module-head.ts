/**
 * What stands at the head of a module: what its functions call, if they do. `room` is how many f32
 * they put aside.
 */
import type { Helper } from './context.ts';

export function headLines(helpers: ReadonlySet<Helper>, room: number): string[] {
  const asked = new Set(helpers);
  if (asked.has('Q')) asked.add('min').add('max');
  const ofMath = [
    ...(asked.has('R') ? ['fround: R'] : []),
    ...(asked.has('M') ? ['imul: M'] : []),
    ...(['abs', 'floor', 'max', 'min', 'sqrt'] as const).filter((name) => asked.has(name)),
  ];
  return [
    ...(ofMath.length > 0 ? [`const { ${ofMath.join(', ')} } = Math;`] : []),
    // The same 32 bits as f32 and as i32.
    ...(asked.has('V') ? ['const V = new Float32Array(1), W = new Int32Array(V.buffer);'] : []),
    ...(room > 0 ? [`const T = new Float32Array(${room});`] : []),
    // Towards zero; NaN gives 0, what is too large the nearest.
    ...(asked.has('Q') ? ['const Q = (a) => max(-2147483648, min(2147483647, a)) | 0;'] : []),
  ];
}
