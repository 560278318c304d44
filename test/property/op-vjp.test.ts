/** Law: every op's vjp is its derivative, by central differences in f64. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allOps, opNamed } from '../../compiler/ops/all.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import { verify } from '../../compiler/ops/verify.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { floats } from '../../compiler/verify/arrays.ts';
import { opCases, type OpCase } from '../support/op-cases.ts';
import { drawn, evaluateOp, expectClose, required, run, typeOf } from '../support/op-runs.ts';

/** Differentiable, but their cotangent is not the derivative, or not theirs to say. */
const notByDifferences = new Set(['stopGradient', 'cast']);

const names = allOps.filter((op) => op.vjp !== undefined).map((op) => op.name);

test('every op with a vjp has cases', () => {
  const covered = [...Object.keys(opCases), ...notByDifferences];
  expect(covered.sort()).toEqual([...names].sort());
});

describe('vjp agrees with central differences', () => {
  test.each(Object.keys(opCases))('%s', (name) => {
    const law = fc.property(required(opCases[name]), (drawnCase) => {
      const cotangent = cotangentFor(drawnCase);
      const found = vjpOf(drawnCase, cotangent);
      drawnCase.operands.forEach((operand, i) => {
        if (operand.dtype !== 'float') return;
        expectClose(found[i] ?? zerosLike(operand), differences(drawnCase, i, cotangent), 1e-7);
      });
    });
    fc.assert(law, { numRuns: 40, seed: 20240 });
  });
});

test('what is not wanted is not computed', () => {
  for (const [name, arbitrary] of Object.entries(opCases)) {
    const [drawnCase] = fc.sample(arbitrary, { numRuns: 1, seed: 1 });
    const wanted = required(drawnCase).operands.map(() => false);
    if (wanted.length < 2) continue;
    const cotangents = vjpOf(required(drawnCase), cotangentFor(required(drawnCase)), wanted);
    if (name === 'reverse') continue;
    expect(cotangents, name).toEqual(wanted.map(() => undefined));
  }
});

describe('at the corners', () => {
  const gradients = (op: string, ...operands: NdArray[]): number[][] => {
    const use: OpCase = { op, operands, attributes: {}, varying: [] };
    const ones = floats([1], [1]);
    return vjpOf(use, ones).map((found, i) => [
      ...(found ?? zerosLike(required(operands[i]))).data,
    ]);
  };
  const at = (x: number): NdArray => floats([1], [x]);

  test('of equals, the first gets the cotangent', () => {
    expect(gradients('max', at(2), at(2))).toEqual([[1], [0]]);
    expect(gradients('min', at(2), at(2))).toEqual([[1], [0]]);
    const use: OpCase = {
      op: 'reduceMax',
      operands: [floats([2, 3], [1, 5, 2, 5, 0, 5])],
      attributes: { axes: [0, 1] },
      varying: [],
    };
    expect([...required(vjpOf(use, floats([], [3]))[0]).data]).toEqual([0, 3, 0, 0, 0, 0]);
  });

  test('powers', () => {
    expect(gradients('pow', at(0), at(2))).toEqual([[0], [0]]);
    expect(gradients('pow', at(0), at(0))).toEqual([[0], [0]]);
    expect(gradients('pow', at(-2), at(3))).toEqual([[12], [0]]);
    expect(gradients('pow', at(0), at(1))).toEqual([[1], [0]]);
  });

  test('abs and the saturated functions', () => {
    expect(gradients('abs', at(0))).toEqual([[0]]);
    for (const op of ['tanh', 'sigmoid', 'softplus', 'erf']) {
      for (const x of [-Infinity, -1e4, 1e4, Infinity]) {
        const [slope] = required(gradients(op, at(x))[0]);
        expect(slope, `${op} at ${x}`).toBe(op === 'softplus' && x > 0 ? 1 : 0);
      }
    }
  });
});

function cotangentFor({ op, operands, attributes }: OpCase): NdArray {
  const [result] = evaluateOp(op, operands, attributes);
  return drawn('float', required(result).shape, 99);
}

/** The cotangents that the op's rule gives, evaluated. */
function vjpOf(
  { op, operands, attributes }: OpCase,
  cotangent: NdArray,
  wanted = operands.map((operand) => operand.dtype === 'float'),
): (NdArray | undefined)[] {
  const b = new GraphBuilder();
  const values = operands.map((operand, i) => b.parameter(String(i), typeOf(operand), 'input'));
  const flowing = b.parameter('cotangent', typeOf(cotangent), 'input');
  const results = b.emitMany(op, values, attributes);
  const cotangents = required(opNamed(op).vjp)({
    builder: b,
    operands: values,
    results,
    attributes,
    cotangents: [flowing],
    wanted,
  });
  expect(cotangents).toHaveLength(operands.length);
  const given = cotangents.flatMap((value, i) =>
    value === undefined ? [] : [{ name: String(i), value }],
  );
  const graph = verify(b.finish('vjp', given), 'vjp');
  const arrays = run(graph, [...operands, cotangent]);
  return operands.map((_, i) => arrays[given.findIndex(({ name }) => name === String(i))]);
}

/** d/dx Σ cotangent · op(…, x, …), element by element. */
function differences(
  { op, operands, attributes }: OpCase,
  at: number,
  cotangent: NdArray,
): NdArray {
  const x = required(operands[at]);
  const step = 1e-5;
  const shifted = (i: number, by: number): number => {
    const data = x.data.slice();
    data[i] = (data[i] ?? 0) + by;
    const changed = operands.map((operand, k) => (k === at ? { ...x, data } : operand));
    const [result] = evaluateOp(op, changed, attributes);
    let sum = 0;
    required(result).data.forEach((y, k) => (sum += y * (cotangent.data[k] ?? 0)));
    return sum;
  };
  const slopes = Array.from(x.data, (_, i) => (shifted(i, step) - shifted(i, -step)) / (2 * step));
  return floats(x.shape, slopes);
}

function zerosLike({ shape, data }: NdArray): NdArray {
  return floats(shape, new Array<number>(data.length).fill(0));
}
