/**
 * Gives equal instructions (op, operands and attributes) one copy, the first, in the graph and in
 * each body; merges constants and xs of a scan that are one value outside, and ys that are one
 * value inside. Scans themselves are not compared. Two outputs of one value may share a result
 * afterwards.
 */
import { CompilerBug } from '../base/bug.ts';
import { mapSame } from '../base/same-items.ts';
import type { Dim } from '../graph/dim.ts';
import { restrictScan, scanParts, withBody } from '../graph/scan.ts';
import {
  isDim,
  isGraph,
  type Attributes,
  type AttributeValue,
  type Graph,
  type GraphParameter,
  type Instruction,
  type Value,
} from '../graph/types.ts';
import { withCode, withOperands, withValue } from './graph-editor.ts';

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
    const instruction = withOperands(original, mapSame(original.operands, replaced));
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
  const results = mapSame(graph.results, (r) => withValue(r, replaced(r.value)));
  return withCode(graph, kept, results);
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
  const carries = parts.carries.map(() => true);
  return restrictScan(withBody(scan, body), { constants, carries, xs, ys });
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

function keyOf({ op, operands, attributes }: Instruction): string {
  let key = op;
  for (const { id } of operands) key += ` ${id}`;
  return key + attributesKey(attributes);
}

/** Instructions keep their attributes through most passes. */
const attributeKeys = new WeakMap<Attributes, string>();

function attributesKey(attributes: Attributes): string {
  const names = Object.keys(attributes);
  if (names.length === 0) return '';
  const known = attributeKeys.get(attributes);
  if (known !== undefined) return known;
  let key = '';
  for (const name of names.sort()) key += ` ${name}=${valueKey(attributes[name])}`;
  attributeKeys.set(attributes, key);
  return key;
}

/** Scans are not compared, and nothing else has a graph among its attributes. */
function valueKey(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return plainKey(value);
  if (isDim(value)) return dimKey(value);
  if (isGraph(value)) throw new CompilerBug('share', 'a graph among attributes');
  const items = value.map((item) => (typeof item === 'number' ? plainKey(item) : dimKey(item)));
  return `[${items.join()}]`;
}

function plainKey(value: number | boolean | undefined): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function dimKey({ constant, terms }: Dim): string {
  const parts = terms.map((t) => `${t.coefficient}*${JSON.stringify(t.symbol)}`);
  return `<${[constant, ...parts].join('+')}>`;
}
