/**
 * Names and types of a kernel or a function: everything is declared before it is used and once
 * among all that can be seen, every op has operands that it takes, memory is used as declared.
 */
import type {
  Expression,
  Kernel,
  KernelFunction,
  MemoryType,
  Statement,
  ValueType,
} from '../../runtime/artifact/kernel.ts';
import { Breach } from './breach.ts';
import { typeOf } from './build.ts';
import { binaryType, unaryType } from './operators.ts';
import { printExpression } from './print-expression.ts';
import { someExpression, visitStatements } from './walk.ts';

interface Memory {
  readonly element: MemoryType;
  readonly space: 'buffer' | 'array';
  readonly readable: boolean;
  readonly writable: boolean;
}

interface Local {
  readonly type: ValueType;
  readonly variable: boolean;
}

/** What can be seen at a place of the text. */
interface Scope {
  /** Nothing where there is no memory, no size and no place: in a function. */
  readonly kernel: { readonly memories: ReadonlyMap<string, Memory>; readonly sizes: Sizes } | null;
  readonly functions: ReadonlyMap<string, KernelFunction>;
  readonly locals: Map<string, Local>;
}

type Sizes = ReadonlySet<string>;
type For = Extract<Statement, { kind: 'for' }>;
type Call = Extract<Expression, { kind: 'call' }>;
type NumberExpression = Extract<Expression, { kind: 'number' }>;

export function checkKernelTypes(
  kernel: Kernel,
  functions: ReadonlyMap<string, KernelFunction>,
): void {
  const memories = new Map<string, Memory>();
  for (const { name, element, access } of kernel.buffers) {
    const [readable, writable] = [access !== 'write', access !== 'read'];
    memories.set(name, { element, space: 'buffer', readable, writable });
  }
  for (const { name, element } of [...kernel.shared, ...kernel.registers]) {
    memories.set(name, { element, space: 'array', readable: true, writable: true });
  }
  const scope = { kernel: { memories, sizes: new Set(kernel.sizes) }, functions };
  checkBlock(kernel.body, { ...scope, locals: new Map() });
}

/** `earlier` are the functions that it may call. */
export function checkFunctionTypes(
  { parameters, lets, result }: KernelFunction,
  earlier: ReadonlyMap<string, KernelFunction>,
): void {
  const scope: Scope = { kernel: null, functions: earlier, locals: new Map() };
  for (const { name, type } of parameters) define(name, { type, variable: false }, scope);
  for (const { name, value } of lets) defineValue(name, value, false, scope);
  check(result, scope);
}

function checkBlock(statements: readonly Statement[], outer: Scope): void {
  const scope = { ...outer, locals: new Map(outer.locals) };
  for (const statement of statements) checkStatement(statement, scope);
}

function checkStatement(s: Statement, scope: Scope): void {
  switch (s.kind) {
    case 'let':
    case 'var':
      return defineValue(s.name, s.value, s.kind === 'var', scope);
    case 'assign': {
      const local = scope.locals.get(s.name);
      if (local?.variable !== true) throw new Breach(`${s.name} is assigned and is no var`);
      return expect(s.value, local.type, scope);
    }
    case 'store': {
      const memory = memoryNamed(s.memory, scope);
      if (!memory.writable) throw new Breach(`${s.memory} is stored to and may only be read`);
      expect(s.index, 'i32', scope);
      const four = memory.element === 'f32' && typeOf(s.value) === 'f32x4';
      checkAlignment(s, memory, four);
      return expect(s.value, four ? 'f32x4' : memory.element, scope);
    }
    case 'for':
      return checkFor(s, scope);
    case 'while':
      expect(s.condition, 'bool', scope);
      return checkBlock(s.body, scope);
    case 'if':
      expect(s.condition, 'bool', scope);
      checkBlock(s.then, scope);
      return checkBlock(s.otherwise, scope);
    case 'barrier':
    case 'comment':
      return;
  }
  s satisfies never;
}

/** A loop's end and step are the same at every turn, so that it does not matter who asks when. */
function checkFor(s: For, scope: Scope): void {
  for (const e of [s.from, s.to, s.step]) expect(e, 'i32', scope);
  if (s.step.kind === 'number' && s.step.value <= 0) {
    throw new Breach(`the step of the loop over ${s.variable} is ${s.step.value}`);
  }
  const [assigned, stored] = [new Set<string>(), new Set<string>()];
  visitStatements(s.body, {
    statement: (inner) => {
      if (inner.kind === 'assign') assigned.add(inner.name);
      if (inner.kind === 'store') stored.add(inner.memory);
    },
  });
  const changes = (e: Expression): boolean =>
    (e.kind === 'load' && stored.has(e.memory)) || (e.kind === 'local' && assigned.has(e.name));
  for (const e of [s.to, s.step]) {
    if (someExpression(e, changes)) {
      throw new Breach(`${printExpression(e)} may change in the loop over ${s.variable}`);
    }
  }
  const inside = { ...scope, locals: new Map(scope.locals) };
  define(s.variable, { type: 'i32', variable: false }, inside);
  checkBlock(s.body, inside);
}

