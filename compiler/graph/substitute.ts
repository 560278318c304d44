/** Replaces dimension symbols throughout a graph, scan bodies included: how `--dim` binds. */
import { substituteDim, type Dim, type Shape } from './dim.ts';
import {
  isDim,
  isGraph,
  type AttributeValue,
  type Attributes,
  type Graph,
  type TensorType,
  type Value,
} from './types.ts';

export type Substitution = ReadonlyMap<string, Dim>;

export function substituteShape(shape: Shape, by: Substitution): Shape {
  return shape.map((d) => substituteDim(d, by));
}

export function substituteType(type: TensorType, by: Substitution): TensorType {
  return { dtype: type.dtype, shape: substituteShape(type.shape, by) };
}

export function substituteGraph(graph: Graph, by: Substitution): Graph {
  if (by.size === 0) return graph;
  const values = new Map<number, Value>();
  const value = (v: Value): Value => {
    const known = values.get(v.id);
    if (known !== undefined) return known;
    const replaced = { id: v.id, type: substituteType(v.type, by) };
    values.set(v.id, replaced);
    return replaced;
  };
  return {
    name: graph.name,
    parameters: graph.parameters.map((p) => ({ ...p, value: value(p.value) })),
    instructions: graph.instructions.map((i) => ({
      ...i,
      operands: i.operands.map(value),
      attributes: substituteAttributes(i.attributes, by),
      results: i.results.map(value),
    })),
    results: graph.results.map((r) => ({ ...r, value: value(r.value) })),
  };
}

export function substituteAttributes(attributes: Attributes, by: Substitution): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, v]) => [key, substituteAttribute(v, by)]),
  );
}

function substituteAttribute(value: AttributeValue, by: Substitution): AttributeValue {
  if (isGraph(value)) return substituteGraph(value, by);
  if (isDim(value)) return substituteDim(value, by);
  if (Array.isArray(value) && value.some(isDimItem)) {
    return value.filter(isDimItem).map((d) => substituteDim(d, by));
  }
  return value;
}

function isDimItem(item: number | Dim): item is Dim {
  return typeof item === 'object';
}
