/**
 * What a node is computed from: the nodes in memory, or computed by some kernel, that stand at the
 * end of all that is computed anew; and at which index each of them is read.
 */
import { sameShape } from '../graph/dim.ts';
import { isConcat, isElementwiseNode, isReduction, type Decisions } from './decide.ts';
import type { Homes } from './homes.ts';
import type { Node } from './node.ts';
import type { NodeGraph } from './nodes-of.ts';

/** `same`: at the reader's own index; `sliced`: there, but for an offset of one axis. */
export type Relation = 'same' | 'sliced' | 'other';

export type Reads = ReadonlyMap<Node, Relation>;

/** A function of what it was made from, so that everything is found out once. */
export class Reader {
  private readonly known = new Map<Node, Reads>();
  private readonly sliced = new Map<Node, boolean>();
  private readonly leading = new Map<Node, boolean>();
  private readonly graph: NodeGraph;
  private readonly decisions: Decisions;
  private readonly homes: Homes;
  private readonly copied: ReadonlySet<Node>;
  /** Reductions that must not be spread over their slices. */
  private readonly unsliced: ReadonlySet<Node>;

  constructor(graph: NodeGraph, decisions: Decisions, homes: Homes, unsliced: ReadonlySet<Node>) {
    this.graph = graph;
    this.decisions = decisions;
    this.homes = homes;
    this.unsliced = unsliced;
    this.copied = new Set(homes.copies.map((copy) => copy.node));
  }

  isLeaf(node: Node): boolean {
    return this.decisions.isLeaf(node);
  }

  /** For a kernel that stores the node without computing it, if it is computed elsewhere. */
  ofCopy(node: Node): Reads {
    return this.decisions.isLeaf(node) ? new Map([[node, 'same']]) : this.of(node);
  }

  /** For a kernel that computes the node. */
  of(node: Node): Reads {
    return remembered(this.known, node, () => this.find(node));
  }

  private find(node: Node): Reads {
    const reads = new Map<Node, Relation>();
    const seen = { same: new Set<Node>(), sliced: new Set<Node>(), other: new Set<Node>() };
    const visit = (n: Node, relation: Relation): void => {
      if (seen[relation].has(n)) return;
      seen[relation].add(n);
      if (n !== node && this.decisions.isLeaf(n)) {
        const known = reads.get(n);
        const here = isConcat(n) ? 'other' : relation;
        reads.set(n, known === undefined || known === here ? here : 'other');
        return;
      }
      if (n.source.kind === 'step') visit(n.source.of, 'other');
      if (n.source.kind !== 'op') return;
      for (const operand of n.source.operands) visit(operand, this.through(n, operand, relation));
    };
    visit(node, 'same');
    return reads;
  }

  /** Where a node's operand is read, by where the node itself is. */
  private through(node: Node, operand: Node, relation: Relation): Relation {
    const near = relation === 'same' || relation === 'sliced';
    if (near && isSlice(node) && this.leadsToSliced(operand)) return 'sliced';
    if (!isElementwiseNode(node)) return 'other';
    // What is read at a sliced index is read at another one, but for the product that is spread.
    if (relation === 'sliced' && !this.leadsToSliced(operand)) return 'other';
    return relation;
  }

  private leadsToSliced(node: Node): boolean {
    return remembered(this.leading, node, () => this.findLeading(node));
  }

  private findLeading(node: Node): boolean {
    if (this.isSliced(node)) return true;
    if (this.decisions.isLeaf(node) || !(isElementwiseNode(node) || isSlice(node))) return false;
    return node.source.kind === 'op' && node.source.operands.some((o) => this.leadsToSliced(o));
  }

  /**
   * A product of a step whose columns are taken apart, a gate each: it is computed where the gates
   * are, each element for the one that needs it.
   */
  isSliced(node: Node): boolean {
    return remembered(this.sliced, node, () => this.findSliced(node));
  }

  private findSliced(node: Node): boolean {
    if (node.region.kind === 'top' || !isReduction(node) || this.unsliced.has(node)) return false;
    if (this.homes.of.has(node) || this.copied.has(node)) return false;
    const cuts = this.cutsOf(node, '') ?? [];
    const [first] = cuts;
    return (
      first !== undefined &&
      new Set(cuts.map(({ from }) => from)).size === cuts.length &&
      cuts.every(({ node: cut }) => sameShape(cut.type.shape, first.node.type.shape))
    );
  }

  /**
   * The slices that its value ends in, by way of arithmetic and of larger slices; undefined if it
   * ends elsewhere too.
   */
  private cutsOf(node: Node, from: string): Cut[] | undefined {
    const cuts: Cut[] = [];
    for (const user of this.graph.users.get(node) ?? []) {
      if (user.region !== node.region) return undefined;
      if (isSlice(user)) {
        const here = `${from} ${attributesOf(user.source)}`;
        const further = this.decisions.isLeaf(user) ? undefined : this.cutsOf(user, here);
        const within = further === undefined || further.length === 0;
        cuts.push(...(within ? [{ node: user, from: here }] : further));
        continue;
      }
      if (!isElementwiseNode(user) || this.decisions.isLeaf(user)) return undefined;
      const further = this.cutsOf(user, from);
      if (further === undefined) return undefined;
      cuts.push(...further);
    }
    return cuts;
  }
}

function remembered<T>(known: Map<Node, T>, node: Node, find: () => T): T {
  const before = known.get(node);
  if (before !== undefined) return before;
  const found = find();
  known.set(node, found);
  return found;
}

/** A slice, and where it begins by way of the slices before it. */
interface Cut {
  readonly node: Node;
  readonly from: string;
}

function attributesOf(source: Node['source']): string {
  return source.kind === 'op' ? JSON.stringify(source.instruction.attributes) : '';
}

function isSlice({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'slice';
}
