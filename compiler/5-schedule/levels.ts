/**
 * The order in which nodes are given to kernels: by how long a chain leads to them, so that what
 * depends on little comes first, and what is computed in passing finds its operands ready.
 */
import type { Node } from './node.ts';
import type { NodeGraph } from './nodes-of.ts';

/** Nodes by level, and within one in the order of definition. */
export function byLevel(graph: NodeGraph): (nodes: readonly Node[]) => Node[] {
  const levels = new Map<Node, number>();
  const regions = [graph.top, ...graph.loops.map((loop) => loop.region)];
  const highest = (nodes: readonly Node[]): number =>
    Math.max(0, ...nodes.map((node) => levels.get(node) ?? 0));
  const loopOf = new Map(
    graph.loops.flatMap((loop) => {
      const outside = [...loop.carries.map((c) => c.final), ...loop.ys.map((y) => y.outer)];
      return outside.map((node) => [node, loop] as const);
    }),
  );
  for (const node of regions.flatMap((r) => r.nodes).sort((a, b) => a.id - b.id)) {
    const loop = loopOf.get(node);
    if (loop !== undefined) {
      const initial = loop.carries.map((c) => c.initial);
      levels.set(node, 1 + highest([...loop.region.nodes, ...initial]));
    } else if (node.source.kind === 'op') {
      levels.set(node, 1 + highest(node.source.operands));
    } else if (node.source.kind === 'step') {
      levels.set(node, highest([node.source.of]));
    }
  }
  return (nodes) =>
    [...nodes].sort((a, b) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0) || a.id - b.id);
}
