/** Law: an op stacked over time does at once what the op does step by step, to the last bit. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixed } from '../../compiler/graph/dim.ts';
import { allOps, opNamed } from '../../compiler/ops/all.ts';
import { verify } from '../../compiler/ops/verify.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { countOf } from '../../compiler/verify/arrays.ts';
import { batch, opCases, stackedOnly, type OpCase } from '../support/op-cases.ts';
import { evaluateOp, expectClose, graphOver, required, run } from '../support/op-runs.ts';

const steps = 4;
const stackedCases = Object.entries({ ...opCases, ...stackedOnly }).filter(
  ([name]) => opNamed(name).stack !== undefined,
);

test('every op that is stacked has cases', () => {
  const stacked = allOps.filter((op) => op.stack !== undefined).map((op) => op.name);
  expect(stackedCases.map(([name]) => name).sort()).toEqual(stacked.sort());
});

describe('stacked is step by step', () => {
  test.each(stackedCases)('%s', (_, arbitrary) => {
    const law = fc.property(arbitrary, (drawnCase) => {
      for (const varying of drawnCase.varying) checkStack(drawnCase, varying);
    });
    fc.assert(law, { numRuns: 40, seed: 20241 });
  });
});

function checkStack({ op, operands, attributes }: OpCase, varying: readonly boolean[]): void {
  const perStep = operands.map((operand, i) =>
    Array.from({ length: steps }, (_, t) => (varying[i] === true ? turned(operand, t) : operand)),
  );
  const stacked = operands.map((operand, i) =>
    varying[i] === true ? stackSteps(required(perStep[i])) : operand,
  );
  const graph = graphOver(stacked, (builder, values) =>
    required(opNamed(op).stack)({
      builder,
      operands: values,
      varying,
      attributes,
      time: fixed(steps),
    }),
  );
  const [found] = run(verify(graph, 'stack'), stacked);
  const expected = Array.from({ length: steps }, (_, t) =>
    required(
      evaluateOp(
        op,
        perStep.map((list) => required(list[t])),
        attributes,
      )[0],
    ),
  );
  expectClose(required(found), stackSteps(expected), 0);
}

/** Another array of the same type for each step: the elements, turned round. */
function turned(array: NdArray, by: number): NdArray {
  const { data } = array;
  const copy = data.slice();
  copy.forEach((_, i) => (copy[i] = data[(i + 7 * by) % data.length] ?? 0));
  return { ...array, data: copy };
}

/** [B, …] of each step to [B, T, …]. */
function stackSteps(list: readonly NdArray[]): NdArray {
  const first = required(list[0]);
  const [rows = 0, ...rest] = first.shape;
  expect(rows).toBe(batch);
  const block = countOf(rest);
  const shape = [rows, list.length, ...rest];
  const data = first.data.slice(0, 0);
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (const { data: step } of list) values.push(...step.slice(row * block, (row + 1) * block));
  }
  const filled =
    data instanceof Float64Array
      ? Float64Array.from(values)
      : data instanceof Int32Array
        ? Int32Array.from(values)
        : Uint8Array.from(values);
  return { dtype: first.dtype, shape, data: filled };
}
