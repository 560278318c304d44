/**
 * Quotients and remainders of i32 that never trap. By 0 something comes out: a number is divided by
 * 1 instead. -2^31 by -1 wraps, as -x does.
 */
import type { Code } from './code.ts';
import { op } from './opcodes.ts';

export interface Operand {
  readonly emit: () => void;
  /** Known not to be negative. */
  readonly natural?: boolean;
  /** The number that it always is. */
  readonly constant?: number;
}

export function emitQuotientOf(name: 'div' | 'mod', x: Operand, y: Operand, code: Code): void {
  // A remainder is asked of numbers that are not negative alone.
  const unsigned = name === 'mod' || (x.natural === true && y.natural === true);
  const instruction = name === 'mod' ? op.i32RemU : unsigned ? op.i32DivU : op.i32DivS;
  if (y.constant !== undefined && y.constant > 0) {
    x.emit();
    const shift = Math.log2(y.constant);
    const bits = unsigned && Number.isInteger(shift);
    code.i32(!bits ? y.constant : name === 'mod' ? y.constant - 1 : shift);
    return code.op(!bits ? instruction : name === 'mod' ? op.i32And : op.i32ShrU);
  }
  if (!unsigned && x.natural !== true && y.natural !== true) return emitSigned(x, y, code);
  x.emit();
  const divisor = code.local('i32');
  y.emit();
  code.tee(divisor);
  code.get(divisor);
  code.op(op.i32Eqz);
  code.op(op.i32Or);
  code.release(divisor);
  code.op(instruction);
}

/** Where the divisor is -1 or 0, the product with it: -x, which wraps, or something. */
function emitSigned(x: Operand, y: Operand, code: Code): void {
  const [dividend, divisor] = [code.local('i32'), code.local('i32')];
  x.emit();
  code.set(dividend);
  y.emit();
  code.tee(divisor);
  code.i32(1);
  code.op(op.i32Add);
  code.i32(2);
  code.op(op.i32LtU);
  code.open(op.if, 'i32');
  code.get(dividend);
  code.get(divisor);
  code.op(op.i32Mul);
  code.op(op.else);
  code.get(dividend);
  code.get(divisor);
  code.op(op.i32DivS);
  code.end();
  code.release(dividend);
  code.release(divisor);
}
