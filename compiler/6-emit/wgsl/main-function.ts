/**
 * The entry point of a kernel's shader. It begins with where the buffers lie and what the sizes
 * are, as far as the body asks; then the registers, then the body.
 */
import type { Kernel } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import type { Context } from './context.ts';
import { arrayText } from './declarations.ts';
import { indented, statementLines } from './statements.ts';

export function mainLines(kernel: Kernel, context: Context): string[] {
  const body = statementLines(kernel.body, context);
  const given = [...bufferLines(kernel, context), ...sizeLines(kernel, context)];
  if (given.length > 0) context.needs.add('record');
  if (context.needs.has('time_step')) given.push('let time_step = i32(moment.x);');
  const registers = kernel.registers.map((array) => `var ${arrayText(array, context)};`);
  const head = [...given, ...registers];
  return [
    `@compute @workgroup_size(${kernel.workgroup.join(', ')})`,
    `fn main(${argumentsText(context)}) {`,
    ...indented(head),
    ...(head.length > 0 && body.length > 0 ? [''] : []),
    ...indented(body),
    '}',
  ];
}

/** `let a_at = i32(record[0].x);` for the buffers that are used. */
function bufferLines({ buffers }: Kernel, { usedBuffers, places }: Context): string[] {
  return buffers.flatMap(({ name }, position) => {
    if (!usedBuffers.has(name)) return [];
    const { base = '', holds } = present(places.get(name), `the buffer ${name}`);
    // Every tensor begins at a multiple of 4.
    const begin = holds === 'vectors' ? `${word(position)} >> 2u` : word(position);
    return [`let ${base} = i32(${begin});`];
  });
}

function sizeLines({ buffers, sizes }: Kernel, { usedSizes, names }: Context): string[] {
  return sizes.flatMap((name, position) =>
    usedSizes.has(name)
      ? [`let ${names.of('size', name)} = i32(${word(buffers.length + position)});`]
      : [],
  );
}

/** A word of the record. */
function word(position: number): string {
  return `record[${position >> 2}].${'xyzw'.charAt(position & 3)}`;
}

function argumentsText({ needs }: Context): string {
  return [
    needs.has('workgroup_id') ? ['@builtin(workgroup_id) workgroup_id: vec3<u32>'] : [],
    needs.has('invocation_id') ? ['@builtin(local_invocation_id) invocation_id: vec3<u32>'] : [],
  ]
    .flat()
    .join(', ');
}
