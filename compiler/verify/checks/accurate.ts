/**
 * Values and gradients against the f64 oracle, by the accuracy rule; and what that allows on
 * devices that may take numbers below the normal ones for 0.
 */
import { judged, type Judgement } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import type { CasePoint } from '../case-point.ts';
import type { PlainKind } from '../subject.ts';
import { asJudged, floorOf, resultOf, type Backend, type Check } from './check.ts';

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
      const { f64 } = await point.references(kind);
      return resultOf(await judgedOn(backend, point, kind, found), f64);
    },
  };
}

/** Results of a case by what this backend may be off by. */
export async function judgedOn(
  backend: Backend,
  point: CasePoint,
  kind: PlainKind,
  found: Arrays,
): Promise<readonly Judgement[]> {
  const { f64, rooms } = await point.references(kind);
  const own = backend.keepsDenormals ? rooms : await point.flushingRooms(kind);
  return judged(asJudged(backend, found, f64), own, floorOf(backend));
}
