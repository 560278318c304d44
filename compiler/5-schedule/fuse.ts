/**
 * Nodes to kernels. A kernel has one domain, the shape whose elements its invocations stand for,
 * and computes any number of nodes of that shape; each of them may read the others' element at the
 * same index without going through memory. Kernels are in the order in which they run, and a node
 * joins the kernel of what it reads at its own index, or else the latest one that it can.
 */
import { present } from '../base/bug.ts';
import { sameShape, type Shape } from '../graph/dim.ts';
import { Decisions, isConcat, isReduction } from './decide.ts';
import { Homes, type Home, type Stored } from './homes.ts';
import { byLevel } from './levels.ts';
import type { Node, Place, Region } from './node.ts';
import type { Loop, NodeGraph } from './nodes-of.ts';
import { Reader, type Reads, type Relation } from './reads.ts';

/** A node's value, to be stored. */
export interface Root extends Home {
  readonly node: Node;
}

export interface KernelItem {
  readonly kind: 'kernel';
  readonly region: Region;
  readonly order: number;
  readonly domain: Shape;
  /** Computed first, to be read by the others: of the domain's shape, or sliced to it. */
  readonly reduction: Node | undefined;
  readonly members: Set<Node>;
  readonly roots: Root[];
}

export interface LoopItem {
  readonly kind: 'loop';
  readonly order: number;
  readonly loop: Loop;
  readonly body: readonly KernelItem[];
}

export type Item = KernelItem | LoopItem;

export interface Fused {
  readonly items: readonly Item[];
  readonly reader: Reader;
}

/**
 * Items in order. Gives each node that lies in memory its place; `forProcessor`: products read each
 * element of what they multiply many times, and memory is cached.
 */
export function fuse(graph: NodeGraph, results: readonly Stored[], forProcessor: boolean): Fused {
  const unsliced = new Set<Node>();
  for (;;) {
    const fusion = new Fusion(graph, results, unsliced, forProcessor);
    const items = fusion.run();
    if (fusion.conflict === undefined) return { items, reader: fusion.reader };
    unsliced.add(fusion.conflict);
    for (const region of [graph.top, ...graph.loops.map((l) => l.region)]) {
      for (const node of region.nodes) if (node.source.kind !== 'memory') node.place = undefined;
    }
  }
}

class Fusion {
  /** A reduction that cannot be spread over slices after all. */
  conflict: Node | undefined;
  private readonly items: Item[] = [];
  private readonly graph: NodeGraph;
  private readonly decisions: Decisions;
  private readonly homes: Homes;
  readonly reader: Reader;
  private readonly itemOf = new Map<Node, Item>();
  private readonly loopOf = new Map<Node, Loop>();
  private readonly begun = new Set<Loop>();
  private readonly inOrder: (nodes: readonly Node[]) => Node[];
  private body: KernelItem[] = [];

  constructor(
    graph: NodeGraph,
    results: readonly Stored[],
    unsliced: ReadonlySet<Node>,
    forProcessor: boolean,
  ) {
    this.graph = graph;
    this.inOrder = byLevel(graph);
    for (const loop of graph.loops) {
      for (const { final } of loop.carries) this.loopOf.set(final, loop);
      for (const { outer } of loop.ys) this.loopOf.set(outer, loop);
    }
    const rooted = new Set(results.map((r) => r.node));
    for (const { carries, ys } of graph.loops) {
      for (const { next } of carries) rooted.add(next);
      for (const { value } of ys) rooted.add(value);
    }
    this.decisions = new Decisions(graph, rooted, forProcessor);
    this.homes = new Homes(graph, results, this.decisions, forProcessor);
    this.reader = new Reader(graph, this.decisions, this.homes, unsliced);
  }

  run(): readonly Item[] {
    this.visit(this.graph.top);
    this.placeWhatIsRead();
    return this.items;
  }

  private visit(region: Region): void {
    for (const node of this.inOrder(region.nodes)) {
      const loop = this.loopOf.get(node);
      if (loop !== undefined && !this.begun.has(loop)) this.visitLoop(loop);
      this.visitNode(node);
    }
    this.copy(region, undefined);
  }

  private visitNode(node: Node): void {
    if (node.source.kind !== 'op' || this.decisions.of(node) !== 'candidate') return;
    const home = this.homes.of.get(node);
    if (isConcat(node)) {
      this.copy(node.region, node);
      node.place = present(home, 'a home').place;
      const last = this.lastWriter(node.place, node.region);
      if (last !== undefined) this.itemOf.set(node, last);
      return;
    }
    if (this.reader.isSliced(node)) return;
    const item = this.assign(node, this.reader.of(node), node.region, isReduction(node));
    this.join(node, item);
    if (home !== undefined) {
      node.place = home.place;
      item.roots.push({ node, ...home });
    }
  }

  /** Values that are stored without being computed there, as late as can be. */
  private copy(region: Region, before: Node | Region | undefined): void {
    for (const { node, place, mask, ...copy } of this.homes.copies) {
      if (copy.region !== region || copy.before !== before) continue;
      const item = this.assign(node, this.reader.ofCopy(node), region, false);
      item.roots.push({ node, place, ...(mask === undefined ? {} : { mask }) });
    }
  }

