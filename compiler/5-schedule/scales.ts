/**
 * Which right sides of products are weights that a file holds as codes of 8 bits, a scale for each
 * row: whole, cut or put together, as long as each of a product's columns is of one row. Their
 * scales are put together in the same way, of further parameters of the graph.
 */
import type { Shape } from '../graph/dim.ts';
import { elementCount, polynomialValue } from '../graph/polynomial.ts';
import { scanParts } from '../graph/scan.ts';
import type { Attributes, Graph, GraphParameter, Instruction, Value } from '../graph/types.ts';
import { CompilerBug, present } from '../base/bug.ts';
import { opNamed } from '../ops/all.ts';
import { sideOf } from '../ops/dot.ts';
import { axesAttribute, numberAttribute } from '../ops/operands.ts';

/** The least of scales but 0: 2^-24 of it is exact. */
export const leastScale = 2 ** -102;

export interface Coded {
  /** By name of the weight: the parameter of its scales, all of them 0 or from `leastScale` on. */
  readonly scales: ReadonlyMap<string, string>;
  /** Bytes of f32, of all such sides together, from which on codes are worth it. */
  readonly from: number;
}

export interface ScaledGraph {
  readonly graph: Graph;
  /** By the id of a right side: the id of its columns' scales. */
  readonly scales: ReadonlyMap<number, number>;
}

export function withScales(graph: Graph, { scales, from }: Coded): ScaledGraph {
  const writer = new ScaleWriter(graph, scales);
  const found = new Map<number, number>();
  let bytes = 0;
  for (const value of rightSides(graph)) {
    const scale = writer.scaleOf(value);
    const count = polynomialValue(elementCount(value.type.shape));
    if (scale?.axis !== 0 || count === undefined || found.has(value.id)) continue;
    found.set(value.id, scale.value.id);
    bytes += 4 * count;
  }
  if (found.size === 0 || bytes < from) return { graph, scales: new Map() };
  return { graph: writer.graph(), scales: found };
}

/** Of products whose columns are the first axis of their right side, in loops too. */
function rightSides({ instructions }: Graph): readonly Value[] {
  return instructions.flatMap((instruction) => {
    if (instruction.op !== 'scan') return rightSide(instruction);
    const { body, constants, bodyConstants } = scanParts(instruction);
    const outside = new Map(bodyConstants.map((p, i) => [p.value.id, constants[i]]));
    return body.instructions.flatMap(rightSide).flatMap((inner) => outside.get(inner.id) ?? []);
  });
}

function rightSide({ op, operands, attributes }: Instruction): readonly Value[] {
  const [, right] = operands;
  if (op !== 'dot' || right === undefined) return [];
  const { batch, free } = sideOf(attributes, 'Right', right.type.shape.length);
  return batch.length === 0 && free.length === 1 && free[0] === 0 ? [right] : [];
}

/** The axis along which rows lie, and a number for each of them. */
interface Scale {
  readonly axis: number;
  readonly value: Value;
}

class ScaleWriter {
  private readonly source: Graph;
  private readonly weights: ReadonlyMap<number, GraphParameter>;
  private readonly definitions = new Map<number, Instruction>();
  private readonly names: ReadonlyMap<string, string>;
  private readonly known = new Map<number, Scale | undefined>();
  private readonly parameters: GraphParameter[] = [];
  private readonly instructions: Instruction[] = [];
  private nextId = 0;

  constructor(source: Graph, names: ReadonlyMap<string, string>) {
    this.source = source;
    this.names = names;
    this.weights = new Map(source.parameters.map((p) => [p.value.id, p]));
    const values = source.parameters.map(({ value }) => value);
    for (const instruction of source.instructions) {
      for (const result of instruction.results) this.definitions.set(result.id, instruction);
      values.push(...instruction.results);
    }
    for (const { id } of values) this.nextId = Math.max(this.nextId, id + 1);
  }

  graph(): Graph {
    const { parameters, instructions } = this.source;
    return {
      ...this.source,
      parameters: [...parameters, ...this.parameters],
      instructions: [...instructions, ...this.instructions],
    };
  }

  /** Undefined where rows are not to be told, or have no scale. */
  scaleOf(value: Value): Scale | undefined {
    if (!this.known.has(value.id)) this.known.set(value.id, this.find(value));
    return this.known.get(value.id);
  }

  private find(value: Value): Scale | undefined {
    const weight = this.weights.get(value.id);
    if (weight !== undefined) return this.ofWeight(weight);
    const definition = this.definitions.get(value.id);
    if (definition === undefined) return undefined;
    const { op, operands, attributes } = definition;
    const [first, ...others] = operands.map((operand) => this.scaleOf(operand));
    if (first === undefined) return undefined;
    switch (op) {
      case 'stopGradient':
        return first;
      case 'transpose':
        return { ...first, axis: axesAttribute(op, attributes, 'permutation').indexOf(first.axis) };
      case 'slice':
        if (numberAttribute(op, attributes, 'axis') !== first.axis) return first;
        return { ...first, value: this.emit(op, [first.value], { ...attributes, axis: 0 }) };
      case 'concat': {
        const all = [first, ...others].filter((scale) => scale !== undefined);
        if (all.length <= others.length || all.some(({ axis }) => axis !== first.axis)) {
          return undefined;
        }
        if (numberAttribute(op, attributes, 'axis') !== first.axis) {
          return all.every((scale) => scale.value === first.value) ? first : undefined;
        }
        const values = all.map((scale) => scale.value);
        return { ...first, value: this.emit(op, values, { axis: 0 }) };
      }
      default:
        return undefined;
    }
  }

  private ofWeight({ name, role, value }: GraphParameter): Scale | undefined {
    const scales = this.names.get(name);
    const [rows, width, ...more] = value.type.shape;
    if (role !== 'weight' || scales === undefined) return undefined;
    if (rows === undefined || width === undefined || more.length > 0) return undefined;
    const own = this.newValue([rows]);
    this.parameters.push({ name: scales, role, value: own });
    return { axis: 0, value: own };
  }

  private emit(op: string, operands: readonly Value[], attributes: Attributes): Value {
    const types = opNamed(op).infer(
      operands.map(({ type }) => type),
      attributes,
    );
    if (types.length !== 1) throw new CompilerBug('scales', `${op} has one result`);
    const result = this.newValue(present(types[0], 'a type').shape);
    this.instructions.push({ op, operands, attributes, results: [result] });
    return result;
  }

  private newValue(shape: Shape): Value {
    return { id: this.nextId++, type: { dtype: 'float', shape } };
  }
}
