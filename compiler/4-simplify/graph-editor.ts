/**
 * Rewrites a graph under the numbers that it has: values keep their ids, and new instructions take
 * ids that are free. What a pass has found out about a value beforehand thus stays true while it
 * writes, and the old values are at hand as operands of the new instructions. What is not rewritten
 * stays the object that it is, the whole graph where nothing is.
 */
import { present } from '../base/bug.ts';
import { mapSame, sameItems } from '../base/same-items.ts';
import type {
  Attributes,
  Builder,
  Graph,
  Instruction,
  Origin,
  TensorType,
  Value,
} from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';

/**
 * The values that stand for the instruction's results from here on, or undefined to keep it. Its
 * operands are the current ones; `original` is as the old graph has it.
 */
export type Edit = (
  instruction: Instruction,
  editor: GraphEditor,
  original: Instruction,
) => readonly Value[] | undefined;

/** Offers each instruction, in order. Bodies are the pass's own affair. */
export function editGraph(graph: Graph, edit: Edit): Graph {
  const editor = new GraphEditor(freeId(graph));
  const current = (v: Value): Value => editor.current(v);
  for (const original of graph.instructions) {
    const instruction = withOperands(original, mapSame(original.operands, current));
    const results = editor.withOrigin(original.origin, () => edit(instruction, editor, original));
    if (results === undefined) editor.keep(instruction);
    else original.results.forEach((v, i) => editor.replace(v, present(results[i], original.op)));
  }
  const results = mapSame(graph.results, (r) => withValue(r, editor.current(r.value)));
  return withCode(graph, editor.instructions, results);
}

/** The instruction itself where these are its operands. */
export function withOperands(instruction: Instruction, operands: readonly Value[]): Instruction {
  return operands === instruction.operands ? instruction : { ...instruction, operands };
}

/** The parameter or result itself where this is its value. */
export function withValue<T extends { readonly value: Value }>(named: T, value: Value): T {
  return value === named.value ? named : { ...named, value };
}

/** The graph itself where these are its instructions and results. */
export function withCode(
  graph: Graph,
  instructions: readonly Instruction[],
  results: Graph['results'],
): Graph {
  const same = results === graph.results && sameItems(instructions, graph.instructions);
  return same ? graph : { ...graph, instructions, results };
}

/** Above all ids of the graph. */
function freeId(graph: Graph): number {
  let free = 0;
  const take = ({ id }: Value): void => {
    free = Math.max(free, id + 1);
  };
  for (const { value } of graph.parameters) take(value);
  for (const { results } of graph.instructions) results.forEach(take);
  return free;
}

export class GraphEditor implements Builder {
  readonly #instructions: Instruction[] = [];
  readonly #definitions = new Map<number, Instruction>();
  readonly #replacements = new Map<number, Value>();
  #origin: Origin | undefined;
  #nextId: number;

  /** New values are numbered from here on. */
  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** In order. */
  get instructions(): readonly Instruction[] {
    return this.#instructions;
  }

  /** What stands for the value by now. */
  current(value: Value): Value {
    return this.#replacements.get(value.id) ?? value;
  }

  /** The instruction that made the value; undefined for a parameter. */
  definition(value: Value): Instruction | undefined {
    return this.#definitions.get(value.id);
  }

  replace(value: Value, by: Value): void {
    this.#replacements.set(value.id, by);
  }

  /** Appends the instruction as it is. */
  keep(instruction: Instruction): void {
    this.#instructions.push(instruction);
    for (const result of instruction.results) this.#definitions.set(result.id, instruction);
  }

  /** Appends the instruction with the next numbers for its results, which it gives. */
  keepNumbered(instruction: Instruction): readonly Value[] {
    const results = mapSame(instruction.results, (v) => this.numbered(v));
    this.keep(results === instruction.results ? instruction : { ...instruction, results });
    return results;
  }

  /** The value under the next number; itself where that is its number. */
  numbered(value: Value): Value {
    if (value.id !== this.#nextId) return this.#newValue(value.type);
    this.#nextId++;
    return value;
  }

  emit(op: string, operands: readonly Value[], attributes: Attributes = {}): Value {
    return present(this.emitMany(op, operands, attributes)[0], `result of ${op}`);
  }

  emitMany(op: string, operands: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const types = opNamed(op).infer(
      operands.map((v) => v.type),
      attributes,
    );
    const results = types.map((type) => this.#newValue(type));
    const origin = this.#origin === undefined ? {} : { origin: this.#origin };
    this.keep({ op, operands, attributes, results, ...origin });
    return results;
  }

  withOrigin<T>(origin: Origin | undefined, body: () => T): T {
    const outer = this.#origin;
    this.#origin = origin;
    try {
      return body();
    } finally {
      this.#origin = outer;
    }
  }

  #newValue(type: TensorType): Value {
    return { id: this.#nextId++, type };
  }
}
