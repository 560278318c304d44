/**
 * Reads an expression of a kernel. The types of memory, of locals and of what functions give come
 * from their declarations; an op on operands that it does not take is for verify.ts to find.
 */
import type {
  BinaryOp,
  Expression,
  MemoryType,
  ScalarType,
  UnaryOp,
  ValueType,
} from '../../runtime/artifact/kernel.ts';
import { typeOf } from './build.ts';
import { binaryType, unaryLevel, unaryNamed, unaryType } from './operators.ts';
import type { Tokens } from './tokens.ts';

export interface Scope {
  readonly memories: Map<string, MemoryType>;
  readonly sizes: Set<string>;
  /** What functions give. */
  readonly calls: Map<string, ScalarType>;
  readonly locals: Map<string, ValueType>;
}

export function emptyScope(): Scope {
  return { memories: new Map(), sizes: new Set(), calls: new Map(), locals: new Map() };
}

/** As far as ops that bind less tightly than `level`. */
export function readExpression(tokens: Tokens, scope: Scope, level = 0): Expression {
  let x = readOperand(tokens, scope);
  for (;;) {
    const infix = tokens.infix(level);
    if (infix === undefined) return x;
    x = binary(infix.op, x, readExpression(tokens, scope, infix.level + 1));
  }
}

/** `a[i]` or `a[i : 4]`, without the name. */
export interface Element {
  readonly index: Expression;
  readonly four: boolean;
  readonly unaligned?: true;
}

export function readIndex(tokens: Tokens, scope: Scope): Element {
  tokens.expect('[');
  const index = readExpression(tokens, scope);
  const four = tokens.accept(':');
  const unaligned = four && tokens.accept(':');
  if (four) tokens.expect('4');
  tokens.expect(']');
  return { index, four, ...(unaligned ? { unaligned } : {}) };
}

export function readValueType(tokens: Tokens): ValueType {
  return tokens.acceptWord('f32x4') ? 'f32x4' : readScalarType(tokens);
}

export function readScalarType(tokens: Tokens): ScalarType {
  return tokens.acceptWord('bool') ? 'bool' : readMemoryType(tokens);
}

export function readMemoryType(tokens: Tokens): MemoryType {
  if (tokens.acceptWord('f32')) return 'f32';
  if (tokens.acceptWord('i32')) return 'i32';
  throw tokens.unexpected('a type');
}

function unary(op: UnaryOp, x: Expression): Expression {
  return { kind: 'unary', op, x, type: unaryType(op, typeOf(x)) ?? typeOf(x) };
}

function binary(op: BinaryOp, x: Expression, y: Expression): Expression {
  return { kind: 'binary', op, x, y, type: binaryType(op, typeOf(x)) ?? typeOf(x) };
}

function readOperand(tokens: Tokens, scope: Scope): Expression {
  const digits = tokens.digits();
  if (digits !== undefined) return readNumber(digits);
  if (tokens.accept('(')) {
    const e = readExpression(tokens, scope);
    tokens.expect(')');
    return e;
  }
  // Anything that binds as tightly as a prefix is an operand.
  if (tokens.accept('-')) return unary('neg', readExpression(tokens, scope, unaryLevel));
  if (tokens.accept('!')) return unary('not', readExpression(tokens, scope, unaryLevel));
  const word = tokens.peekWord();
  return word === undefined ? readNamed(tokens, scope) : readWord(tokens, scope, word);
}

function readNumber(digits: string): Expression {
  const value = digits.endsWith('inf')
    ? digits.startsWith('-')
      ? -Infinity
      : Infinity
    : Number(digits);
  return { kind: 'number', type: /^-?\d+$/.test(digits) ? 'i32' : 'f32', value };
}

function readNamed(tokens: Tokens, scope: Scope): Expression {
  const name = tokens.name('an expression');
  if (tokens.at('[')) {
    const element = scope.memories.get(name);
    if (element === undefined) throw tokens.wrong(`${name} is no memory here`);
    const { four, ...at } = readIndex(tokens, scope);
    return { kind: 'load', memory: name, ...at, type: four ? 'f32x4' : element };
  }
  if (tokens.at('(')) {
    const type = scope.calls.get(name);
    if (type === undefined) throw tokens.wrong(`${name} is no function here`);
    const operands = readOperands(tokens, scope);
    const byFours = operands.some((operand) => typeOf(operand) === 'f32x4');
    return { kind: 'call', function: name, arguments: operands, type: byFours ? 'f32x4' : type };
  }
  const type = scope.locals.get(name);
  if (type !== undefined) return { kind: 'local', name, type };
  if (scope.sizes.has(name)) return { kind: 'size', name };
  throw tokens.wrong(`${name} is not declared here`);
}

function readOperands(tokens: Tokens, scope: Scope): readonly Expression[] {
  return tokens.list('(', ')', () => readExpression(tokens, scope));
}

function readWord(tokens: Tokens, scope: Scope, word: string): Expression {
  switch (word) {
    case 'true':
    case 'false':
      tokens.expectWord(word);
      return { kind: 'number', type: 'bool', value: word === 'true' ? 1 : 0 };
    case 'nan':
      tokens.expectWord(word);
      return { kind: 'number', type: 'f32', value: NaN };
    case 'step':
      tokens.expectWord(word);
      return { kind: 'step' };
    case 'lane':
      return readLane(tokens, scope);
    case 'pack':
      tokens.expectWord(word);
      return { kind: 'pack', parts: readOperands(tokens, scope) };
    case 'min':
    case 'max':
    case 'select':
      return readBuiltIn(tokens, scope, word);
    default: {
      const op = unaryNamed(word);
      return op === undefined ? readPlace(tokens) : readUnary(tokens, scope, op);
    }
  }
}

function readUnary(tokens: Tokens, scope: Scope, op: UnaryOp): Expression {
  tokens.expectWord(op);
  const [x, ...rest] = readOperands(tokens, scope);
  if (x === undefined || rest.length > 0) throw tokens.wrong(`${op} takes one operand`);
  return unary(op, x);
}

function readBuiltIn(tokens: Tokens, scope: Scope, word: 'min' | 'max' | 'select'): Expression {
  tokens.expectWord(word);
  const [x, y, z, ...rest] = readOperands(tokens, scope);
  if (word === 'select') {
    if (x === undefined || y === undefined || z === undefined || rest.length > 0) {
      throw tokens.wrong('select takes three operands');
    }
    return { kind: 'select', condition: x, yes: y, no: z, type: typeOf(y) };
  }
  if (x === undefined || y === undefined || z !== undefined) {
    throw tokens.wrong(`${word} takes two operands`);
  }
  return binary(word, x, y);
}

function readLane(tokens: Tokens, scope: Scope): Expression {
  tokens.expectWord('lane');
  tokens.expect('(');
  const x = readExpression(tokens, scope);
  tokens.expect(',');
  const lane = tokens.whole('a lane');
  if (lane !== 0 && lane !== 1 && lane !== 2 && lane !== 3)
    throw tokens.wrong(`there is no lane ${lane}`);
  tokens.expect(')');
  return { kind: 'lane', x, lane };
}

function readPlace(tokens: Tokens): Expression {
  for (const of of ['workgroup', 'invocation'] as const) {
    for (const [axis, letter] of [
      [0, 'x'],
      [1, 'y'],
      [2, 'z'],
    ] as const) {
      if (tokens.acceptWord(`${of}.${letter}`)) return { kind: 'place', of, axis };
    }
  }
  throw tokens.unexpected('an expression');
}
