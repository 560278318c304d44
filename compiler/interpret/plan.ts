/**
 * A graph made ready to run: values by dense slots, and after each instruction the slots that
 * nobody reads any more, so that their arrays can be dropped. A graph is planned once, scan bodies
 * too.
 */
import { CompilerBug } from '../base/bug.ts';
import { symbolsOf } from '../graph/dim.ts';
import {
  isDim,
  isGraph,
  type Attributes,
  type Graph,
  type TensorType,
  type Value,
} from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';
import type { Op } from '../ops/op.ts';

export interface Plan {
  readonly graph: Graph;
  /** How many slots there are; parameters take the first, in order. */
  readonly slots: number;
  readonly steps: readonly PlanStep[];
  /** Dimensions that its instructions have, bodies included. */
  readonly symbols: ReadonlySet<string>;
  readonly results: readonly number[];
}

export interface PlanStep {
  readonly op: Op;
  readonly attributes: Attributes;
  readonly operands: readonly number[];
  readonly types: readonly TensorType[];
  /** Slot of the first result; the others follow. */
  readonly first: number;
  /** Slots that are not read after this step. */
  readonly dead: readonly number[];
}

const plans = new WeakMap<Graph, Plan>();

export function planOf(graph: Graph): Plan {
  const known = plans.get(graph);
  if (known !== undefined) return known;
  const plan = makePlan(graph);
  plans.set(graph, plan);
  return plan;
}

function makePlan(graph: Graph): Plan {
  const slotOf = new Map<number, number>();
  const define = (value: Value): number => {
    const slot = slotOf.size;
    slotOf.set(value.id, slot);
    return slot;
  };
  const find = (value: Value): number => {
    const slot = slotOf.get(value.id);
    if (slot === undefined) throw new CompilerBug('interpret', `%${value.id} is not defined`);
    return slot;
  };
  for (const { value } of graph.parameters) define(value);
  const steps = graph.instructions.map((instruction) => {
    const operands = instruction.operands.map(find);
    const [first = slotOf.size] = instruction.results.map(define);
    return {
      op: opNamed(instruction.op),
      attributes: instruction.attributes,
      operands,
      types: instruction.results.map((value) => value.type),
      first,
      dead: new Array<number>(),
    };
  });
  const results = graph.results.map((result) => find(result.value));
  markDead(steps, results);
  return { graph, slots: slotOf.size, steps, results, symbols: symbolsIn(graph) };
}

function symbolsIn(graph: Graph): ReadonlySet<string> {
  const symbols = new Set<string>();
  for (const { results, attributes } of graph.instructions) {
    for (const { type } of results) for (const s of symbolsOf(type.shape)) symbols.add(s);
    for (const value of Object.values(attributes)) {
      if (isDim(value)) for (const s of symbolsOf([value])) symbols.add(s);
      if (isGraph(value)) for (const s of symbolsIn(value)) symbols.add(s);
    }
  }
  return symbols;
}

/** From the last step back: the first to meet a slot is its last reader. */
function markDead(
  steps: readonly (PlanStep & { readonly dead: number[] })[],
  results: readonly number[],
): void {
  const read = new Set(results);
  for (const step of [...steps].reverse()) {
    const own = step.types.map((_, i) => step.first + i);
    for (const slot of [...step.operands, ...own]) {
      if (!read.has(slot)) step.dead.push(slot);
      read.add(slot);
    }
  }
}
