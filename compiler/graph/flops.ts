/**
 * How many floating-point operations a graph takes: 2MNK for a product, one an element for
 * elementwise ops, one an operand element for reductions and scatterAdd; a scan takes its body once
 * a time step. What only moves numbers (reshape, slice, gather, …) counts nothing.
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
    'neg exp log tanh sigmoid softplus sqrt abs sign sin cos erf floor not',
    'add sub mul div pow max min less lessEqual equal and or select',
  ].flatMap((line) => line.split(' ')),
);

const overOperand = new Set(['reduceSum', 'reduceMax', 'argMax']);

export function countFlops(graph: Graph): Polynomial {
  return plus(...graph.instructions.map(instructionFlops));
}

export function instructionFlops(instruction: Instruction): Polynomial {
  const { op, operands, results, attributes } = instruction;
  const resultShape = results[0]?.type.shape ?? [];
  const left = operands[0]?.type.shape ?? [];
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
