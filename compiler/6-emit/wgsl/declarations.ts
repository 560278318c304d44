/** What stands at the head of a shader: the bindings that it uses, and its shared memory. */
import type { Kernel, KernelArray } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import type { Context, Place } from './context.ts';

export function bindingLines({ buffers, sizes }: Kernel, context: Context): string[] {
  const { needs, places } = context;
  const rows = Math.max(1, Math.ceil((buffers.length + sizes.length) / 4));
  const arena = buffers.find(({ element }) => element === 'f32');
  const floats = arena === undefined ? undefined : places.get(arena.name);
  const declarations = [
    ['record', `var<uniform> record: array<vec4<u32>, ${rows}>;`],
    ['moment', 'var<uniform> moment: vec4<u32>;'],
    ['floats', `var<storage, read_write> floats: array<${elementType('f32', floats?.holds)}>;`],
    ['ints', 'var<storage, read_write> ints: array<i32>;'],
  ] as const;
  return declarations.flatMap(([name, declaration], binding) =>
    needs.has(name) ? [`@group(0) @binding(${binding}) ${declaration}`] : [],
  );
}

export function sharedLines({ shared }: Kernel, context: Context): string[] {
  return shared.map((array) => `var<workgroup> ${arrayText(array, context)};`);
}

/** `tile: array<f32, 256>`. */
export function arrayText(array: KernelArray, { places }: Context): string {
  const place = present(places.get(array.name), `the array ${array.name}`);
  return `${place.array}: ${arrayType(array, place.holds)}`;
}

/** `array<f32, 256>`. */
export function arrayType({ element, length }: KernelArray, holds: Place['holds']): string {
  // An array of WGSL has elements.
  const elements = Math.max(1, holds === 'vectors' ? Math.ceil(length / 4) : length);
  return `array<${elementType(element, holds)}, ${elements}>`;
}

function elementType(element: 'f32' | 'i32', holds: Place['holds'] | undefined): string {
  return holds === 'vectors' ? 'vec4<f32>' : element;
}
