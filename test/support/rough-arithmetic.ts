/**
 * Kernel functions as a graphics device may compute them: every sum of a product is fused, numbers
 * below the normal ones are flushed to 0, quotients are up to 2.5 units of the last place off. The
 * interpreter rounds each operation once instead.
 */
import type { Expression, KernelFunction } from '../../runtime/artifact/kernel.ts';
import { binaryOf, unaryOf } from '../../runtime/interpreter/arithmetic.ts';
import { required } from './op-runs.ts';
import { ulpOf } from './ulps.ts';

type Locals = ReadonlyMap<string, number>;

/** The function of that name, of its arguments in order. */
export function roughly(
  functions: readonly KernelFunction[],
  name: string,
): (...args: readonly number[]) => number {
  const { parameters, lets, result } = required(functions.find((f) => f.name === name));
  const called = new Map<string, (...args: readonly number[]) => number>();
  const call = (other: string): ((...args: readonly number[]) => number) => {
    const known = called.get(other) ?? roughly(functions, other);
    called.set(other, known);
    return known;
  };
  return (...args) => {
    const locals = new Map(parameters.map((p, i) => [p.name, required(args[i])]));
    for (const { name: letName, value } of lets) {
      locals.set(letName, evaluate(value, locals, call));
    }
    return evaluate(result, locals, call);
  };
}

type Call = (name: string) => (...args: readonly number[]) => number;

function evaluate(e: Expression, locals: Locals, call: Call): number {
  const of = (part: Expression): number => evaluate(part, locals, call);
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'local':
      return required(locals.get(e.name));
    case 'unary': {
      const x = of(e.x);
      return flushed(required(unaryOf(e.op, e.type))(() => x)(), e);
    }
    case 'binary':
      return flushed(binary(e, of), e);
    case 'select':
      return of(e.condition) === 1 ? of(e.yes) : of(e.no);
    case 'call':
      return call(e.function)(...e.arguments.map(of));
    default:
      throw new Error(`${e.kind} in a function`);
  }
}

function binary(
  e: Extract<Expression, { readonly kind: 'binary' }>,
  of: (part: Expression) => number,
): number {
  if (e.type === 'f32' && (e.op === 'add' || e.op === 'sub')) {
    return Math.fround(
      e.op === 'add' ? exact(e.x, of) + exact(e.y, of) : exact(e.x, of) - exact(e.y, of),
    );
  }
  const [x, y] = [of(e.x), of(e.y)];
  const result = required(binaryOf(e.op, e.type))(
    () => x,
    () => y,
  )();
  if (e.op !== 'div' || e.type !== 'f32' || !Number.isFinite(result)) return result;
  // Some way up or down that is anyone's guess, but the same each time.
  return Math.fround(result + (((Math.abs(result) * 1e9) % 5) - 2.5) * ulpOf(result));
}

/** A product is not rounded before it is added to something; in f64 it is exact. */
function exact(e: Expression, of: (part: Expression) => number): number {
  return e.kind === 'binary' && e.op === 'mul' ? of(e.x) * of(e.y) : of(e);
}

function flushed(value: number, e: Expression): number {
  const isFloat = 'type' in e && e.type === 'f32' && !(e.kind === 'unary' && e.op === 'fromBits');
  return isFloat && Math.abs(value) < 2 ** -126 ? 0 : value;
}