function define(name: string, local: Local, { kernel, locals }: Scope): void {
  if (locals.has(name)) throw new Breach(`${name} is defined twice`);
  if (kernel?.sizes.has(name) === true) throw new Breach(`${name} is a size already`);
  locals.set(name, local);
}

function defineValue(name: string, value: Expression, variable: boolean, scope: Scope): void {
  check(value, scope);
  define(name, { type: typeOf(value), variable }, scope);
}

/** Only what is outside a kernel may hold fours anywhere. */
function checkAlignment(
  at: { readonly memory: string; readonly unaligned?: true },
  { space }: Memory,
  four: boolean,
): void {
  if (at.unaligned !== true || (four && space === 'buffer')) return;
  throw new Breach(`${at.memory} is no buffer of f32 to take four numbers of at any index`);
}

function memoryNamed(name: string, { kernel }: Scope): Memory {
  const memory = kernel?.memories.get(name);
  if (memory === undefined) throw new Breach(`there is no memory ${name}`);
  return memory;
}

function expect(e: Expression, type: ValueType, scope: Scope): void {
  check(e, scope);
  if (typeOf(e) !== type) {
    throw new Breach(`${printExpression(e)} is ${typeOf(e)}, expected ${type}`);
  }
}

/** Whether the type that the expression has is the one that it says. */
function demand(e: Expression, type: ValueType | undefined, of: readonly Expression[]): void {
  if (type === undefined) {
    throw new Breach(`${printExpression(e)}: no such op of ${of.map(typeOf).join(' and ')}`);
  }
  if (typeOf(e) !== type) {
    throw new Breach(`${printExpression(e)} says that it is ${typeOf(e)}, it is ${type}`);
  }
}

function check(e: Expression, scope: Scope): void {
  switch (e.kind) {
    case 'number':
      return checkNumber(e);
    case 'local': {
      const local = scope.locals.get(e.name);
      if (local === undefined) throw new Breach(`${e.name} is not defined here`);
      return demand(e, local.type, []);
    }
    case 'size':
      if (scope.kernel?.sizes.has(e.name) === true) return;
      throw new Breach(`the size ${e.name} is not declared`);
    case 'step':
    case 'place':
      if (scope.kernel !== null) return;
      throw new Breach(`a function knows no ${e.kind}`);
    case 'load': {
      const memory = memoryNamed(e.memory, scope);
      if (!memory.readable) throw new Breach(`${e.memory} is read and may only be written`);
      expect(e.index, 'i32', scope);
      const four = memory.element === 'f32' && e.type === 'f32x4';
      checkAlignment(e, memory, four);
      return demand(e, four ? 'f32x4' : memory.element, []);
    }
    case 'unary':
      check(e.x, scope);
      return demand(e, unaryType(e.op, typeOf(e.x)), [e.x]);
    case 'binary': {
      check(e.x, scope);
      check(e.y, scope);
      const same = typeOf(e.x) === typeOf(e.y);
      return demand(e, same ? binaryType(e.op, typeOf(e.x)) : undefined, [e.x, e.y]);
    }
    case 'select': {
      expect(e.condition, 'bool', scope);
      check(e.yes, scope);
      expect(e.no, typeOf(e.yes), scope);
      return demand(e, typeOf(e.yes), []);
    }
    case 'call':
      return checkCall(e, scope);
    case 'lane':
      return expect(e.x, 'f32x4', scope);
    case 'pack':
      if (e.parts.length !== 4) throw new Breach(`${printExpression(e)} is not four numbers`);
      for (const part of e.parts) expect(part, 'f32', scope);
      return;
  }
  e satisfies never;
}

function checkCall(e: Call, scope: Scope): void {
  const fn = scope.functions.get(e.function);
  if (fn === undefined) throw new Breach(`there is no function ${e.function} before this`);
  const { parameters, result } = fn;
  if (parameters.length !== e.arguments.length) {
    throw new Breach(`${printExpression(e)}: ${e.function} takes ${parameters.length}`);
  }
  const scalars = [...parameters.map((p) => p.type), typeOf(result)];
  const byFours = e.type === 'f32x4' && scalars.every((type) => type === 'f32');
  parameters.forEach(({ type }, i) => {
    const argument = e.arguments[i];
    if (argument !== undefined) expect(argument, byFours ? 'f32x4' : type, scope);
  });
  demand(e, byFours ? 'f32x4' : typeOf(result), []);
}

function checkNumber({ type, value }: NumberExpression): void {
  if (type === 'f32') return;
  const right = type === 'i32' ? value | 0 : value === 1 ? 1 : 0;
  if (!Object.is(right, value))
    throw new Breach(`${Object.is(value, -0) ? '-0' : value} is no ${type}`);
}
