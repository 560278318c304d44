/**
 * In scan bodies, the terms of a sum are ordered so that what can leave the loop stands together:
 * (product of a carry + (products of xs + what does not vary)) + the rest. The numbers change by
 * rounding alone.
 */
import type { Graph, Value } from '../graph/types.ts';
import { editGraph } from './graph-editor.ts';
import { inEveryScope, type Scope } from './scope.ts';
import { addUp, sumTerms } from './sums.ts';

export function regroupSums(graph: Graph): Graph {
  return inEveryScope(graph, (scope) =>
    scope.scan === undefined ? scope.graph : regroupIn(scope),
  );
}

function regroupIn(scope: Scope): Graph {
  return editGraph(scope.graph, (_instruction, editor, original) => {
    const terms = sumTerms(scope, original);
    const groups = terms && groupTerms(scope, terms);
    if (groups === undefined) return undefined;
    const current = (list: readonly Value[]): Value[] => list.map((v) => editor.current(v));
    const invariant = addUp(editor, [...current(groups.ahead), ...current(groups.constants)]);
    const [first, ...others] = current(groups.products);
    const start = first === undefined ? invariant : addUp(editor, [first, invariant]);
    return [addUp(editor, [start, ...others, ...current(groups.rest)])];
  });
}

interface Terms {
  /** Products of what carries bring. */
  readonly products: readonly Value[];
  /** Products of xs, at least one. */
  readonly ahead: readonly Value[];
  readonly constants: readonly Value[];
  readonly rest: readonly Value[];
}

/** Undefined if nothing could leave the loop, or if all of it can. */
function groupTerms(scope: Scope, terms: readonly Value[]): Terms | undefined {
  const { variance } = scope;
  const products = terms.filter((v) => variance(v) === 'carried' && isProduct(scope, v));
  const ahead = terms.filter((v) => variance(v) === 'step' && isProduct(scope, v));
  const constants = terms.filter((v) => variance(v) === 'constant');
  const placed = new Set([...products, ...ahead, ...constants]);
  const rest = terms.filter((v) => !placed.has(v));
  if (ahead.length === 0 || products.length + rest.length === 0) return undefined;
  return { products, ahead, constants, rest };
}

/** A product, or a slice of one. */
function isProduct(scope: Scope, value: Value): boolean {
  const definition = scope.definition(value);
  const [x] = definition?.operands ?? [];
  if (definition?.op === 'slice' && x !== undefined) return isProduct(scope, x);
  return definition?.op === 'dot';
}
