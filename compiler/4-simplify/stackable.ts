/**
 * Which instructions of a body may be computed for all time steps at once, outside of the scan,
 * through their op's `stack`. Time steps past a row's length are computed too and then not looked
 * at, so everything here must stay finite there, and so must its derivative, for a cotangent of
 * zero to stay zero: no logarithm or root of what may be 0, no quotient by it, no table that is
 * indexed.
 */
import { sameDim } from '../graph/dim.ts';
import { isElementwise } from '../graph/elementwise.ts';
import type { Attributes, Instruction } from '../graph/types.ts';
import { isPositive, type KnownValues } from './positive.ts';
import { productOf } from './products.ts';
import type { Scope } from './scope.ts';

/**
 * A body's instructions that need nothing from a carry and that may be computed for all steps at
 * once, those included that do not vary at all; in order.
 */
export function movableOf(known: KnownValues): readonly Instruction[] {
  const { scope } = known;
  const reached = new Set(scope.scan?.bodyXs.map((p) => p.value.id));
  return scope.graph.instructions.filter((instruction) => {
    const steps = variesByStep(scope, instruction);
    const isFed = instruction.operands.every((v, i) =>
      steps[i] === true ? reached.has(v.id) : scope.variance(v) === 'constant',
    );
    const isMovable = isFed && (!steps.includes(true) || isStackable(known, instruction, steps));
    if (isMovable) for (const result of instruction.results) reached.add(result.id);
    return isMovable;
  });
}

/** Of each operand, whether it changes with the xs alone. */
export function variesByStep(scope: Scope, { operands }: Instruction): readonly boolean[] {
  return operands.map((v) => scope.variance(v) === 'step');
}

/** `varies` tells of each operand whether it has a time axis outside; at least one has. */
export function isStackable(
  known: KnownValues,
  instruction: Instruction,
  varies: readonly boolean[],
): boolean {
  const { op, attributes } = instruction;
  if (isElementwise(op)) return isFinite(known, instruction, varies);
  switch (op) {
    case 'dot':
      return isStackableProduct(instruction, varies);
    case 'broadcast':
      return first(attributes, 'axes') === 0;
    case 'transpose':
      return first(attributes, 'permutation') === 0;
    case 'slice':
    case 'pad':
    case 'concat':
      return attributes.axis !== 0;
    case 'reduceSum':
    case 'reduceMax':
      return first(attributes, 'axes') !== 0;
    case 'reshape':
      return keepsBatch(instruction);
    default:
      return false;
  }
}

function isFinite(
  known: KnownValues,
  { op, operands }: Instruction,
  varies: readonly boolean[],
): boolean {
  const [x, y] = operands;
  switch (op) {
    case 'log':
    case 'sqrt':
      return x !== undefined && isPositive(known, x);
    case 'div':
      return varies[1] !== true || (y !== undefined && isPositive(known, y));
    case 'pow':
      return false;
    default:
      return true;
  }
}

/** The batch axis of what varies must be that of the result. */
function isStackableProduct(instruction: Instruction, varies: readonly boolean[]): boolean {
  const product = productOf(instruction);
  if (product === undefined) return false;
  const [left, right] = product.sides;
  if (varies[0] === true && varies[1] === true) return left.batch[0] === 0 && right.batch[0] === 0;
  if (left.batch.length > 0) return (varies[0] === true ? left : right).batch[0] === 0;
  if (varies[0] === true) return left.free[0] === 0;
  return right.free[0] === 0 && left.free.length === 0;
}

function keepsBatch({ operands: [x], results: [result] }: Instruction): boolean {
  const [before, after] = [x?.type.shape[0], result?.type.shape[0]];
  return before !== undefined && after !== undefined && sameDim(before, after);
}

function first(attributes: Attributes, name: string): unknown {
  const value = attributes[name];
  return Array.isArray(value) ? (value as readonly unknown[])[0] : undefined;
}
