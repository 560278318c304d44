/**
 * Results that are the next value of a parameter come to lie where the parameter lies. The kernel
 * that computes one writes it there where that is safe: nothing reads the old value later, and that
 * kernel itself reads it at its own index alone. Else it is copied there in the end.
 */
import { present } from '../base/bug.ts';
import { readsOfItem, type Item, type KernelItem, type Root } from './fuse.ts';
import type { Place, Tensor } from './node.ts';
import type { NodeGraph } from './nodes-of.ts';
import type { Reader, Relation } from './reads.ts';

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
  let found: Touched | undefined;
  const touched = (): Touched => (found ??= touchedBy(items, reader));
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
    if (isSafe(touched(), home.tensor, from.tensor)) inPlace.set(from.tensor, home);
    else copies.push({ node: value, place: home });
  }
  for (const item of items) if (item.kind === 'kernel') moveRoots(item, inPlace);
  for (const { node } of graph.results) {
    const moved = node.place && inPlace.get(node.place.tensor);
    if (moved !== undefined) node.place = moved;
  }
  return { items: [...items, ...copyItems(graph, copies, items.length)], places: settled };
}

interface Touched {
  /** By tensor: who reads it, and at which index. */
  readonly reads: ReadonlyMap<Tensor, readonly { item: Item; relation: Relation }[]>;
  /** By tensor: the kernels outside of loops that write it. */
  readonly writers: ReadonlyMap<Tensor, ReadonlySet<Item>>;
}

function touchedBy(items: readonly Item[], reader: Reader): Touched {
  const reads = new Map<Tensor, { item: Item; relation: Relation }[]>();
  const writers = new Map<Tensor, Set<Item>>();
  for (const item of items) {
    for (const kernel of item.kind === 'loop' ? item.body : [item]) {
      for (const [{ place }, relation] of readsOfItem(kernel, reader)) {
        if (place === undefined) continue;
        const known = reads.get(place.tensor);
        if (known === undefined) reads.set(place.tensor, [{ item, relation }]);
        else known.push({ item, relation });
      }
    }
    for (const { place } of item.kind === 'kernel' ? item.roots : []) {
      writers.set(place.tensor, (writers.get(place.tensor) ?? new Set()).add(item));
    }
  }
  return { reads, writers };
}

/** Whether the memory of `old` may be written by whoever writes `next`. */
function isSafe({ reads, writers }: Touched, old: Tensor, next: Tensor): boolean {
  const [writer, another] = writers.get(next) ?? [];
  if (writer === undefined || another !== undefined) return false;
  const readsNext = reads.get(next)?.some(({ item }) => item !== writer);
  if (readsNext === true) return false;
  return (reads.get(old) ?? []).every(
    ({ item, relation }) => item.order < writer.order || (item === writer && relation === 'same'),
  );
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
