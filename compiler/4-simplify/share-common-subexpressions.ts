/**
 * Gives equal instructions (op, operands and attributes) one copy, the first, in the graph and in
 * each body; merges constants and xs of a scan that are one value outside, and ys that are one
 * value inside. Scans themselves are not compared. Two outputs of one value may share a result
 * afterwards.
 */
import { restrictScan, scanParts } from '../graph/scan.ts';
import type { Attributes, Graph, GraphParameter, Instruction, Value } from '../graph/types.ts';

export function shareCommonSubexpressions(graph: Graph): Graph {
  return share(graph, new Map());
}

/** By the id of a value: the earlier one that equals it. */
type Replacements = Map<number, Value>;

function share(graph: Graph, replacements: Replacements): Graph {
  const replaced = (v: Value): Value => replacements.get(v.id) ?? v;
  const seen = new Map<string, readonly Value[]>();
  const kept: Instruction[] = [];
  for (const original of graph.instructions) {
    const instruction = { ...original, operands: original.operands.map(replaced) };
    if (instruction.op === 'scan') {
      kept.push(shareInScan(instruction, replacements));
      continue;
    }
    const key = keyOf(instruction);
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, instruction.results);
      kept.push(instruction);
    } else {
      instruction.results.forEach((result, i) => replacements.set(result.id, earlier[i] ?? result));
    }
  }
  const results = graph.results.map((r) => ({ ...r, value: replaced(r.value) }));
  return { ...graph, instructions: kept, results };
}

function shareInScan(scan: Instruction, outside: Replacements): Instruction {
  const parts = scanParts(scan);
  const inside: Replacements = new Map();
  const constants = firstOfEqual(parts.constants, parts.bodyConstants, inside);
  const xs = firstOfEqual(parts.xs, parts.bodyXs, inside);
  const body = share(parts.body, inside);
  const yields = body.results.slice(parts.finals.length).map((r) => r.value);
  const ys = firstOfEqual(
    yields,
    parts.ys.map((value) => ({ value })),
    outside,
  );
  const attributes = { ...scan.attributes, body };
  const carries = parts.carries.map(() => true);
  return restrictScan({ ...scan, attributes }, { constants, carries, xs, ys });
}

/**
 * Of `named[i]`, each standing for `sources[i]`, tells which is the first for its source; the
 * others are replaced by that one.
 */
function firstOfEqual(
  sources: readonly Value[],
  named: readonly Pick<GraphParameter, 'value'>[],
  replacements: Replacements,
): boolean[] {
  const first = new Map<number, Value>();
  return named.map(({ value }, i) => {
    const source = sources[i]?.id;
    const earlier = source === undefined ? undefined : first.get(source);
    if (earlier !== undefined) replacements.set(value.id, earlier);
    else if (source !== undefined) first.set(source, value);
    return earlier === undefined;
  });
}

function keyOf(instruction: Instruction): string {
  const operands = instruction.operands.map((v) => v.id).join(',');
  return `${instruction.op}(${operands})${attributesKey(instruction.attributes)}`;
}

function attributesKey(attributes: Attributes): string {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted, exactNumber);
}

/** JSON writes NaN, both infinities and -0 as other numbers. */
function exactNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Object.is(value, -0) || !Number.isFinite(value)
    ? `number ${Object.is(value, -0) ? '-0' : value}`
    : value;
}
