/** Sizes of a program as JavaScript, exact up to 2^53 like `evaluateSize`. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Dim } from '../../runtime/artifact/size.ts';
import { CompilerBug } from '../base/bug.ts';

/** A dimension as an expression. */
export function dimExpression({ constant, terms }: Dim): Expression {
  const number = (value: number): Expression => ({ kind: 'number', value, type: 'i32' });
  const parts = terms.map(({ symbol, coefficient }): Expression => {
    const size: Expression = { kind: 'size', name: symbol };
    return coefficient === 1 ? size : binaryOf('mul', number(coefficient), size);
  });
  const all = constant === 0 && parts.length > 0 ? parts : [...parts, number(constant)];
  return all.reduce((x, y) => binaryOf('add', x, y));
}

function binaryOf(op: 'add' | 'mul', x: Expression, y: Expression): Expression {
  return { kind: 'binary', op, x, y, type: 'i32' };
}

/** `names`: what each symbol is called there. */
export function sizeCode(e: Expression, names: ReadonlyMap<string, string>): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'size':
      return names.get(e.name) ?? unknown(e.name);
    case 'binary': {
      const [x, y] = [sizeCode(e.x, names), sizeCode(e.y, names)];
      return binary(e.op, x, y);
    }
    default:
      return unknown(e.kind);
  }
}

function binary(op: string, x: string, y: string): string {
  switch (op) {
    case 'add':
      return `(${x} + ${y})`;
    case 'sub':
      return `(${x} - ${y})`;
    case 'mul':
      return x === '1' ? y : y === '1' ? x : `(${x} * ${y})`;
    case 'div':
      return `Math.trunc(${x} / ${y})`;
    case 'mod':
      return `(${x} % ${y})`;
    case 'min':
    case 'max':
      return `Math.${op}(${x}, ${y})`;
    default:
      return unknown(op);
  }
}

function unknown(what: string): never {
  throw new CompilerBug('bundle', `${what} is no part of a size`);
}
