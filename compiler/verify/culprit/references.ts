/**
 * What is right for a graph and how far off it may be: the f64 oracle by the accuracy rule, or the
 * bits of another run.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { interpret } from '../../interpret/interpret.ts';
import { roomsOf } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import { nudged, smallestNormal } from '../nudge.ts';
import { roughened } from '../roughened.ts';
import type { Reference } from './departures.ts';

/**
 * By runs in f32 as the checks have them (case-point.ts), and what a device may flush to 0 on top.
 * `plain` is the same graph before passes that round otherwise. A truth value or an index that
 * rounding decides is not judged.
 */
export function oracle(
  graph: Graph,
  inputs: Arrays,
  bindings: Bindings,
  plain: Graph | undefined,
): Reference {
  const exact = interpret(graph, inputs, { precision: 'f64', bindings });
  const inF32 = (g: Graph, arrays: Arrays): Arrays =>
    interpret(g, arrays, { precision: 'f32', bindings });
  const rough = [1, -1, 0].map((units) => inF32(roughened(graph, units), nudged(inputs, units)));
  const rounded = [graph, ...(plain === undefined ? [] : [plain])].map((g) => inF32(g, inputs));
  const all = [...rounded, ...rough];
  const rooms = roomsOf(all, exact);
  return {
    room(name) {
      const room = rooms.get(name);
      if (room === undefined) return undefined;
      if (room.exact.dtype === 'float') return { ...room, allowed: room.allowed + smallestNormal };
      return {
        ...room,
        allowed: all.every((run) => agree(run.get(name), room.exact)) ? 0 : Infinity,
      };
    },
  };
}

/** The same numbers and no others. */
export function bitsOf(arrays: Arrays): Reference {
  return {
    room(name) {
      const exact = arrays.get(name);
      return exact === undefined ? undefined : { exact, allowed: 0 };
    },
  };
}

/** What a run has no result for says nothing. */
function agree(found: NdArray | undefined, exact: NdArray): boolean {
  return found === undefined || exact.data.every((value, i) => value === found.data[i]);
}
