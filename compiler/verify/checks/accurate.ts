/**
 * Values and gradients against the f64 oracle, by the accuracy rule; and what that allows on
 * devices that may take numbers below the normal ones for 0.
 */
import { judged } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import type { CasePoint } from '../case-point.ts';
import type { PlainKind } from '../subject.ts';
import {
  asJudged,
  floorOf,
  judgedByPoint,
  resultOf,
  type Backend,
  type Check,
  type CheckResult,
} from './check.ts';

export const values: Check = accurate('values', 'outputs and final states are those of the oracle');

export const gradients: Check = accurate(
  'gradients',
  'the loss and its derivatives by every weight, input and state are those of the oracle',
);

function accurate(kind: 'values' | 'gradients', says: string): Check {
  return {
    name: kind,
    group: kind,
    graph: kind,
    says,
    suits: (_, { isOracle }) => !isOracle,
    takes: ({ numbers }) => numbers !== 'nonFinite',
    async run(point, backend) {
      const found = await point.base(backend.runner, kind);
      return judgedOn(backend, point, kind, found);
    },
  };
}

/** Results of a case by what this backend may be off by. */
export function judgedOn(
  backend: Backend,
  point: CasePoint,
  kind: PlainKind,
  found: Arrays,
): Promise<CheckResult> {
  return judgedByPoint(point, async (at) => {
    const { f64, rooms } = await at.references(kind);
    const own = backend.keepsDenormals ? rooms : await at.flushingRooms(kind);
    return resultOf(judged(asJudged(backend, found, f64), own, floorOf(backend)), f64);
  });
}
