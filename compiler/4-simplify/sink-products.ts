/**
 * Products with what does not vary that no carry depends on (an output layer written inside a cell)
 * are computed after the scan, for all time steps at once, and so is all that follows from them:
 * the scan yields what they need instead. Past a row's length a scan yields zeros, so the results
 * are masked there.
 */
import { present } from '../base/bug.ts';
import { broadcast, constant, iota, less, select } from '../graph/build.ts';
import { emitScan, scanParts, type ScanParts } from '../graph/scan.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { editScans } from './edit-scans.ts';
import { emitStacked, StackedValues } from './emit-stacked.ts';
import type { KnownValues } from './positive.ts';
import { neededBy, scopeOf, type Scope } from './scope.ts';
import { isStackable, movableOf } from './stackable.ts';
import { uniformValues } from './uniform-values.ts';

export function sinkProducts(graph: Graph): Graph {
  return editScans(graph, (scan, editor, numbers) => {
    const parts = scanParts(scan);
    const scope = scopeOf(parts.body, parts);
    const plan = planOf({ scope, numbers: uniformValues(parts.body, numbers) }, parts);
    return plan && emitSunk(editor, parts, plan);
  });
}

interface Plan {
  /** In order: what comes of xs and constants, the products and all that follows from them. */
  readonly after: readonly Instruction[];
  /** One a y of the scan: whether it is computed afterwards. */
  readonly sunk: readonly boolean[];
  /** Values of the body that are needed afterwards and come of carries. */
  readonly needed: readonly Value[];
}

function planOf(known: KnownValues, parts: ScanParts): Plan | undefined {
  const { scope } = known;
  const carried = neededBy(
    parts.body,
    parts.nexts.map((r) => r.value),
  );
  const varies = ({ operands }: Instruction): boolean[] =>
    operands.map((v) => scope.variance(v) !== 'constant');
  let products = scope.graph.instructions.filter(
    (i) => i.op === 'dot' && !carried.has(i) && isWithConstant(scope, i),
  );
  // What follows from a product goes after it; a product of which something cannot go stays.
  for (;;) {
    const after = following(scope, products);
    const stuck = after.filter((i) => !isStackable(known, i, varies(i)));
    if (stuck.length === 0) return describe(known, parts, after);
    products = products.filter((p) => !following(scope, [p]).some((i) => stuck.includes(i)));
  }
}

function describe(
  known: KnownValues,
  parts: ScanParts,
  following: readonly Instruction[],
): Plan | undefined {
  const { variance } = known.scope;
  const own = new Set(following.flatMap((i) => i.results.map((v) => v.id)));
  const sunk = parts.yields.map((r) => own.has(r.value.id));
  // What comes of xs alone can be had outside; the rest has to be yielded.
  const movable = movableOf(known);
  const outside = new Set([
    ...parts.bodyXs.map((p) => p.value.id),
    ...movable.flatMap((i) => i.results.map((v) => v.id)),
  ]);
  const needed = new Map(
    following
      .flatMap((i) => i.operands)
      .filter((v) => !own.has(v.id) && !outside.has(v.id) && variance(v) !== 'constant')
      .map((v) => [v.id, v]),
  );
  const yielded = new Set(parts.yields.map((r) => r.value.id));
  const added = [...needed.keys()].filter((id) => !yielded.has(id)).length;
  // What is yielded in place of the results takes memory: one value more is a fair price.
  const isWorthwhile = sunk.includes(true) && added <= sunk.filter((is) => is).length + 1;
  if (!isWorthwhile) return undefined;
  return { after: [...movable, ...following], sunk, needed: [...needed.values()] };
}

/** Carried, one operand not varying. */
function isWithConstant({ variance }: Scope, { operands, results }: Instruction): boolean {
  return (
    results.every((v) => variance(v) === 'carried') &&
    operands.some((v) => variance(v) === 'constant')
  );
}

/** The instructions themselves and all that depends on them, in order. */
function following(scope: Scope, from: readonly Instruction[]): readonly Instruction[] {
  const first = new Set(from);
  const reached = new Set<number>();
  return scope.graph.instructions.filter((instruction) => {
    const follows = instruction.operands.some((v) => reached.has(v.id));
    if (!follows && !first.has(instruction)) return false;
    for (const v of instruction.results) reached.add(v.id);
    return true;
  });
}

function emitSunk(b: Builder, parts: ScanParts, { after, sunk, needed }: Plan): readonly Value[] {
  const kept = parts.yields.filter((_, i) => sunk[i] !== true);
  const yielded = needed.map((value) => ({ name: `needed${value.id}`, value }));
  const body: Graph = { ...parts.body, results: [...parts.nexts, ...kept, ...yielded] };
  const scan = emitScan(b, { ...parts, body });
  const values = new StackedValues();
  parts.bodyConstants.forEach((p, i) => {
    values.constant(p.value, present(parts.constants[i], p.name));
  });
  parts.bodyXs.forEach((p, i) => {
    values.varying(p.value, present(parts.xs[i], p.name));
  });
  yielded.forEach(({ value }, i) => {
    values.varying(value, present(scan.ys[kept.length + i], `y %${value.id}`));
  });
  emitStacked(b, after, values, parts.time);
  let next = 0;
  const ys = parts.yields.map((r, i) =>
    sunk[i] === true
      ? withinLengths(b, values.get(r.value), parts)
      : present(scan.ys[next++], r.name),
  );
  return [...scan.finals, ...ys];
}

/** Zeros where a row [T, …] has ended. */
function withinLengths(b: Builder, value: Value, { lengths, time }: ScanParts): Value {
  if (lengths === undefined) return value;
  const { shape } = value.type;
  const grid = shape.slice(0, 2);
  const steps = broadcast(b, iota(b, time), grid, [1]);
  const mask = less(b, steps, broadcast(b, lengths, grid, [0]));
  return select(b, broadcast(b, mask, shape, [0, 1]), value, constant(b, 0, value.type.dtype));
}
