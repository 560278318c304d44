/**
 * Reads kernels and functions in their text form (specs/ir/kernel.md), for tests, goldens and
 * tools: what print.ts has written comes back equal. Text that is no kernel throws a CompilerBug
 * with the line; whether the kernel makes sense is for verify.ts to say.
 */
import type {
  Expression,
  Kernel,
  KernelArray,
  KernelBuffer,
  KernelFunction,
  ScalarType,
  Statement,
} from '../../runtime/artifact/kernel.ts';
import { typeOf } from './build.ts';
import {
  emptyScope,
  readExpression,
  readIndex,
  readMemoryType,
  readScalarType,
  readValueType,
  type Scope,
} from './read-expression.ts';
import { Tokens } from './tokens.ts';

export function readKernel(text: string): Kernel {
  const tokens = new Tokens(text);
  const kernel = readKernelAt(tokens);
  if (!tokens.atEnd) throw tokens.unexpected('the end');
  return kernel;
}

interface Head {
  readonly buffers: KernelBuffer[];
  readonly sizes: string[];
  readonly shared: KernelArray[];
  readonly registers: KernelArray[];
}

/** The kernel that begins here. */
export function readKernelAt(tokens: Tokens): Kernel {
  tokens.expectWord('kernel');
  const name = tokens.name();
  tokens.expectWord('workgroup');
  const [x, y, z, ...rest] = tokens.list('(', ')', () => tokens.whole('a count'));
  if (x === undefined || y === undefined || z === undefined || rest.length > 0) {
    throw tokens.wrong('a workgroup has three axes');
  }
  tokens.expect('{');
  const scope = emptyScope();
  const head = readHead(tokens, scope);
  const body = readStatements(tokens, scope);
  return { name, ...head, workgroup: [x, y, z], body };
}

/** Functions that stand before it are in `calls`. */
export function readFunctionAt(tokens: Tokens, calls: Map<string, ScalarType>): KernelFunction {
  tokens.expectWord('function');
  const name = tokens.name();
  const scope = { ...emptyScope(), calls };
  const parameters = tokens.list('(', ')', () => {
    const parameter = { name: readColon(tokens), type: readScalarType(tokens) };
    scope.locals.set(parameter.name, parameter.type);
    return parameter;
  });
  tokens.expect(':');
  const type = readScalarType(tokens);
  tokens.expect('{');
  const lets: { name: string; value: Expression }[] = [];
  while (tokens.acceptWord('let')) lets.push(readDefinition(tokens, scope));
  tokens.expectWord('return');
  const result = readExpression(tokens, scope);
  if (typeOf(result) !== type) throw tokens.wrong(`${typeOf(result)} and not ${type}`);
  tokens.expect('}');
  return { name, parameters, lets, result };
}

/** A name and the colon before its type. */
export function readColon(tokens: Tokens): string {
  const name = tokens.name();
  tokens.expect(':');
  return name;
}

function readHead(tokens: Tokens, scope: Scope): Head {
  const head: Head = { buffers: [], sizes: [], shared: [], registers: [] };
  for (;;) {
    if (tokens.acceptWord('buffer')) {
      head.buffers.push(readBuffer(tokens, scope));
    } else if (tokens.acceptWord('size')) {
      const name = tokens.name();
      head.sizes.push(name);
      scope.sizes.add(name);
    } else if (tokens.acceptWord('shared')) {
      head.shared.push(readArray(tokens, scope));
    } else if (tokens.acceptWord('registers')) {
      head.registers.push(readArray(tokens, scope));
    } else if (tokens.acceptWord('calls')) {
      scope.calls.set(readColon(tokens), readScalarType(tokens));
    } else {
      return head;
    }
  }
}

function readBuffer(tokens: Tokens, scope: Scope): KernelBuffer {
  const name = readColon(tokens);
  const element = readMemoryType(tokens);
  scope.memories.set(name, element);
  for (const access of ['read', 'write', 'readWrite'] as const) {
    if (tokens.acceptWord(access)) return { name, element, access };
  }
  throw tokens.unexpected('read, write or readWrite');
}

function readArray(tokens: Tokens, scope: Scope): KernelArray {
  const name = readColon(tokens);
  const element = readMemoryType(tokens);
  scope.memories.set(name, element);
  tokens.expect('[');
  const length = tokens.whole('a length');
  tokens.expect(']');
  return { name, element, length };
}

/** As far as the brace that closes them; what they define is seen by those after them. */
function readStatements(tokens: Tokens, outer: Scope): readonly Statement[] {
  const scope = { ...outer, locals: new Map(outer.locals) };
  const statements: Statement[] = [];
  while (!tokens.accept('}')) statements.push(readStatement(tokens, scope));
  return statements;
}

function readBlock(tokens: Tokens, scope: Scope): readonly Statement[] {
  tokens.expect('{');
  return readStatements(tokens, scope);
}

function readStatement(tokens: Tokens, scope: Scope): Statement {
  const text = tokens.comment();
  if (text !== undefined) return { kind: 'comment', text };
  if (tokens.acceptWord('let')) return { kind: 'let', ...readDefinition(tokens, scope) };
  if (tokens.acceptWord('var')) return { kind: 'var', ...readDefinition(tokens, scope) };
  if (tokens.acceptWord('for')) return readFor(tokens, scope);
  if (tokens.acceptWord('if')) return readIf(tokens, scope);
  if (tokens.acceptWord('barrier')) return { kind: 'barrier' };
  if (tokens.acceptWord('while')) {
    const condition = readExpression(tokens, scope);
    return { kind: 'while', condition, body: readBlock(tokens, scope) };
  }
  return readAssignment(tokens, scope);
}

function readDefinition(tokens: Tokens, scope: Scope): { name: string; value: Expression } {
  const name = readColon(tokens);
  const type = readValueType(tokens);
  tokens.expect('=');
  const value = readExpression(tokens, scope);
  if (typeOf(value) !== type) throw tokens.wrong(`${typeOf(value)} and not ${type}`);
  scope.locals.set(name, type);
  return { name, value };
}

function readAssignment(tokens: Tokens, scope: Scope): Statement {
  const name = tokens.name('a statement');
  if (!tokens.at('[')) {
    tokens.expect('=');
    return { kind: 'assign', name, value: readExpression(tokens, scope) };
  }
  const { four, ...at } = readIndex(tokens, scope);
  tokens.expect('=');
  const value = readExpression(tokens, scope);
  if (four !== (typeOf(value) === 'f32x4'))
    throw tokens.wrong(`one number for four, or four for one`);
  return { kind: 'store', memory: name, ...at, value };
}

function readFor(tokens: Tokens, scope: Scope): Statement {
  const variable = tokens.name();
  tokens.expect('=');
  const from = readExpression(tokens, scope);
  tokens.expectWord('to');
  const to = readExpression(tokens, scope);
  const step: Expression = tokens.acceptWord('step')
    ? readExpression(tokens, scope)
    : { kind: 'number', type: 'i32', value: 1 };
  const locals = new Map(scope.locals).set(variable, 'i32');
  return { kind: 'for', variable, from, to, step, body: readBlock(tokens, { ...scope, locals }) };
}

function readIf(tokens: Tokens, scope: Scope): Statement {
  const condition = readExpression(tokens, scope);
  const then = readBlock(tokens, scope);
  return { kind: 'if', condition, then, otherwise: readElse(tokens, scope) };
}

function readElse(tokens: Tokens, scope: Scope): readonly Statement[] {
  if (!tokens.acceptWord('else')) return [];
  return tokens.acceptWord('if') ? [readIf(tokens, scope)] : readBlock(tokens, scope);
}
