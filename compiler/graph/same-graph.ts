/** Whether two graphs say the same, value by value: as if their texts were compared. */
import { sameDim, sameShape, type Dim } from './dim.ts';
import {
  isDim,
  isGraph,
  type Attributes,
  type AttributeValue,
  type Graph,
  type GraphParameter,
  type GraphResult,
  type Instruction,
  type Value,
} from './types.ts';

export function sameGraph(left: Graph, right: Graph): boolean {
  if (left === right) return true;
  return (
    left.name === right.name &&
    sameList(left.parameters, right.parameters, sameParameter) &&
    sameList(left.results, right.results, sameResult) &&
    sameList(left.instructions, right.instructions, sameInstruction)
  );
}

function sameList<T>(
  left: readonly T[],
  right: readonly T[],
  same: (x: T, y: T) => boolean,
): boolean {
  if (left.length !== right.length) return false;
  return left.every((x, i) => {
    const y = right[i];
    return x === y || (y !== undefined && same(x, y));
  });
}

function sameParameter(left: GraphParameter, right: GraphParameter): boolean {
  return left.name === right.name && left.role === right.role && sameValue(left.value, right.value);
}

function sameResult(left: GraphResult, right: GraphResult): boolean {
  return left.name === right.name && left.value.id === right.value.id;
}

function sameInstruction(left: Instruction, right: Instruction): boolean {
  const sameId = (x: Value, y: Value): boolean => x.id === y.id;
  return (
    left.op === right.op &&
    sameList(left.operands, right.operands, sameId) &&
    sameList(left.results, right.results, sameValue) &&
    sameOrigin(left.origin, right.origin) &&
    sameAttributes(left.attributes, right.attributes)
  );
}

function sameValue(left: Value, right: Value): boolean {
  const [x, y] = [left.type, right.type];
  return left.id === right.id && x.dtype === y.dtype && sameShape(x.shape, y.shape);
}

function sameOrigin(left: Instruction['origin'], right: Instruction['origin']): boolean {
  if (left === right) return true;
  return (
    left?.source === right?.source &&
    left?.line === right?.line &&
    left?.column === right?.column &&
    left?.layer === right?.layer
  );
}

function sameAttributes(left: Attributes, right: Attributes): boolean {
  if (left === right) return true;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => sameAttribute(left[name], right[name]))
  );
}

function sameAttribute(
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (Object.is(left, right)) return true;
  if (isGraph(left)) return isGraph(right) && sameGraph(left, right);
  if (isDim(left)) return isDim(right) && sameDim(left, right);
  if (!Array.isArray(left) || !Array.isArray(right)) return false;
  return sameList<number | Dim>(left, right, sameItem);
}

function sameItem(left: number | Dim, right: number | Dim): boolean {
  if (typeof left === 'number' || typeof right === 'number') return Object.is(left, right);
  return sameDim(left, right);
}
