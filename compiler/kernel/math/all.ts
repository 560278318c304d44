/**
 * The functions that kernels may call, one set of formulas for all targets: made of additions,
 * products, quotients and operations on bits only, so that two targets differ by no more than how
 * they round those. How far each is from the true value stands in specs/numerics.md.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { decay } from './decay.ts';
import { erf } from './erf.ts';
import { exp } from './exp.ts';
import { maximum, minimum } from './extremes.ts';
import { log } from './log.ts';
import { pow } from './pow.ts';
import { sigmoid } from './sigmoid.ts';
import { cos, sin } from './sin-cos.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';
import { uniform } from './uniform.ts';
import { whereEqual, whereLess, whereLessEqual } from './where.ts';

/** Each stands after those that it calls. */
export const mathFunctions: readonly KernelFunction[] = [
  exp,
  decay,
  log,
  tanh,
  sigmoid,
  softplus,
  sin,
  cos,
  erf,
  pow,
  maximum,
  minimum,
  whereLess,
  whereLessEqual,
  whereEqual,
  uniform,
];
