/**
 * Functions of the printer's own, which a text declares when it calls them. Each `…Call` gives the
 * call and sees to the declaration.
 */
import type { Context, Place } from './context.ts';

/**
 * The same bits, of which no compiler of shaders can know more: a step is never negative, and only
 * we know. Without it WGSL refuses infinity and NaN, and a compiler that takes it that there are
 * none could fold what depends on them.
 */
export function opaqueCall(bits: string, { ownFunctions, needs, spelling }: Context): string {
  needs.add('moment');
  ownFunctions.set('opaque', [
    'fn opaque(bits: u32) -> u32 {',
    `  return bits | ${spelling.stepSign};`,
    '}',
  ]);
  return `opaque(${bits})`;
}

export function toIntCall(x: string, { ownFunctions }: Context): string {
  ownFunctions.set('to_int', [
    '// Towards zero; NaN gives 0, what is too large the nearest.',
    'fn to_int(x: f32) -> i32 {',
    '  let bits = bitcast<u32>(x);',
    '  let magnitude = bits & 0x7fffffffu;',
    '  if (magnitude > 0x7f800000u) {',
    '    return 0;',
    '  }',
    '  if (magnitude >= 0x4f000000u) {',
    '    return select(2147483647, -2147483648, bits > 0x7fffffffu);',
    '  }',
    '  return i32(x);',
    '}',
  ]);
  return `to_int(${x})`;
}

/** A function of f32 on each of four. Its parameters are called like no local. */
export function lanesCall(
  name: string,
  operands: readonly string[],
  { ownFunctions }: Context,
): string {
  const parameters = operands.map((_, i) => `four${i}`);
  const lanes = ['x', 'y', 'z', 'w'].map(
    (lane) => `${name}(${parameters.map((p) => `${p}.${lane}`).join(', ')})`,
  );
  ownFunctions.set(`lanes_${name}`, [
    `fn lanes_${name}(${parameters.map((p) => `${p}: vec4<f32>`).join(', ')}) -> vec4<f32> {`,
    `  return vec4<f32>(${lanes.join(', ')});`,
    '}',
  ]);
  return `lanes_${name}(${operands.join(', ')})`;
}

/** An f32x4 from an array of single elements. Its parameter is called like no array. */
export function loadFourCall({ array }: Place, at: string, { ownFunctions }: Context): string {
  const parts = ['', ' + 1', ' + 2', ' + 3'].map((more) => `${array}[index4${more}]`);
  ownFunctions.set(`load4_${array}`, [
    `fn load4_${array}(index4: i32) -> vec4<f32> {`,
    `  return vec4<f32>(${parts.join(', ')});`,
    '}',
  ]);
  return `load4_${array}(${at})`;
}

export function storeFourCall(
  { array }: Place,
  at: string,
  value: string,
  { ownFunctions }: Context,
): string {
  ownFunctions.set(`store4_${array}`, [
    `fn store4_${array}(index4: i32, value4: vec4<f32>) {`,
    `  ${array}[index4] = value4.x;`,
    `  ${array}[index4 + 1] = value4.y;`,
    `  ${array}[index4 + 2] = value4.z;`,
    `  ${array}[index4 + 3] = value4.w;`,
    '}',
  ]);
  return `store4_${array}(${at}, ${value})`;
}
