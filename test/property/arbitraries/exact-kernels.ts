/**
 * Random kernels that every target must run to the same bits: the kernels of kernels.ts for one
 * invocation, with each division, shift and loop made to end well, and each f32 a whole number from
 * 0 below 1024, so that no product is rounded and what a target may round is taken away at once.
 * Every value that gets a name also goes to a buffer more, the last, so that none is lost. With any
 * f32 instead, bits are the same on targets that round each operation once.
 */
import type * as fc from 'fast-check';
import * as k from '../../../compiler/kernel/build.ts';
import { mapExpression } from '../../../compiler/kernel/walk.ts';
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { kernels, type KernelWithFunctions } from './kernels.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;
type Unary = Extract<Expression, { kind: 'unary' }>;

export const exactKernels: fc.Arbitrary<KernelWithFunctions> = kernels.map((drawn) =>
  seenThrough(drawn, exact, (x) => k.unary('toInt', x)),
);

/** Of any f32, NaN, infinities and denormals too. */
export const roundedKernels: fc.Arbitrary<KernelWithFunctions> = kernels.map((drawn) =>
  seenThrough(drawn, defined, bitsOf),
);

type Change = (e: Expression) => Expression;

/** `asInt` is what is seen of an f32. */
function seenThrough(
  { kernel, functions }: KernelWithFunctions,
  change: Change,
  asInt: Change,
): KernelWithFunctions {
  const body = [seenSoFar, ...new Seeing(change, asInt).statements(kernel.body)];
  const buffers = [...kernel.buffers, seen];
  return {
    kernel: { ...kernel, workgroup: [1, 1, 1], buffers, body },
    functions: functions.map((f) => {
      const lets = f.lets.map(({ name, value }) => ({ name, value: change(value) }));
      return { ...f, lets, result: change(f.result) };
    }),
  };
}

const seen = { name: 'all that was seen', element: 'i32', access: 'write' } as const;
const soFar = k.local('seen so far', 'i32');
const seenSoFar: Statement = { kind: 'var', name: 'seen so far', value: k.int(0) };

class Seeing {
  private readonly change: Change;
  private readonly asInt: Change;
  private loops = 0;

  constructor(change: Change, asInt: Change) {
    this.change = change;
    this.asInt = asInt;
  }

  statements(statements: readonly Statement[]): readonly Statement[] {
    return statements.flatMap((s) => this.statement(s));
  }

  private statement(s: Statement): readonly Statement[] {
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'assign': {
        const value = this.change(s.value);
        return [{ ...s, value }, ...this.see(k.local(s.name, k.typeOf(value)))];
      }
      case 'store':
        return [{ ...s, index: this.change(s.index), value: this.change(s.value) }];
      case 'for': {
        const body = this.statements(s.body);
        const from = k.binary('bitAnd', this.change(s.from), k.int(7));
        return [{ ...s, from, to: this.change(s.to), step: this.change(s.step), body }];
      }
      case 'while':
        return this.loop(this.change(s.condition), this.statements(s.body));
      case 'if': {
        const [then, otherwise] = [this.statements(s.then), this.statements(s.otherwise)];
        return [{ ...s, condition: this.change(s.condition), then, otherwise }];
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

  /** The value goes into the next element, or four. */
  private see(value: Expression): Statement[] {
    const type = k.typeOf(value);
    if (type === 'f32x4') {
      return ([0, 1, 2, 3] as const).flatMap((of) => this.see(k.lane(value, of)));
    }
    const asInt = {
      i32: () => value,
      f32: () => this.asInt(value),
      bool: () => k.select(value, k.int(1), k.int(0)),
    };
    const index = k.binary('bitAnd', soFar, k.int(1023));
    return [
      { kind: 'store', memory: seen.name, index, value: asInt[type]() },
      { kind: 'assign', name: 'seen so far', value: k.add(soFar, k.int(1)) },
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

/** Floats are left as they are, but for the bits of a NaN, which may be those of any. */
function defined(root: Expression): Expression {
  return mapExpression(root, (e) => {
    if (e.kind === 'unary' && e.op === 'toBits') return bitsOf(e.x);
    return e.kind === 'binary' && e.type === 'i32' ? exactBinary(e) : e;
  });
}

function bitsOf(x: Expression): Expression {
  return k.unary('toBits', k.select(k.equal(x, x), x, k.float(7)));
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
    case 'fromBytes':
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
