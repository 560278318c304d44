/** Values and gradients against the f64 oracle, by the accuracy rule. */
import { judged } from '../accuracy.ts';
import { resultOf, type Check } from './check.ts';

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
    async run(point, { runner }) {
      const { f64, f32 } = await point.references(kind);
      return resultOf(judged(await point.run(runner, kind), f32, f64), f64);
    },
  };
}
