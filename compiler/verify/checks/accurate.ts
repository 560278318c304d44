/** Values and gradients against the f64 oracle, by the accuracy rule. */
import { judged, roomsOf } from '../accuracy.ts';
import { smallestNormal } from '../nudge.ts';
import { isOrdinary, resultOf, type Check } from './check.ts';

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
    async run(point, { runner, keepsDenormals }) {
      const { f64, f32, rooms } = await point.references(kind);
      const found = await point.base(runner, kind);
      if (keepsDenormals || isOrdinary(point.data)) return resultOf(judged(found, rooms), f64);
      // Inputs that are flushed, and what a number that is flushed on the way may add.
      const wider = roomsOf([...f32, await point.flushed(kind)], f64);
      return resultOf(judged(found, wider, flushedOnTheWay), f64);
    },
  };
}

/** Sums of some dozens of products, with weights that are not huge. */
const flushedOnTheWay = 64 * smallestNormal;
