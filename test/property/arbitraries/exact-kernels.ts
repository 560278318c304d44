/**
 * Random kernels that every target must run to the same bits: the kernels of kernels.ts for one
 * invocation, with each division, shift and loop made to end well, and each f32 a whole number from
 * 0 below 1024, so that no product is rounded and what a target may round is taken away at once.
 * Every value that gets a name also goes to a buffer more, the last, so that none is lost.
 */
import type * as fc from 'fast-check';
import * as k from '../../../compiler/kernel/build.ts';
import { mapExpression } from '../../../compiler/kernel/walk.ts';
import type { Expression, KernelFunction, Statement } from '../../../runtime/artifact/kernel.ts';
import { kernels, type KernelWithFunctions } from './kernels.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;
type Unary = Extract<Expression, { kind: 'unary' }>;

export const exactKernels: fc.Arbitrary<KernelWithFunctions> = kernels.map(
  ({ kernel, functions }) => {
    const body = [seenSoFar, ...new Exact().statements(kernel.body)];
    const buffers = [...kernel.buffers, seen];
    return {
      kernel: { ...kernel, workgroup: [1, 1, 1], buffers, body },
      functions: functions.map(exactFunction),
    };
  },
);

const seen = { name: 'all that was seen', element: 'i32', access: 'write' } as const;
const soFar = k.local('seen so far', 'i32');
const seenSoFar: Statement = { kind: 'var', name: 'seen so far', value: k.int(0) };

/** The value goes into the next element, or four. */
function see(value: Expression): Statement[] {
  const type = k.typeOf(value);
  if (type === 'f32x4') return ([0, 1, 2, 3] as const).flatMap((of) => see(k.lane(value, of)));
  const asInt = {
    i32: () => value,
    f32: () => k.unary('toInt', value),
    bool: () => k.select(value, k.int(1), k.int(0)),
  };
  const index = k.binary('bitAnd', soFar, k.int(1023));
  return [
    { kind: 'store', memory: seen.name, index, value: asInt[type]() },
    { kind: 'assign', name: 'seen so far', value: k.add(soFar, k.int(1)) },
  ];
}

function exactFunction(f: KernelFunction): KernelFunction {
  const lets = f.lets.map(({ name, value }) => ({ name, value: exact(value) }));
  return { ...f, lets, result: exact(f.result) };
}

class Exact {
  private loops = 0;

  statements(statements: readonly Statement[]): readonly Statement[] {
    return statements.flatMap((s) => this.statement(s));
  }

  private statement(s: Statement): readonly Statement[] {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'assign': {
        const value = exact(s.value);
        return [{ ...s, value }, ...see(k.local(s.name, k.typeOf(value)))];
      }
      case 'store':
        return [{ ...s, index: exact(s.index), value: exact(s.value) }];
      case 'for': {
        const body = this.statements(s.body);
        const from = k.binary('bitAnd', exact(s.from), k.int(7));
        return [{ ...s, from, to: exact(s.to), step: exact(s.step), body }];
      }
      case 'while':
        return this.loop(exact(s.condition), this.statements(s.body));
      case 'if': {
        const [then, otherwise] = [this.statements(s.then), this.statements(s.otherwise)];
        return [{ ...s, condition: exact(s.condition), then, otherwise }];
      }
      case 'barrier':
      case 'comment':
        return [s];
    }
    s satisfies never;
  }

  /** Three turns at the most. */
  private loop(condition: Expression, body: readonly Statement[]): readonly Statement[] {
    const name = `turns left ${this.loops++}`;
    const left = k.local(name, 'i32');
    const again = k.and(k.less(k.int(0), left), condition);
    const turn: Statement = { kind: 'assign', name, value: k.sub(left, k.int(1)) };
    return [
      { kind: 'var', name, value: k.int(3) },
      { kind: 'while', condition: again, body: [turn, ...body] },
    ];
  }
}

function exact(root: Expression): Expression {
  return mapExpression(root, (e) => {
    if (e.kind === 'number' && e.type === 'f32') return k.float(wholeNumber(e.value));
    if (e.kind === 'unary') return exactUnary(e);
    if (e.kind === 'binary') return exactBinary(e);
    return e;
  });
}

function wholeNumber(value: number): number {
  return Number.isFinite(value) ? Math.abs(Math.trunc(value)) % 1024 : 7;
}

function exactUnary(e: Unary): Expression {
  switch (e.op) {
    case 'neg':
    case 'floor':
      return e.type === 'i32' ? e : below1024(e);
    case 'sqrt':
      return below1024(k.unary('floor', k.add(k.unary('sqrt', e.x), constant(0.5, e))));
    case 'toFloat':
    case 'fromBits':
      return k.unary('toFloat', k.binary('bitAnd', e.x, k.int(1023)));
    case 'toBits':
      // Of 0, and not of -0.
      return k.unary('toBits', k.unary('abs', e.x));
    case 'abs':
    case 'not':
    case 'toInt':
    case 'splat':
      return e;
  }
  e.op satisfies never;
}

function exactBinary(e: Binary): Expression {
  const { op, x, y } = e;
  if (e.type === 'f32' || e.type === 'f32x4') {
    if (op === 'min' || op === 'max') return e;
    if (op !== 'div') return below1024(e);
    // Between two quotients of such numbers lies more than what a device may be off by.
    const quotient = k.div(x, k.add(y, constant(1, e)));
    return below1024(k.unary('floor', k.add(quotient, constant(1 / 2048, e))));
  }
  switch (op) {
    case 'div':
      return k.div(x, positive(y));
    case 'mod':
      return k.mod(k.binary('bitAnd', x, k.int(0x7fffffff)), positive(y));
    case 'shiftLeft':
    case 'shiftRight':
      return k.binary(op, x, k.binary('bitAnd', y, k.int(31)));
    default:
      return e;
  }
}

function positive(x: Expression): Expression {
  return k.add(k.binary('bitAnd', x, k.int(255)), k.int(1));
}

/** x modulo 1024, also where x is negative. */
function below1024(x: Expression): Expression {
  const turns = k.unary('floor', k.mul(x, constant(1 / 1024, x)));
  return k.sub(x, k.mul(turns, constant(1024, x)));
}

function constant(value: number, like: Expression): Expression {
  const number = k.float(value);
  return k.typeOf(like) === 'f32x4' ? k.unary('splat', number) : number;
}
