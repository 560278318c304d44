/**
 * Graphs that are off as backends may be, for the f32 interpreter to tell how far off their results
 * then are.
 *
 * `roughened`: functions are one unit of the last place off, as formulas of exp, tanh and their kin
 * may be: the interpreter's are the host's, which are nearly exact. Where a gate is saturated, that
 * unit is all there is of its derivative 1 - σ, and the backward pass multiplies it. Of sigmoid and
 * softplus, what is below the normal numbers of f32 is 0 (see `decay` in kernel/math); sine and
 * cosine of angles that are not reduced exactly (kernel/math/sin-cos.ts) go as far as they can.
 * Sums, which the interpreter rounds once, are off by what rounding n - 1 times adds up to by
 * chance: √n 2^-24 Σ|terms|, of a bound of (n - 1) 2^-24 Σ|terms| (Higham 2002, §4.2).
 *
 * `flushing`: whatever is below the normal numbers is 0, wherever it arises, as on devices that
 * know none of them (WGSL, section 15.7.2). Most of it is lost in a sum; log and 1 / x see it.
 */
import { rebuild } from '../4-simplify/rebuild.ts';
import {
  abs,
  add,
  cast,
  constant,
  filled,
  less,
  mul,
  reduceSum,
  select,
  size,
  sqrt,
} from '../graph/build.ts';
import { scanParts, withBody } from '../graph/scan.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { largestAngle } from '../kernel/math/sin-cos.ts';
import { smallestNormal } from './nudge.ts';

const formulas = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'erf', 'sin', 'cos', 'pow'];

/** Those whose results are nowhere below 0, and are 0 instead of numbers below the normal ones. */
const vanishing = ['sigmoid', 'softplus'];

const periodic = ['sin', 'cos'];

/** `units` of 2^-23 are added to each, in proportion. */
export function roughened(graph: Graph, units: number): Graph {
  return changed(graph, [...formulas, 'reduceSum'], (b, exact, { op, operands, attributes }) => {
    const [x = exact] = operands;
    const { shape } = exact.type;
    if (op === 'reduceSum') return add(b, exact, drift(b, x, axesOf(attributes), units));
    const moved = mul(b, exact, filled(b, 1 + units * 2 ** -23, shape));
    if (vanishing.includes(op)) return withoutDenormals(b, exact, moved);
    if (!periodic.includes(op)) return moved;
    const isFar = less(b, filled(b, largestAngle, shape), abs(b, x));
    return select(b, isFar, filled(b, Math.sign(units), shape), moved);
  });
}

function axesOf({ axes }: Instruction['attributes']): readonly number[] {
  return Array.isArray(axes) ? axes.filter((axis) => typeof axis === 'number') : [];
}

/** What rounding may make of a sum of `x` over these axes, in as many of its units. */
function drift(b: Builder, x: Value, axes: readonly number[], units: number): Value {
  const sizes = axes.flatMap((axis) => x.type.shape[axis] ?? []);
  const one = constant(b, 1);
  const terms = sizes.reduce((n, dim) => mul(b, n, cast(b, size(b, dim), 'float')), one);
  const sum = reduceSum(b, abs(b, x), axes);
  return mul(b, sum, mul(b, sqrt(b, terms), constant(b, units * 2 ** -24)));
}

const arithmetic = ['add', 'sub', 'mul', 'div', 'dot', 'reduceSum', 'scatterAdd', 'sqrt'];

export function flushing(graph: Graph): Graph {
  return changed(graph, [...formulas, ...arithmetic], (b, exact) =>
    withoutDenormals(b, abs(b, exact), exact),
  );
}

/** `value`, or 0 where `size` is that small. NaN is below nothing, and stays. */
function withoutDenormals(b: Builder, size: Value, value: Value): Value {
  const { shape } = value.type;
  const isGone = less(b, size, filled(b, smallestNormal, shape));
  return select(b, isGone, filled(b, 0, shape), value);
}

type Change = (b: Builder, exact: Value, instruction: Instruction) => Value;

/** The float results of these ops changed, those within loops as well. */
function changed(graph: Graph, ops: readonly string[], change: Change): Graph {
  return rebuild(graph, (instruction, editor) => {
    const { op, operands, attributes, results } = instruction;
    if (op === 'scan') {
      const body = changed(scanParts(instruction).body, ops, change);
      const wider = withBody(instruction, body);
      return editor.emitMany(op, wider.operands, wider.attributes);
    }
    if (!ops.includes(op) || results[0]?.type.dtype !== 'float') return undefined;
    return [change(editor, editor.emit(op, operands, attributes), instruction)];
  });
}
