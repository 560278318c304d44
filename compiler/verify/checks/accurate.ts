/** Values and gradients against the f64 oracle, by the accuracy rule. */
import { judged, roomsOf } from '../accuracy.ts';
import { floorOf, isOrdinary, resultOf, type Check } from './check.ts';

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
      const { f64, f32, rooms } = await point.references(kind);
      const found = await point.base(backend.runner, kind);
      const flushes = !backend.keepsDenormals && !isOrdinary(point.data);
      // Inputs that are flushed.
      const wider = flushes ? roomsOf([...f32, await point.flushed(kind)], f64) : rooms;
      return resultOf(judged(found, wider, floorOf(backend)), f64);
    },
  };
}
