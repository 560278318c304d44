/**
 * Builds one graph: parameters first or in between, then instructions, each typed by its op. Values
 * are numbered in the order they are made, and a finished graph is plain data that shares nothing
 * with the builder but its values.
 */
import { CompilerBug } from '../base/bug.ts';
import type {
  Attributes,
  Builder,
  Graph,
  GraphParameter,
  GraphResult,
  Instruction,
  Origin,
  Role,
  TensorType,
  Value,
} from '../graph/types.ts';
import { opNamed } from './all.ts';
import { sameType } from './operands.ts';

export class GraphBuilder implements Builder {
  private readonly parameters: GraphParameter[] = [];
  private readonly names = new Set<string>();
  private readonly instructions: Instruction[] = [];
  private origin: Origin | undefined;
  private nextId = 0;

  parameter(name: string, type: TensorType, role: Role): Value {
    if (this.hasParameter(name)) {
      throw new CompilerBug('builder', `two parameters are called ${name}`);
    }
    this.names.add(name);
    const value = this.newValue(type);
    this.parameters.push({ name, role, value });
    return value;
  }

  hasParameter(name: string): boolean {
    return this.names.has(name);
  }

  emit(op: string, operands: readonly Value[], attributes: Attributes = {}): Value {
    const results = this.emitMany(op, operands, attributes);
    const [only] = results;
    if (results.length !== 1 || only === undefined) {
      throw new CompilerBug('builder', `${op} has ${results.length} results`);
    }
    return only;
  }

  emitMany(op: string, operands: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const types = opNamed(op).infer(
      operands.map((value) => value.type),
      attributes,
    );
    const results = types.map((type) => this.newValue(type));
    const origin = this.origin;
    this.instructions.push({
      op,
      operands,
      attributes,
      results,
      ...(origin === undefined ? {} : { origin }),
    });
    return results;
  }

  withOrigin<T>(origin: Origin | undefined, body: () => T): T {
    const outer = this.origin;
    this.origin = origin;
    try {
      return body();
    } finally {
      this.origin = outer;
    }
  }

  /**
   * Copies a graph's instructions in, its parameters replaced by `inputs` in order, which have the
   * same types; returns its results in order. Instructions keep their origins; one without takes
   * that of the builder.
   */
  inline(graph: Graph, inputs: readonly Value[]): readonly Value[] {
    const copies = new Map<number, Value>();
    graph.parameters.forEach((parameter, i) => {
      const input = inputs[i];
      if (input === undefined || !sameType(input.type, parameter.value.type)) {
        throw new CompilerBug('builder', `no input for ${parameter.name}`);
      }
      copies.set(parameter.value.id, input);
    });
    const copyOf = (value: Value): Value => {
      const copy = copies.get(value.id);
      if (copy === undefined) throw new CompilerBug('builder', `%${value.id} is not defined`);
      return copy;
    };
    for (const instruction of graph.instructions) {
      // Its rule has typed it already.
      const results = instruction.results.map((value) => this.newValue(value.type));
      const operands = instruction.operands.map(copyOf);
      const origin = instruction.origin ?? this.origin;
      const traced = origin === undefined ? {} : { origin };
      this.instructions.push({ ...instruction, operands, results, ...traced });
      instruction.results.forEach((value, i) => {
        const copy = results[i];
        if (copy !== undefined) copies.set(value.id, copy);
      });
    }
    return graph.results.map((result) => copyOf(result.value));
  }

  finish(name: string, results: readonly GraphResult[]): Graph {
    return {
      name,
      parameters: [...this.parameters],
      instructions: [...this.instructions],
      results: [...results],
    };
  }

  private newValue(type: TensorType): Value {
    return { id: this.nextId++, type };
  }
}
