/**
 * How the functions of this folder are written down: a body that names its intermediate results as
 * it goes, and polynomials.
 */
import type { Expression, KernelFunction, ScalarType } from '../../../runtime/artifact/kernel.ts';
import { add, float, local, mul, typeOf } from '../build.ts';
import { CompilerBug } from '../../base/bug.ts';

/** Gives a value a name, unique in its function, and returns what stands for it. */
export type Named = (name: string, value: Expression) => Expression;

export function defineUnary(
  name: string,
  body: (x: Expression, named: Named) => Expression,
): KernelFunction {
  const x = local('x', 'f32');
  return define(name, { x: 'f32' }, (named) => body(x, named));
}

export function defineBinary(
  name: string,
  body: (x: Expression, y: Expression, named: Named) => Expression,
): KernelFunction {
  const [x, y] = [local('x', 'f32'), local('y', 'f32')];
  return define(name, { x: 'f32', y: 'f32' }, (named) => body(x, y, named));
}

/** The body refers to the parameters as locals of their names. */
export function define(
  name: string,
  parameters: Readonly<Record<string, ScalarType>>,
  body: (named: Named) => Expression,
): KernelFunction {
  const lets: { name: string; value: Expression }[] = [];
  const result = body((letName, value) => {
    const type = typeOf(value);
    if (type === 'f32x4') throw new CompilerBug('math', `${letName} of ${name} is a vector`);
    lets.push({ name: letName, value });
    return local(letName, type);
  });
  return {
    name,
    parameters: Object.entries(parameters).map(([parameter, type]) => ({ name: parameter, type })),
    lets,
    result,
  };
}

/** c0 + x (c1 + x (c2 + …)). */
export function polynomial(x: Expression, coefficients: readonly number[]): Expression {
  const [last = 0, ...rest] = coefficients.toReversed();
  return rest.reduce<Expression>((sum, c) => add(mul(sum, x), number(c)), number(last));
}

/** The nearest f32. */
export function number(value: number): Expression {
  return float(Math.fround(value));
}
