/**
 * Reading an op's operands and attributes. Ops are only ever built by the compiler, so whatever is
 * missing or of the wrong kind here is a CompilerBug, named after the op.
 */
import { CompilerBug } from '../base/bug.ts';
import { fixed, sameShape, type Dim, type Shape } from '../graph/dim.ts';
import {
  isDim,
  isGraph,
  type Attributes,
  type AttributeValue,
  type Dtype,
  type Graph,
  type TensorType,
} from '../graph/types.ts';

export function need(op: string, holds: boolean, message: string): asserts holds {
  if (!holds) throw new CompilerBug(op, message);
}

/** The only item of a list. */
export function one<T>(op: string, list: readonly T[]): T {
  const [first] = list;
  if (list.length !== 1 || first === undefined) throw wrongCount(op, 1, list.length);
  return first;
}

export function two<T>(op: string, list: readonly T[]): readonly [T, T] {
  const [first, second] = list;
  if (list.length !== 2 || first === undefined || second === undefined) {
    throw wrongCount(op, 2, list.length);
  }
  return [first, second];
}

export function three<T>(op: string, list: readonly T[]): readonly [T, T, T] {
  const [first, second, third] = list;
  if (list.length !== 3 || first === undefined || second === undefined || third === undefined) {
    throw wrongCount(op, 3, list.length);
  }
  return [first, second, third];
}

function wrongCount(op: string, expected: number, found: number): CompilerBug {
  return new CompilerBug(op, `takes ${expected} operands, found ${found}`);
}

export function needDtype(op: string, type: TensorType, ...allowed: readonly Dtype[]): void {
  need(op, allowed.includes(type.dtype), `${type.dtype} operand, takes ${allowed.join(' or ')}`);
}

export function sameType(left: TensorType, right: TensorType): boolean {
  return left === right || (left.dtype === right.dtype && sameShape(left.shape, right.shape));
}

/** The dimension at an axis; a bug if there is none. */
export function axisOf(op: string, shape: Shape, axis: number): Dim {
  const size = shape[axis];
  if (size === undefined) throw new CompilerBug(op, `no axis ${axis} among ${shape.length}`);
  return size;
}

/** Axes must be in range and strictly ascending. */
export function needAscending(op: string, axes: readonly number[], rank: number): void {
  axes.forEach((axis, i) => {
    const previous = axes[i - 1] ?? -1;
    need(op, Number.isInteger(axis) && axis > previous && axis < rank, `bad axes [${axes.join()}]`);
  });
}

export function numberAttribute(op: string, attributes: Attributes, name: string): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : wrongAttribute(op, name, value);
}

export function flagAttribute(op: string, attributes: Attributes, name: string): boolean {
  const value = attributes[name];
  return typeof value === 'boolean' ? value : wrongAttribute(op, name, value);
}

export function dtypeAttribute(op: string, attributes: Attributes, name: string): Dtype {
  const value = attributes[name];
  if (value === 'float' || value === 'int' || value === 'bool') return value;
  return wrongAttribute(op, name, value);
}

export function dimAttribute(op: string, attributes: Attributes, name: string): Dim {
  const value = attributes[name];
  if (typeof value === 'number') return fixed(value);
  return isDim(value) ? value : wrongAttribute(op, name, value);
}

export function axesAttribute(op: string, attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (!isList(value)) return wrongAttribute(op, name, value);
  const axes: number[] = [];
  for (const item of value) {
    if (typeof item !== 'number') return wrongAttribute(op, name, value);
    axes.push(item);
  }
  return axes;
}

export function shapeAttribute(op: string, attributes: Attributes, name: string): Shape {
  const value = attributes[name];
  if (!isList(value)) return wrongAttribute(op, name, value);
  return value.map((item) => (typeof item === 'number' ? fixed(item) : item));
}

export function graphAttribute(op: string, attributes: Attributes, name: string): Graph {
  const value = attributes[name];
  return isGraph(value) ? value : wrongAttribute(op, name, value);
}

function isList(value: AttributeValue | undefined): value is readonly number[] | readonly Dim[] {
  return Array.isArray(value);
}

function wrongAttribute(op: string, name: string, value: AttributeValue | undefined): never {
  throw new CompilerBug(op, `attribute ${name} is ${value === undefined ? 'missing' : 'wrong'}`);
}
