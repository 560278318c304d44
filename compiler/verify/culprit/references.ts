/**
 * What is right for a graph and how far off it may be: the f64 oracle by the accuracy rule, or the
 * bits of another run.
 */
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { interpret } from '../../interpret/interpret.ts';
import { allowedError } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import type { Reference } from './departures.ts';

/**
 * `plain` is the same graph before passes that round otherwise. A truth value or an index that
 * rounding decides (f32 and f64 differ) is not judged.
 */
export function oracle(
  graph: Graph,
  inputs: Arrays,
  bindings: Bindings,
  plain: Graph | undefined,
): Reference {
  const exact = interpret(graph, inputs, { precision: 'f64', bindings });
  const rounded = [graph, ...(plain === undefined ? [] : [plain])].map((g) =>
    interpret(g, inputs, { precision: 'f32', bindings }),
  );
  return {
    exact,
    allowed(name) {
      const array = exact.get(name);
      if (array === undefined) return Infinity;
      if (array.dtype === 'float') return allowedError(name, rounded, array);
      const others = rounded[0]?.get(name);
      return array.data.every((value, i) => value === others?.data[i]) ? 0 : Infinity;
    },
  };
}

/** The same numbers and no others. */
export function bitsOf(exact: Arrays): Reference {
  return { exact, allowed: () => 0 };
}