  private visitLoop(loop: Loop): void {
    this.begun.add(loop);
    this.copy(this.graph.top, loop.region);
    this.body = [];
    this.visit(loop.region);
    const item: LoopItem = { kind: 'loop', order: this.items.length, loop, body: this.body };
    this.items.push(item);
    for (const { final } of loop.carries) this.itemOf.set(final, item);
    for (const { outer } of loop.ys) this.itemOf.set(outer, item);
  }

  private lastWriter({ tensor }: Place, region: Region): Item | undefined {
    return this.listOf(region).findLast(
      (item) => item.kind === 'kernel' && item.roots.some(({ place }) => place.tensor === tensor),
    );
  }

  private listOf(region: Region): Item[] {
    return region.kind === 'top' ? this.items : this.body;
  }

  /** The kernel that computes the node. */
  private assign(node: Node, reads: Reads, region: Region, reduces: boolean): KernelItem {
    const list = this.listOf(region);
    const domain = node.type.shape;
    const { earliest, producer } = this.bounds(reads, list, domain);
    const sliced = [...reads].filter(([, relation]) => relation === 'sliced').map(([n]) => n);
    const pending = sliced.filter((n) => !this.itemOf.has(n));
    const astray = sliced.find((n) => this.itemOf.has(n) && this.itemOf.get(n) !== producer);
    if (astray !== undefined) this.conflict = astray;
    if (!reduces) {
      const ready = pending.every((n) => this.isReady(n, list, producer));
      const open = pending.length === 0 ? findOpen(list, earliest, domain) : undefined;
      const joined = ready ? (producer ?? open) : undefined;
      if (joined !== undefined) {
        for (const n of pending) this.join(n, joined);
        return joined;
      }
    }
    const item: KernelItem = {
      kind: 'kernel',
      region,
      order: list.length,
      domain,
      reduction: reduces ? node : pending[0],
      members: new Set(),
      roots: [],
    };
    list.push(item);
    for (const n of pending) this.join(n, item);
    return item;
  }

  private join(node: Node, item: KernelItem): void {
    item.members.add(node);
    this.itemOf.set(node, item);
  }

  /** Whether a product may be computed by a kernel that is there already. */
  private isReady(node: Node, list: readonly Item[], item: KernelItem | undefined): boolean {
    if (item === undefined) return false;
    return this.bounds(this.reader.of(node), list, item.domain).earliest <= item.order;
  }

  /** The first kernel that may compute what reads so, and the one that it reads at its index. */
  private bounds(
    reads: Reads,
    list: readonly Item[],
    domain: Shape,
  ): { earliest: number; producer: KernelItem | undefined } {
    let earliest = 0;
    let producer: KernelItem | undefined;
    for (const [node, relation] of reads) {
      const item = this.itemOf.get(node);
      if (item === undefined || list[item.order] !== item) continue;
      const joins =
        item.kind === 'kernel' && relation !== 'other' && sameShape(item.domain, domain);
      if (joins && (producer === undefined || item.order > producer.order)) producer = item;
      earliest = Math.max(earliest, joins ? item.order : item.order + 1);
    }
    const fits = producer !== undefined && producer.order >= earliest;
    return { earliest, producer: fits ? producer : undefined };
  }

  /** What one kernel computes and another reads, or itself at another index, goes to memory. */
  private placeWhatIsRead(): void {
    const kernels = this.items.flatMap((item) => (item.kind === 'loop' ? item.body : [item]));
    const read = new Set<Node>();
    for (const item of kernels) {
      for (const [node, relation] of readsOfItem(item, this.reader)) {
        if (relation === 'other' || !item.members.has(node)) read.add(node);
      }
    }
    for (const node of read) {
      const item = this.itemOf.get(node);
      if (node.place !== undefined || item?.kind !== 'kernel') continue;
      if (this.reader.isSliced(node)) {
        this.conflict = node;
        continue;
      }
      node.place = this.homes.temporary(node);
      item.roots.push({ node, place: node.place });
    }
  }
}

/** Everything that a kernel reads; what it reads in several ways comes once for each. */
export function readsOfItem(item: KernelItem, reader: Reader): [Node, Relation][] {
  const copied = item.roots.map((r) => r.node).filter((n) => !item.members.has(n));
  const reads = [
    ...[...item.members].map((n) => reader.of(n)),
    ...[...copied, ...masksOf(item)].map((n) => reader.ofCopy(n)),
  ];
  return reads.flatMap((r) => [...r]);
}

function masksOf({ roots }: KernelItem): Node[] {
  return roots.flatMap(({ mask }) => (mask === undefined ? [] : [mask.lengths]));
}

function findOpen(list: readonly Item[], earliest: number, domain: Shape): KernelItem | undefined {
  return list.findLast(
    (item): item is KernelItem =>
      item.kind === 'kernel' &&
      item.order >= earliest &&
      (item.reduction === undefined || item.region.kind === 'body') &&
      sameShape(item.domain, domain),
  );
}
