/**
 * A uniform number in [0, 1) as a pure function of key and counter: the top 24 bits of the first
 * word of Threefry-2x32-20 (Salmon et al. 2011), bit for bit that of runtime/artifact/threefry.ts.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, binary, int, local, mul, unary } from '../build.ts';
import { define, number, type Named } from './define.ts';

const parity = 0x1bd11bda;
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
const groups = 5;

type Words = readonly [Expression, Expression];

const [key0, key1] = [local('key0', 'i32'), local('key1', 'i32')];
const counter: Words = [local('site', 'i32'), local('index', 'i32')];

/** uniform(key0, key1, site, index), all i32. */
export const uniform: KernelFunction = define(
  'uniform',
  { key0: 'i32', key1: 'i32', site: 'i32', index: 'i32' },
  (named) => {
    const key2 = named('key2', xor(xor(key0, key1), int(parity)));
    const keys = [key0, key1, key2];
    const injected = (words: Words, group: number): Words => {
      const [first = key0, second = key0] = [keys[group % 3], keys[(group + 1) % 3]];
      return [add(words[0], first), add(add(words[1], second), int(group))];
    };
    let words = injected(counter, 0);
    for (let group = 1; group <= groups; group++) {
      const [even, odd] = rotations;
      words = injected(fourRounds(words, group % 2 === 1 ? even : odd, group, named), group);
    }
    const top = binary('shiftRight', words[0], int(8));
    return mul(unary('toFloat', top), number(2 ** -24));
  },
);

function fourRounds(words: Words, by: readonly number[], group: number, named: Named): Words {
  return by.reduce<Words>(([first, second], rotation, i) => {
    const before = named(`b${group}${i}`, second);
    const sum = named(`a${group}${i}`, add(first, before));
    const left = binary('shiftLeft', before, int(rotation));
    const turned = binary('bitOr', left, binary('shiftRight', before, int(32 - rotation)));
    return [sum, xor(turned, sum)];
  }, words);
}

function xor(x: Expression, y: Expression): Expression {
  return binary('bitXor', x, y);
}
