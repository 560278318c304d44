/**
 * Connectionist temporal classification (Graves et al. 2006): -log of the probability of a
 * labelling under all its alignments, by the forward recursion in logarithms. It is a scan over the
 * primitives, so its gradient is that of every scan.
 *
 *   α<t>(s) = log p<t>(l'_s) + log( e^α<t-1>(s) + e^α<t-1>(s-1) + [skip s] e^α<t-1>(s-2) )
 *
 * with l' the labels between blanks (length 2S + 1), and α<0> = 0 at s = 0, -∞ elsewhere.
 */
import * as g from '../graph/build.ts';
import { addDims, fixed, scaleDim, type Dim } from '../graph/dim.ts';
import type { Builder, Graph, Value } from '../graph/types.ts';
import { batchDim, type ElaborationContext } from './context.ts';
import type { TimeAxis } from './values.ts';

/** Stands for -∞: exp of it is 0, and differences of it stay finite. */
const impossible = -1e30;

export interface CtcParts {
  /** [B, T, classes], logarithms of probabilities. */
  readonly logP: Value;
  readonly time: TimeAxis;
  /** int [B, S]. */
  readonly labels: Value;
  readonly labelTime: TimeAxis;
  readonly blank: number;
}

/** Loss of each row, [B]; 0 for a row whose labels cannot fit into its time steps. */
export function ctcLoss(ctx: ElaborationContext, parts: CtcParts): Value {
  const b = ctx.builder;
  const positions = addDims(scaleDim(parts.labelTime.dim, 2), fixed(1));
  const extended = interleave(ctx, parts, positions);
  const skip = mayskip(b, extended, parts.blank, positions);
  const alpha = forward(ctx, parts, extended, skip, positions);
  const lengths = parts.labelTime.lengths ?? fullLengths(b, parts.labelTime);
  const twice = g.mul(b, lengths, g.constant(b, 2, 'int'));
  const atBlank = g.gather(b, alpha, twice, 1);
  const before = g.max(b, g.sub(b, twice, g.constant(b, 1, 'int')), g.constant(b, 0, 'int'));
  const some = g.less(b, g.constant(b, 0, 'int'), lengths);
  const atLabel = g.select(b, some, g.gather(b, alpha, before, 1), g.constant(b, impossible));
  const logLikelihood = logSum(b, [atBlank, atLabel]);
  const possible = g.less(b, g.constant(b, impossible / 2), logLikelihood);
  return g.select(b, possible, g.neg(b, logLikelihood), g.constant(b, 0));
}

function fullLengths(b: Builder, time: TimeAxis): Value {
  return g.broadcastTo(b, g.cast(b, g.size(b, time.dim), 'int'), [batchDim]);
}

/** blank, l1, blank, l2, …, blank: int [B, 2S + 1]. */
function interleave(ctx: ElaborationContext, parts: CtcParts, positions: Dim): Value {
  const b = ctx.builder;
  const time = parts.labelTime.dim;
  const blank = g.constant(b, parts.blank, 'int');
  const one = fixed(1);
  // A padded or missing label is a blank; its positions are never read.
  const known = g.max(b, parts.labels, g.constant(b, 0, 'int'));
  const labels = g.reshape(b, known, [batchDim, time, one]);
  const blanks = g.broadcastTo(b, blank, [batchDim, time, one]);
  const pairs = g.concat(b, [blanks, labels], 2);
  const flat = g.reshape(b, pairs, [batchDim, scaleDim(time, 2)]);
  const joined = g.concat(b, [flat, g.broadcastTo(b, blank, [batchDim, one])], 1);
  return g.reshape(b, joined, [batchDim, positions]);
}

/** Where a step from s-2 is allowed: l'_s is a label and differs from l'_{s-2}. */
function mayskip(b: Builder, extended: Value, blank: number, positions: Dim): Value {
  const label = g.not(b, g.equal(b, extended, g.constant(b, blank, 'int')));
  const two = g.slice(b, g.pad(b, extended, 1, fixed(2), fixed(0)), 1, fixed(0), positions);
  return g.and(b, label, g.not(b, g.equal(b, extended, two)));
}

function forward(
  ctx: ElaborationContext,
  parts: CtcParts,
  extended: Value,
  skip: Value,
  positions: Dim,
): Value {
  const b = ctx.builder;
  const shape = [batchDim, positions];
  const first = g.equal(b, g.iota(b, positions), g.constant(b, 0, 'int'));
  const initial = g.select(
    b,
    g.broadcast(b, first, shape, [1]),
    g.constant(b, 0),
    g.constant(b, impossible),
  );
  const body = stepBody(ctx, parts, { extended, skip, positions });
  const lengths = parts.time.lengths;
  const [final] = b.emitMany(
    'scan',
    [extended, skip, initial, parts.logP, ...(lengths === undefined ? [] : [lengths])],
    {
      constants: 2,
      carries: 1,
      xs: 1,
      lengths: lengths !== undefined,
      reverse: false,
      time: parts.time.dim,
      body,
    },
  );
  return final ?? initial;
}

interface Lattice {
  readonly extended: Value;
  readonly skip: Value;
  readonly positions: Dim;
}

/** One step of the recursion; its constants are the extended labels and the allowed skips. */
function stepBody(ctx: ElaborationContext, parts: CtcParts, lattice: Lattice): Graph {
  const { positions } = lattice;
  const region = ctx.newRegion(new Map());
  return ctx.within(region, () => {
    const b = ctx.builder;
    const never = g.constant(b, impossible);
    const ids = ctx.importValue(lattice.extended);
    const allowed = ctx.importValue(lattice.skip);
    const shape = [batchDim, positions];
    const alpha = region.graph.parameter('alpha', { dtype: 'float', shape }, 'local');
    const classes = parts.logP.type.shape[2] ?? fixed(0);
    const stepType = ctx.resolveType({ dtype: 'float', shape: [batchDim, classes] });
    const logP = region.graph.parameter('logP', stepType, 'local');
    const two = g.select(b, allowed, shifted(b, alpha, 2, positions), never);
    const total = logSum(b, [alpha, shifted(b, alpha, 1, positions), two]);
    const next = g.max(b, g.add(b, total, g.gather(b, logP, ids, 1)), never);
    return region.graph.finish('ctc', [{ name: 'alpha', value: next }]);
  });
}

/** `x` moved right by n positions along axis 1, with "impossible" on the left. */
function shifted(b: Builder, x: Value, n: number, positions: Dim): Value {
  const moved = g.slice(b, g.pad(b, x, 1, fixed(n), fixed(0)), 1, fixed(0), positions);
  const index = g.iota(b, positions);
  const inside = g.lessEqual(b, g.constant(b, n, 'int'), index);
  return g.select(b, g.broadcast(b, inside, x.type.shape, [1]), moved, g.constant(b, impossible));
}

/** log Σ exp of equally shaped values, each at least "impossible". */
function logSum(b: Builder, parts: readonly Value[]): Value {
  const [first, ...rest] = parts;
  if (first === undefined) return g.constant(b, impossible);
  const largest = g.stopGradient(
    b,
    rest.reduce((m, x) => g.max(b, m, x), first),
  );
  const sum = parts
    .map((x) => g.exp(b, g.sub(b, x, largest)))
    .reduce((total, x) => g.add(b, total, x));
  return g.add(b, largest, g.log(b, sum));
}
