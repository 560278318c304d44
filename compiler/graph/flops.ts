/**
 * How many floating-point operations a graph takes: 2MNK for a product, one an element for
 * elementwise arithmetic, one an operand element for reductions and scatterAdd; a scan takes its
 * body once a time step. What moves, compares or chooses numbers (slice, gather, less, select, …)
 * and arithmetic on ints count nothing.
 */
import type { Shape } from './dim.ts';
import {
  dimPolynomial,
  elementCount,
  plus,
  polynomial,
  times,
  type Polynomial,
} from './polynomial.ts';
import type { AttributeValue, Graph, Instruction } from './types.ts';
import { scanParts } from './scan.ts';

const elementwise = new Set(
  [
    'neg exp log tanh sigmoid softplus sqrt abs sign sin cos erf floor',
    'add sub mul div pow max min',
  ].flatMap((line) => line.split(' ')),
);

const overOperand = new Set(['reduceSum', 'reduceMax']);

export function countFlops(graph: Graph): Polynomial {
  return plus(...graph.instructions.map(instructionFlops));
}

export function instructionFlops(instruction: Instruction): Polynomial {
  const { op, operands, results, attributes } = instruction;
  const resultShape = results[0]?.type.shape ?? [];
  const left = operands[0]?.type.shape ?? [];
  if (op !== 'scan' && results[0]?.type.dtype !== 'float') return polynomial(0);
  if (op === 'scan') {
    const { time, body } = scanParts(instruction);
    return times(dimPolynomial(time), countFlops(body));
  }
  if (op === 'dot') {
    const contracted = axesOf(left, attributes['contractLeft']);
    return times(polynomial(2), times(elementCount(resultShape), elementCount(contracted)));
  }
  if (op === 'scatterAdd') return elementCount(operands[1]?.type.shape ?? []);
  if (overOperand.has(op)) return elementCount(left);
  return elementwise.has(op) ? elementCount(resultShape) : polynomial(0);
}

function axesOf(shape: Shape, axes: AttributeValue | undefined): Shape {
  if (!Array.isArray(axes)) return [];
  return shape.filter((_, i) => axes.some((axis) => axis === i));
}
