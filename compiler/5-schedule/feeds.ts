/**
 * Results that are the next value of a parameter come to lie where the parameter lies. The kernel
 * that computes one writes it there where that is safe: nothing reads the old value later, and that
 * kernel itself reads it at its own index alone. Else it is copied there in the end.
 */
import { present } from '../base/bug.ts';
import { readsOfItem, type Item, type KernelItem, type Root } from './fuse.ts';
import type { Place, Tensor } from './node.ts';
import type { NodeGraph } from './nodes-of.ts';
import type { Reader } from './reads.ts';

/** The name of a result by the name of the parameter that it becomes. */
export type Feeds = ReadonlyMap<string, string>;

export interface Fed {
  readonly items: readonly Item[];
  /** By result: where it lies in the end. */
  readonly places: ReadonlyMap<string, Place>;
}

export function feedBack(
  graph: NodeGraph,
  items: readonly Item[],
  reader: Reader,
  places: ReadonlyMap<string, Place>,
  feeds: Feeds,
): Fed {
  const settled = new Map(places);
  const inPlace = new Map<Tensor, Place>();
  const copies: Root[] = [];
  for (const [parameter, result] of feeds) {
    const { node } = present(
      graph.parameters.find((p) => p.parameter.name === parameter),
      parameter,
    );
    const home = present(node.place, parameter);
    const from = present(places.get(result), result);
    const value = present(
      graph.results.find((r) => r.name === result),
      result,
    ).node;
    settled.set(result, home);
    if (value === node) continue;
    if (isSafe(items, reader, home.tensor, from.tensor)) inPlace.set(from.tensor, home);
    else copies.push({ node: value, place: home });
  }
  for (const item of items) if (item.kind === 'kernel') moveRoots(item, inPlace);
  for (const { node } of graph.results) {
    const moved = node.place && inPlace.get(node.place.tensor);
    if (moved !== undefined) node.place = moved;
  }
  return { items: [...items, ...copyItems(graph, copies, items.length)], places: settled };
}

/** Whether the memory of `old` may be written by whoever writes `next`. */
function isSafe(items: readonly Item[], reader: Reader, old: Tensor, next: Tensor): boolean {
  const writers = items.filter(
    (item) => item.kind === 'kernel' && item.roots.some((r) => r.place.tensor === next),
  );
  const [writer] = writers;
  if (writer === undefined || writers.length > 1) return false;
  const readsNext = items.some((item) => item !== writer && reads(item, reader, next).length > 0);
  return (
    !readsNext &&
    items.every((item) => {
      const relations = reads(item, reader, old);
      if (relations.length === 0 || item.order < writer.order) return true;
      return item === writer && relations.every((relation) => relation === 'same');
    })
  );
}

function reads(item: Item, reader: Reader, tensor: Tensor): string[] {
  const kernels = item.kind === 'loop' ? item.body : [item];
  return kernels
    .flatMap((kernel) => readsOfItem(kernel, reader))
    .filter(([node]) => node.place?.tensor === tensor)
    .map(([, relation]) => relation);
}

function moveRoots(item: KernelItem, inPlace: ReadonlyMap<Tensor, Place>): void {
  item.roots.forEach((root, i) => {
    const place = inPlace.get(root.place.tensor);
    if (place !== undefined) item.roots[i] = { ...root, place };
  });
}

/** A kernel a value, at the very end. */
function copyItems(graph: NodeGraph, copies: readonly Root[], order: number): KernelItem[] {
  return copies.map((root, i) => ({
    kind: 'kernel',
    region: graph.top,
    order: order + i,
    domain: root.node.type.shape,
    reduction: undefined,
    members: new Set(),
    roots: [root],
  }));
}
