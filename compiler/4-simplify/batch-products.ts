/**
 * The passes that make the products of recurrent layers few and large, as a list, run together with
 * those of `simplify` until nothing changes. Sums are ordered anew, so numbers change by rounding.
 *
 * They are meant for a graph before it is differentiated: what is one product there has one product
 * for each derivative, and what is computed for all time steps at once is differentiated so.
 */
import { sameGraph } from '../graph/same-graph.ts';
import type { Graph } from '../graph/types.ts';
import { addBeforeSlicing } from './add-before-slicing.ts';
import { hoistProducts } from './hoist-products.ts';
import { joinSlices } from './join-slices.ts';
import { joinYields } from './join-yields.ts';
import { mergeProducts } from './merge-products.ts';
import { regroupSums } from './regroup-sums.ts';
import { runPass, type Check, type Pass } from './run-pass.ts';
import { simplify } from './simplify.ts';
import { sinkProducts } from './sink-products.ts';
import { splitProducts } from './split-products.ts';
import { sumOfPads } from './sum-of-pads.ts';

/** For a graph that is yet to be differentiated, or never will be. */
export const productPasses: readonly Pass[] = [
  { name: 'splitProducts', run: splitProducts },
  { name: 'regroupSums', run: regroupSums },
  { name: 'mergeProducts', run: mergeProducts },
  { name: 'addBeforeSlicing', run: addBeforeSlicing },
  { name: 'hoistProducts', run: hoistProducts },
  { name: 'sinkProducts', run: sinkProducts },
  { name: 'joinSlices', run: joinSlices },
  { name: 'sumOfPads', run: sumOfPads },
];

/** For what the derivatives of slices and concats leave behind. */
export const gradientPasses: readonly Pass[] = [
  { name: 'sumOfPads', run: sumOfPads },
  { name: 'joinSlices', run: joinSlices },
  { name: 'joinYields', run: joinYields },
];

/** Rounds after which it stops even if a further one would still find something. */
const mostRounds = 8;

/** `check` sees the graph after each pass: the pipeline verifies there. */
export function batchProducts(graph: Graph, check: Check = () => {}): Graph {
  return settle(graph, productPasses, check);
}

/** The same numbers, for the graph of a training step or of gradients. */
export function cleanUpGradient(graph: Graph, check: Check = () => {}): Graph {
  return settle(graph, gradientPasses, check);
}

function settle(graph: Graph, passes: readonly Pass[], check: Check): Graph {
  let current = simplify(graph, check);
  for (let round = 0; round < mostRounds; round++) {
    const before = current;
    for (const pass of passes) current = runPass(pass, current, check);
    current = simplify(current, check);
    if (sameGraph(current, before)) break;
  }
  return current;
}
