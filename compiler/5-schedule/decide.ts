/**
 * Which values are computed anew wherever they are read, and which once, by a kernel of their own
 * or together with others (`candidate`). What moves numbers, and arithmetic that costs less than a
 * trip to memory, is computed anew; a reduction never is.
 */
import { isElementwise } from '../graph/elementwise.ts';
import type { Node } from './node.ts';
import type { NodeGraph } from './nodes-of.ts';

export type Decision = 'inline' | 'candidate';

/** Operations that a value may cost and still be computed anew by each of its readers. */
const cheap = 6;
/** The same within a step, where a value of its own may cost a dispatch. */
const cheapInStep = 16;

const views: ReadonlySet<string> = new Set([
  ...['broadcast', 'reshape', 'transpose', 'slice', 'constant', 'size', 'iota', 'stopGradient'],
]);

const reductions: ReadonlySet<string> = new Set(['reduceSum', 'reduceMax', 'argMax', 'dot']);

const costs: Readonly<Record<string, number>> = {
  ...{ exp: 8, log: 8, tanh: 10, sigmoid: 10, softplus: 14, sin: 10, cos: 10, erf: 16, pow: 16 },
  ...{ random: 24, sqrt: 3, div: 3, reverse: 3, gather: 3 },
  // Each part is computed for each element, whichever it is taken from.
  concat: 4,
};

export class Decisions {
  private readonly decided = new Map<Node, Decision>();
  private readonly users: NodeGraph['users'];
  /** Nodes that must lie in memory, whatever they cost. */
  private readonly rooted: ReadonlySet<Node>;
  private readonly storesFactors: boolean;

  /** `storesFactors`: what a product multiplies lies in memory, whatever it costs. */
  constructor(graph: NodeGraph, rooted: ReadonlySet<Node>, storesFactors: boolean) {
    this.users = graph.users;
    this.rooted = rooted;
    this.storesFactors = storesFactors;
    const all = [...graph.top.nodes, ...graph.loops.flatMap((loop) => loop.region.nodes)];
    for (const node of all.sort((a, b) => a.id - b.id)) this.decided.set(node, this.decide(node));
  }

  of(node: Node): Decision {
    return this.decided.get(node) ?? 'inline';
  }

  makeCandidate(node: Node): void {
    this.decided.set(node, 'candidate');
  }

  /** In memory, or to be computed once by some kernel. */
  isLeaf(node: Node): boolean {
    return node.source.kind === 'memory' || this.of(node) === 'candidate';
  }

  private decide(node: Node): Decision {
    if (node.source.kind !== 'op') return 'inline';
    if (isReduction(node)) return 'candidate';
    if (this.rooted.has(node)) return 'candidate';
    if (views.has(node.source.instruction.op)) return 'inline';
    if (this.hangsOnReduction(node)) return 'candidate';
    const users = this.realUsers(node);
    if (this.storesFactors && users.some(isProduct)) return 'candidate';
    const cost = this.cost(node);
    const often = users.some((user) => readsOften(user, node));
    const limit = node.region.kind === 'body' && !often ? cheapInStep : cheap;
    if (cost <= limit || users.length === 0) return 'inline';
    const [only] = users;
    const single = users.length === 1 && only !== undefined;
    if (single && only.region === node.region && !readsOften(only, node)) return 'inline';
    return 'candidate';
  }

  /**
   * Arithmetic on a sum that nobody else reads: the kernel of the sum computes it in passing, and
   * its result goes to memory instead of the sum. Steps of a loop are another matter (reads.ts).
   */
  private hangsOnReduction(node: Node): boolean {
    if (node.region.kind === 'body' || !isElementwiseNode(node)) return false;
    if (node.source.kind !== 'op') return false;
    return node.source.operands.some((operand) => {
      if (this.users.get(operand)?.length !== 1) return false;
      return isReduction(operand) || this.hangsOnReduction(operand);
    });
  }

  /** Users, those of a view in place of the view. */
  private realUsers(node: Node): Node[] {
    return (this.users.get(node) ?? []).flatMap((user) => {
      const isView = user.source.kind === 'op' && views.has(user.source.instruction.op);
      return isView && !this.rooted.has(user) ? this.realUsers(user) : [user];
    });
  }

  private cost(node: Node): number {
    if (this.isLeaf(node)) return 1;
    if (node.source.kind === 'step') return this.cost(node.source.of);
    if (node.source.kind === 'memory') return 1;
    const { instruction, operands } = node.source;
    const own = views.has(instruction.op) ? 0 : (costs[instruction.op] ?? 1);
    return operands.reduce((sum, operand) => sum + this.cost(operand), own);
  }
}

function isProduct({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'dot';
}

/** Whether the node is a sum or the like over many elements of its operands. */
export function isReduction({ source }: Node): boolean {
  if (source.kind !== 'op') return false;
  const { op, attributes } = source.instruction;
  if (reductions.has(op)) return true;
  if (op !== 'scatterAdd') return false;
  // Ids that are one with the batch axes choose a row each: nothing is summed.
  return attributes['batch'] !== source.operands[0]?.type.shape.length;
}

export function isConcat({ source }: Node): boolean {
  return source.kind === 'op' && source.instruction.op === 'concat';
}

export function isElementwiseNode({ source }: Node): boolean {
  return source.kind === 'op' && isElementwise(source.instruction.op);
}

/** Whether the user asks for one element of the node many times. */
function readsOften(user: Node, node: Node): boolean {
  if (user.source.kind !== 'op') return true;
  const { op } = user.source.instruction;
  if (op === 'dot' || op === 'scatterAdd' || op === 'argMax') return true;
  if (op === 'gather') return user.source.operands[0] === node;
  // One value spread over many: the view in between is not seen here.
  return size(user) > size(node) && !isReduction(user);
}

/** How many axes; a stand-in for how many elements. */
function size(node: Node): number {
  return node.type.shape.length;
}
