/**
 * Where values belong that lie in memory whatever computes them: results, the carries and ys of
 * loops, and the parts of a concat that lies in memory, each in its stretch of it.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import { elementCount } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';
import { isConcat, type Decisions } from './decide.ts';
import { memoryType, type Node, type Place, type Region, type Tensor } from './node.ts';
import { densePlace, isSequences, sequencePlace, type Loop, type NodeGraph } from './nodes-of.ts';
import { dimSize } from './sizes.ts';

export interface Home {
  readonly place: Place;
  readonly mask?: Mask;
}

/** In a row that has ended: 0, or the carry that it had. */
export interface Mask {
  readonly lengths: Node;
  /** The time step that is looked at. */
  readonly at: Expression;
  readonly kept: Node | undefined;
}

/** A value of the top level and where it is to lie. */
export interface Stored {
  readonly node: Node;
  readonly place: Place;
}

/** A value that is stored by a kernel of the region, wherever the value itself comes from. */
export interface Copy extends Home {
  readonly node: Node;
  readonly region: Region;
  /** What cannot be read, or not begin, before this is done: a concat, or a loop by its body. */
  readonly before?: Node | Region;
}

export class Homes {
  /** Of a node that a kernel computes: where its readers find it. */
  readonly of = new Map<Node, Home>();
  readonly copies: Copy[] = [];
  private temporaries = 0;

  private readonly apart: boolean;

  constructor(graph: NodeGraph, results: readonly Stored[], decisions: Decisions, apart: boolean) {
    this.apart = apart;
    for (const stored of results) this.settle(decisions, { ...stored, region: graph.top });
    for (const loop of graph.loops) this.settleLoop(decisions, loop, graph.top);
    const regions = [graph.top, ...graph.loops.map((l) => l.region)];
    const nodes = regions.flatMap((r) => r.nodes).sort((a, b) => b.id - a.id);
    for (const node of nodes) {
      if (isConcat(node) && decisions.of(node) === 'candidate') this.settleParts(decisions, node);
    }
  }

  /** Memory for a node that no home was known of. */
  temporary(node: Node): Place {
    const name = `${node.name}.${this.temporaries++}`;
    if (this.apart && node.region.kind === 'top' && isSequences(node.type)) {
      return sequencePlace(name, node.type);
    }
    const tensor: Tensor = {
      name,
      element: memoryType(node.type.dtype),
      length: elementCount(node.type.shape),
      kept: false,
    };
    return densePlace(tensor, node.type);
  }

  /** The first home of a node is where it is read; the others get copies. */
  private settle(decisions: Decisions, copy: Copy): void {
    const { node, place, mask, region } = copy;
    const home = { place, ...(mask === undefined ? {} : { mask }) };
    const computed = decisions.of(node) === 'candidate' && node.region === region;
    if (computed && !this.of.has(node)) this.of.set(node, home);
    else this.copies.push(copy);
  }

  private settleLoop(
    decisions: Decisions,
    { carries, ys, lengths, region, at }: Loop,
    top: Region,
  ): void {
    const mask = (kept?: Node): Pick<Home, 'mask'> =>
      lengths === undefined ? {} : { mask: { lengths, at, kept } };
    for (const y of ys)
      this.settle(decisions, { node: y.value, place: y.place, region, ...mask() });
    for (const c of carries) {
      this.settle(decisions, { node: c.next, place: c.leaving, region, ...mask(c.entry) });
      // Never a home: the loop writes over it.
      this.copies.push({ node: c.initial, place: c.first, region: top, before: region });
    }
  }

  private settleParts(decisions: Decisions, whole: Node): void {
    if (whole.source.kind !== 'op') return;
    const home = this.of.get(whole) ?? { place: this.temporary(whole) };
    this.of.set(whole, home);
    const axis = Number(whole.source.instruction.attributes['axis']);
    const stride = present(home.place.strides[axis], 'a stride');
    let start: Expression = k.int(0);
    for (const part of whole.source.operands) {
      const base = k.add(home.place.base, k.mul(start, stride));
      if (part.source.kind === 'op' && part.region === whole.region) decisions.makeCandidate(part);
      const place = { ...home.place, base };
      this.settle(decisions, { ...home, node: part, place, region: whole.region, before: whole });
      start = k.add(start, dimSize(present(part.type.shape[axis], 'an axis')));
    }
  }
}
