/** The same bits again, and for any number of threads. */
import type { Judgement } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import { resultOf, type Check } from './check.ts';

export const sameBits: Check = {
  name: 'same bits twice',
  group: 'bits',
  graph: 'gradients',
  says: 'a second run gives the same bits',
  suits: () => true,
  takes: ({ numbers }) => numbers !== 'nonFinite',
  async run(point, { runner }) {
    const first = await point.run(runner, 'gradients');
    return resultOf(bitsApart(await point.run(runner, 'gradients'), first), first);
  },
};

export const sameBitsOnThreads: Check = {
  name: 'same bits on threads',
  group: 'bits',
  graph: 'gradients',
  says: 'several threads give the bits of one',
  comparesTwins: true,
  suits: (_, { twin }) => twin !== undefined,
  takes: ({ numbers }) => numbers !== 'nonFinite',
  async run(point, { runner, twin = runner }) {
    const one = await point.run(twin, 'gradients');
    return resultOf(bitsApart(await point.run(runner, 'gradients'), one), one);
  },
};

/** One number of other bits is infinitely more than is allowed. */
export function bitsApart(found: Arrays, wanted: Arrays): readonly Judgement[] {
  return [...wanted].map(([name, { data, shape }]) => {
    const other = found.get(name);
    if (other?.shape.join() !== shape.join()) {
      return { name, error: Infinity, allowed: 0, wrong: `${name} has another shape` };
    }
    const at = data.findIndex((value, i) => !Object.is(value, other.data[i]));
    if (at === -1) return { name, error: 0, allowed: 0, at: 0 };
    const wrong = `${name}[${at}] is ${other.data[at]}, and was ${data[at]}`;
    return { name, error: Infinity, allowed: 0, at, wrong };
  });
}
