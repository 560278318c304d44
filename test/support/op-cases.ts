/**
 * Random well-typed uses of every op that differentiates or stacks: operands as arrays, attributes,
 * and which operands may vary over time. Dimensions are small and may be 1; axis 0 of what varies
 * is batch, of size `batch`, so that one table serves the laws of vjp and of stacking.
 */
import * as fc from 'fast-check';
import { fixed } from '../../compiler/graph/dim.ts';
import type { Attributes } from '../../compiler/graph/types.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { drawn } from './op-runs.ts';

export interface OpCase {
  readonly op: string;
  readonly operands: readonly NdArray[];
  readonly attributes: Attributes;
  /** Sets of operands that may vary over time together; none where the op is not stacked so. */
  readonly varying: readonly (readonly boolean[])[];
}

type Range = readonly [number, number];

export const batch = 3;

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 4 }),
);

interface Draw {
  readonly seed: number;
  readonly n: number;
  readonly m: number;
  readonly k: number;
}

function cases(make: (draw: Draw) => Omit<OpCase, 'op'>, op: string): fc.Arbitrary<OpCase> {
  return fc
    .tuple(fc.integer({ min: 0, max: 1e6 }), sizes)
    .map(([seed, [n, m, k]]) => ({ op, ...make({ seed, n, m, k }) }));
}

const eitherOrBoth = [
  [true, false],
  [false, true],
  [true, true],
];

/** Elementwise on [batch, n] or [batch, n, m], floats from the ranges. */
function elementwise(op: string, ...ranges: readonly Range[]): fc.Arbitrary<OpCase> {
  return cases(({ seed, n, m }) => {
    const shape = seed % 2 === 0 ? [batch, n] : [batch, n, m];
    return {
      operands: ranges.map((range, i) => drawn('float', shape, seed + i, range)),
      attributes: {},
      varying: ranges.length === 1 ? [[true]] : eitherOrBoth,
    };
  }, op);
}

/** An op on one float operand. */
function structural(
  op: string,
  make: (draw: Draw) => { readonly shape: readonly number[]; readonly attributes: Attributes },
): fc.Arbitrary<OpCase> {
  return cases((draw) => {
    const { shape, attributes } = make(draw);
    return { operands: [drawn('float', shape, draw.seed)], attributes, varying: [[true]] };
  }, op);
}

function dims(...shape: number[]): Attributes[string] {
  return shape.map(fixed);
}

interface DotForm {
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** contractLeft, contractRight, batchLeft, batchRight. */
  readonly axes: readonly (readonly number[])[];
  readonly varying: readonly (readonly boolean[])[];
}

/**
 * The shapes that products take in models: by a weight, attention, outer products, several axes.
 */
function dotForms({ n, m, k }: Draw): readonly DotForm[] {
  return [
    { left: [batch, k], right: [n, k], axes: [[1], [1], [], []], varying: [[true, false]] },
    { left: [batch, k], right: [k, n], axes: [[1], [0], [], []], varying: [[true, false]] },
    { left: [n, m], right: [n, k], axes: [[0], [0], [], []], varying: [] },
    { left: [k], right: [batch, k], axes: [[0], [1], [], []], varying: [[false, true]] },
    { left: [batch, n, k], right: [batch, k], axes: [[2], [1], [0], [0]], varying: eitherOrBoth },
    {
      left: [batch, n, m, k],
      right: [batch, k, m],
      axes: [[3, 2], [1, 2], [0], [0]],
      varying: eitherOrBoth,
    },
    {
      left: [batch, n, k, m],
      right: [batch, k, 2, n],
      axes: [[2], [1], [0, 1], [0, 3]],
      varying: eitherOrBoth,
    },
    { left: [batch, n], right: [batch, m], axes: [[], [], [0], [0]], varying: eitherOrBoth },
    {
      left: [batch, m, k, n],
      right: [n, 2, k],
      axes: [[2, 3], [2, 0], [], []],
      varying: [[true, false]],
    },
  ];
}

const dot = cases((draw) => {
  const forms = dotForms(draw);
  const { left, right, axes, varying } = forms[draw.seed % forms.length] ?? unreachable();
  const [contractLeft = [], contractRight = [], batchLeft = [], batchRight = []] = axes;
  return {
    operands: [drawn('float', left, draw.seed), drawn('float', right, draw.seed + 1)],
    attributes: { contractLeft, contractRight, batchLeft, batchRight },
    varying,
  };
}, 'dot');

const gather = cases(({ seed, n, m, k }) => {
  const rows = k + 1;
  const forms = [
    { table: [rows, m], ids: [batch, n], common: 0, varying: [[false, true]] },
    { table: [batch, rows, m], ids: [batch, n], common: 1, varying: eitherOrBoth },
    { table: [batch, rows], ids: [batch], common: 1, varying: eitherOrBoth },
    { table: [batch, n, rows, m], ids: [batch, n, 2], common: 2, varying: eitherOrBoth },
  ];
  const form = forms[seed % forms.length] ?? unreachable();
  return {
    operands: [drawn('float', form.table, seed), drawn('int', form.ids, seed + 1, [0, rows])],
    attributes: { batch: form.common },
    varying: form.varying,
  };
}, 'gather');

const scatterAdd = cases(({ seed, n, m, k }) => {
  const forms = [
    { ids: [n, 2], updates: [n, 2, m], common: 0, varying: [] },
    { ids: [batch, n], updates: [batch, n, m], common: 1, varying: eitherOrBoth },
    { ids: [batch, n, 2], updates: [batch, n, 2], common: 2, varying: eitherOrBoth },
  ];
  const form = forms[seed % forms.length] ?? unreachable();
  return {
    operands: [drawn('int', form.ids, seed, [0, k]), drawn('float', form.updates, seed + 1)],
    attributes: { rows: fixed(k), batch: form.common },
    varying: form.varying,
  };
}, 'scatterAdd');

