/**
 * Identifiers by number, in place of names: locals are a, b, … z, aa, ab, …, each block going on
 * where the one around it stands, so that kernels that do the same read the same. Capital letters
 * stand for what every text has.
 */
import type { Kernel } from '../../../runtime/artifact/kernel.ts';
import { numbered, smallLetters } from '../../kernel/short-text.ts';
import type { Spelling } from './context.ts';
import type { Names } from './names.ts';
import { reservedNames } from './reserved.ts';

/** The record is `A`, a struct; places are `X` and `Y`, of whole numbers. */
export const compactSpelling: Spelling = {
  place: (of, axis) => `${of === 'workgroup_id' ? 'X' : 'Y'}.${'xyz'.charAt(axis)}`,
  timeStep: 'moment.x',
  stepSign: 'u32(moment.x >> 31u)',
};

/** By what own-functions.ts and places.ts call them. */
export const compactLetters: ReadonlyMap<string, string> = new Map([
  ['moment', 'M'],
  ['floats', 'F'],
  ['fours', 'V'],
  ['ints', 'I'],
  ['opaque', 'O'],
  ['to_int', 'Q'],
  ['load4_floats', 'L'],
  ['store4_floats', 'S'],
]);

/** Those of one function; `functionNamed` gives what functions of the program are called. */
export function compactNames(
  { buffers, sizes }: Pick<Kernel, 'buffers' | 'sizes'>,
  functionNamed: (name: string) => string,
): Names {
  const known = new Map<string, string>();
  let count = 0;
  const fresh = (): string => {
    const name = numbered(count++, smallLetters);
    return reservedNames.has(name) ? fresh() : name;
  };
  return {
    of: (kind, name) => {
      if (kind === 'function') return functionNamed(name);
      if (kind === 'size') return recordWord(buffers.length + sizes.indexOf(name));
      const key = `${kind} ${name}`;
      const own = known.get(key) ?? fresh();
      known.set(key, own);
      return own;
    },
    fresh,
    inBlock: (print) => {
      const outside = count;
      const printed = print();
      count = outside;
      return printed;
    },
  };
}

/** A word of the record: where its buffers begin, in elements, then its sizes. */
export function recordWord(position: number): string {
  if (position < mostMembers) return `A.${memberName(position)}`;
  const rest = position - mostMembers;
  return `A.Z[${rest >> 2}].${'xyzw'.charAt(rest & 3)}`;
}

/** `a: i32, b: i32, …` */
export function recordMembers(words: number): string {
  const members = Array.from({ length: Math.min(words, mostMembers) }, (_, i) => {
    return `${memberName(i)}: i32`;
  });
  const rows = Math.ceil((words - mostMembers) / 4);
  return [...members, ...(rows > 0 ? [`Z: array<vec4i, ${rows}>`] : [])].join(', ');
}

/** A struct of WGSL has at most 1023. What is beyond is an array, which begins at such a place. */
const mostMembers = 512;

function memberName(position: number): string {
  const name = numbered(position, smallLetters);
  return reservedNames.has(name) ? `${name}0` : name;
}
