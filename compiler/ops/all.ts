/** Every op there is. A new one is a file of its own and a line here, twice. */
import { CompilerBug } from '../base/bug.ts';
import { abs } from './abs.ts';
import { add } from './add.ts';
import { and } from './and.ts';
import { argMax } from './arg-max.ts';
import { broadcast } from './broadcast.ts';
import { cast } from './cast.ts';
import { concat } from './concat.ts';
import { constant } from './constant.ts';
import { cos } from './cos.ts';
import { div } from './div.ts';
import { dot } from './dot.ts';
import { equal } from './equal.ts';
import { erf } from './erf.ts';
import { exp } from './exp.ts';
import { floor } from './floor.ts';
import { gather } from './gather.ts';
import { iota } from './iota.ts';
import { less } from './less.ts';
import { lessEqual } from './less-equal.ts';
import { log } from './log.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { not } from './not.ts';
import { or } from './or.ts';
import { pad } from './pad.ts';
import { pow } from './pow.ts';
import { random } from './random.ts';
import { reduceMax } from './reduce-max.ts';
import { reduceSum } from './reduce-sum.ts';
import { reshape } from './reshape.ts';
import { reverse } from './reverse.ts';
import { scan } from './scan.ts';
import { scatterAdd } from './scatter-add.ts';
import { select } from './select.ts';
import { sigmoid } from './sigmoid.ts';
import { sign } from './sign.ts';
import { sin } from './sin.ts';
import { size } from './size.ts';
import { slice } from './slice.ts';
import { softplus } from './softplus.ts';
import { sqrt } from './sqrt.ts';
import { stopGradient } from './stop-gradient.ts';
import { sub } from './sub.ts';
import { tanh } from './tanh.ts';
import { transpose } from './transpose.ts';
import type { Op } from './op.ts';

export const allOps: readonly Op[] = [
  constant,
  size,
  iota,
  random,
  neg,
  exp,
  log,
  tanh,
  sigmoid,
  softplus,
  sqrt,
  abs,
  sign,
  sin,
  cos,
  erf,
  floor,
  not,
  stopGradient,
  cast,
  add,
  sub,
  mul,
  div,
  pow,
  max,
  min,
  less,
  lessEqual,
  equal,
  and,
  or,
  select,
  broadcast,
  reshape,
  transpose,
  concat,
  slice,
  pad,
  reverse,
  reduceSum,
  reduceMax,
  argMax,
  dot,
  gather,
  scatterAdd,
  scan,
];

const byName: ReadonlyMap<string, Op> = new Map(allOps.map((op) => [op.name, op]));

/** The record of an op; an unknown name is a compiler bug. */
export function opNamed(name: string): Op {
  const op = byName.get(name);
  if (op === undefined) throw new CompilerBug('ops', `there is no op ${name}`);
  return op;
}