/** At least two thirds of a row each, and every length from none to all. */
const reverse = cases(
  ({ seed, n, m }) => ({
    operands: [drawn('float', [batch, n, m], seed), drawn('int', [batch], seed + 1, [0, n + 1])],
    attributes: {},
    varying: [],
  }),
  'reverse',
);

const select = cases(
  ({ seed, n }) => ({
    operands: [
      drawn('bool', [batch, n], seed),
      drawn('float', [batch, n], seed + 1),
      drawn('float', [batch, n], seed + 2),
    ],
    attributes: {},
    varying: [
      [true, false, false],
      [false, true, false],
      [false, true, true],
    ],
  }),
  'select',
);

const concat = cases(({ seed, n, m, k }) => {
  const axis = 1 + (seed % 2);
  const shapes = [n, m, 0, 2].map((size) => (axis === 1 ? [batch, size, k] : [batch, k, size]));
  return {
    operands: shapes.map((shape, i) => drawn('float', shape, seed + i)),
    attributes: { axis },
    varying: [
      [true, false, false, true],
      [true, true, true, true],
      [false, false, true, false],
    ],
  };
}, 'concat');

/** Whole numbers where one of equals has to be chosen. */
const tied: Range = [-2, 2];

export const opCases: Readonly<Record<string, fc.Arbitrary<OpCase>>> = {
  neg: elementwise('neg', tied),
  exp: elementwise('exp', tied),
  log: elementwise('log', [0.1, 3]),
  tanh: elementwise('tanh', [-4, 4]),
  sigmoid: elementwise('sigmoid', [-6, 6]),
  softplus: elementwise('softplus', [-6, 6]),
  sqrt: elementwise('sqrt', [0.2, 4]),
  abs: elementwise('abs', [0.1, 2]),
  sign: elementwise('sign', [0.1, 2]),
  sin: elementwise('sin', [-4, 4]),
  cos: elementwise('cos', [-4, 4]),
  erf: elementwise('erf', [-4, 4]),
  floor: elementwise('floor', [0.1, 0.9]),
  add: elementwise('add', tied, tied),
  sub: elementwise('sub', tied, tied),
  mul: elementwise('mul', tied, tied),
  div: elementwise('div', tied, [0.3, 2]),
  pow: elementwise('pow', [0.2, 3], [-2, 3]),
  max: elementwise('max', tied, tied),
  min: elementwise('min', tied, tied),
  select,
  broadcast: structural('broadcast', ({ seed, n, m, k }) =>
    seed % 2 === 0
      ? { shape: [batch, n], attributes: { shape: dims(batch, m, n, k), axes: [0, 2] } }
      : { shape: [batch], attributes: { shape: dims(batch, m), axes: [0] } },
  ),
  reshape: structural('reshape', ({ n, m, k }) => ({
    shape: [batch, n * m, k],
    attributes: { shape: dims(batch, n, m * k) },
  })),
  transpose: structural('transpose', ({ seed, n, m, k }) => ({
    shape: [batch, n, m, k],
    attributes: { permutation: seed % 2 === 0 ? [0, 3, 1, 2] : [0, 2, 1, 3] },
  })),
  concat,
  slice: structural('slice', ({ seed, n, m, k }) => ({
    shape: [batch, n + m + k, m],
    attributes: { axis: 1, start: fixed(seed % 2 === 0 ? n : 0), length: fixed(m) },
  })),
  pad: structural('pad', ({ seed, n, m, k }) => ({
    shape: [batch, n, m],
    attributes: { axis: 1 + (seed % 2), before: fixed(k - 1), after: fixed(m) },
  })),
  reverse,
  reduceSum: structural('reduceSum', ({ seed, n, m, k }) => ({
    shape: [batch, n, m, k],
    attributes: { axes: [[1], [3], [1, 3], [1, 2, 3]][seed % 4] ?? [] },
  })),
  reduceMax: structural('reduceMax', ({ seed, n, m, k }) => ({
    shape: [batch, n, m, k],
    attributes: { axes: [[1], [3], [1, 3], [1, 2, 3]][seed % 4] ?? [] },
  })),
  dot,
  gather,
  scatterAdd,
};

/** Ops without a derivative that are stacked. */
export const stackedOnly: Readonly<Record<string, fc.Arbitrary<OpCase>>> = {
  stopGradient: elementwise('stopGradient', tied),
  less: elementwise('less', tied, tied),
  lessEqual: elementwise('lessEqual', tied, tied),
  equal: elementwise('equal', tied, tied),
  not: logical('not', 1),
  and: logical('and', 2),
  or: logical('or', 2),
  cast: cases(
    ({ seed, n }) => ({
      operands: [drawn('float', [batch, n], seed, [-9, 9])],
      attributes: { dtype: 'int' },
      varying: [[true]],
    }),
    'cast',
  ),
  argMax: structural('argMax', ({ n, m }) => ({ shape: [batch, n, m], attributes: {} })),
};

function logical(op: string, count: number): fc.Arbitrary<OpCase> {
  return cases(
    ({ seed, n }) => ({
      operands: Array.from({ length: count }, (_, i) => drawn('bool', [batch, n], seed + i)),
      attributes: {},
      varying: count === 1 ? [[true]] : eitherOrBoth,
    }),
    op,
  );
}

function unreachable(): never {
  throw new Error('a remainder is out of range');
}
