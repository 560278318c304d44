/**
 * Where a kernel's memory lies in its shader. An array is declared as one of f32x4 where the kernel
 * reads fours from it and no two invocations could meet in one four that they write: an arena as
 * a whole, since its buffers are one binding; each shared array and array of registers alone.
 */
import type { Kernel, KernelArray } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { visitStatements } from '../../kernel/walk.ts';
import type { Place } from './context.ts';

export interface PlaceNames {
  /** What stands for where a buffer begins. */
  readonly base: (buffer: string) => string;
  readonly array: (array: KernelArray, place: Omit<Place, 'array'>) => string;
}

export function placesOf(kernel: Kernel, names: PlaceNames): ReadonlyMap<string, Place> {
  const traffic = trafficOf(kernel);
  const places = new Map<string, Place>();
  const { buffers, shared, registers } = kernel;
  const arena = joined(buffers.filter((b) => b.element === 'f32').map((b) => traffic.get(b.name)));
  for (const { name, element } of buffers) {
    const array = element === 'f32' ? 'floats' : 'ints';
    const holds = element === 'f32' ? shapeOf(arena) : 'elements';
    places.set(name, { array, base: names.base(name), holds, space: 'buffer' });
  }
  for (const array of shared) {
    places.set(array.name, place(array, shapeOf(traffic.get(array.name)), 'shared', names));
  }
  for (const array of registers) {
    // Nobody else writes here, so that a four may well be written in part.
    const fours = traffic.get(array.name)?.fours === true;
    places.set(array.name, place(array, fours ? 'vectors' : 'elements', 'registers', names));
  }
  return places;
}

interface Traffic {
  readonly fours: boolean;
  /** Or fours at any index, which lie in two of the array's. */
  readonly singleStores: boolean;
}

function trafficOf({ body }: Kernel): ReadonlyMap<string, Traffic> {
  const traffic = new Map<string, Traffic>();
  const note = (memory: string, seen: Traffic): void => {
    traffic.set(memory, joined([traffic.get(memory), seen]));
  };
  visitStatements(body, {
    statement: (s) => {
      if (s.kind !== 'store') return;
      const fours = typeOf(s.value) === 'f32x4' && s.unaligned !== true;
      note(s.memory, { fours, singleStores: !fours });
    },
    expression: (e) => {
      if (e.kind !== 'load') return;
      const fours = e.type === 'f32x4' && e.unaligned !== true;
      note(e.memory, { fours, singleStores: e.unaligned === true });
    },
  });
  return traffic;
}

function joined(parts: readonly (Traffic | undefined)[]): Traffic {
  return {
    fours: parts.some((part) => part?.fours === true),
    singleStores: parts.some((part) => part?.singleStores === true),
  };
}

function shapeOf(traffic: Traffic | undefined): Place['holds'] {
  return traffic?.fours === true && !traffic.singleStores ? 'vectors' : 'elements';
}

function place(
  array: KernelArray,
  holds: Place['holds'],
  space: Place['space'],
  names: PlaceNames,
): Place {
  return { array: names.array(array, { holds, space }), holds, space };
}
