/**
 * Rewrites a graph under the numbers that it has: values keep their ids, and new instructions take
 * ids that are free. What a pass has found out about a value beforehand thus stays true while it
 * writes, and the old values are at hand as operands of the new instructions.
 */
import { present } from '../base/bug.ts';
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
  const editor = new GraphEditor(graph);
  for (const original of graph.instructions) {
    const operands = original.operands.map((v) => editor.current(v));
    const instruction = { ...original, operands };
    const results = editor.withOrigin(original.origin, () => edit(instruction, editor, original));
    if (results === undefined) editor.keep(instruction);
    else original.results.forEach((v, i) => editor.replace(v, present(results[i], original.op)));
  }
  return editor.finish(graph);
}

export class GraphEditor implements Builder {
  readonly #instructions: Instruction[] = [];
  readonly #definitions = new Map<number, Instruction>();
  readonly #replacements = new Map<number, Value>();
  #origin: Origin | undefined;
  #nextId: number;

  constructor(graph: Graph) {
    const values = [
      ...graph.parameters.map((p) => p.value),
      ...graph.instructions.flatMap((i) => i.results),
    ];
    this.#nextId = 1 + values.reduce((largest, v) => Math.max(largest, v.id), -1);
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

  finish(graph: Graph): Graph {
    const results = graph.results.map((r) => ({ ...r, value: this.current(r.value) }));
    return { ...graph, instructions: [...this.#instructions], results };
  }

  #newValue(type: TensorType): Value {
    return { id: this.#nextId++, type };
  }
}
