/**
 * One of two f32 by a comparison of two others. What `select` does by a bool for a single number,
 * these do for each of four, of which there are no bools.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { equal, less, lessEqual, local, select } from '../build.ts';
import { define } from './define.ts';

export const whereLess: KernelFunction = where('whereLess', less);
export const whereLessEqual: KernelFunction = where('whereLessEqual', lessEqual);
export const whereEqual: KernelFunction = where('whereEqual', equal);

function where(
  name: string,
  compare: (x: Expression, y: Expression) => Expression,
): KernelFunction {
  const [x, y] = [local('x', 'f32'), local('y', 'f32')];
  const [yes, no] = [local('yes', 'f32'), local('no', 'f32')];
  return define(name, { x: 'f32', y: 'f32', yes: 'f32', no: 'f32' }, () =>
    select(compare(x, y), yes, no),
  );
}
