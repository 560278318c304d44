/**
 * Graphs that are off as backends may be, for the f32 interpreter to tell how far off their results
 * then are.
 *
 * `roughened`: functions are one unit of the last place off, as formulas of exp, tanh and their kin
 * may be: the interpreter's are the host's, which are nearly exact. Where a gate is saturated, that
 * unit is all there is of its derivative 1 - σ, and the backward pass multiplies it. Of sigmoid and
 * softplus, what is below the normal numbers of f32 is 0 (see `decay` in kernel/math).
 *
 * `flushing`: whatever is below the normal numbers is 0, wherever it arises, as on devices that
 * know none of them (WGSL, section 15.7.2). Most of it is lost in a sum; log and 1 / x see it.
 */
import { rebuild } from '../4-simplify/rebuild.ts';
import { abs, filled, less, mul, select } from '../graph/build.ts';
import { scanParts, withBody } from '../graph/scan.ts';
import type { Builder, Graph, Value } from '../graph/types.ts';
import { smallestNormal } from './nudge.ts';

const formulas = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'erf', 'sin', 'cos', 'pow'];

/** Those whose results are nowhere below 0, and are 0 instead of numbers below the normal ones. */
const vanishing = ['sigmoid', 'softplus'];

/** `units` of 2^-23 are added to each, in proportion. */
export function roughened(graph: Graph, units: number): Graph {
  return changed(graph, formulas, (b, exact, op) => {
    const moved = mul(b, exact, filled(b, 1 + units * 2 ** -23, exact.type.shape));
    return vanishing.includes(op) ? withoutDenormals(b, exact, moved) : moved;
  });
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

type Change = (b: Builder, exact: Value, op: string) => Value;

/** The float results of these ops changed, those within loops as well. */
function changed(graph: Graph, ops: readonly string[], change: Change): Graph {
  return rebuild(graph, ({ op, operands, attributes, ...rest }, editor) => {
    if (op === 'scan') {
      const scan = { op, operands, attributes, ...rest };
      const wider = withBody(scan, changed(scanParts(scan).body, ops, change));
      return editor.emitMany(op, wider.operands, wider.attributes);
    }
    if (!ops.includes(op) || rest.results[0]?.type.dtype !== 'float') return undefined;
    return [change(editor, editor.emit(op, operands, attributes), op)];
  });
}
