/**
 * Random kernels and programs that the verifier accepts, from a tape of numbers that decide every
 * choice: a shorter tape of smaller numbers makes a simpler kernel, so that they shrink.
 */
import * as fc from 'fast-check';
import { typeOf } from '../../../compiler/kernel/build.ts';
import { binaryType, unaryType } from '../../../compiler/kernel/operators.ts';
import type {
  BinaryOp,
  Expression,
  Kernel,
  KernelArray,
  KernelFunction,
  MemoryType,
  Statement,
  UnaryOp,
  ValueType,
} from '../../../runtime/artifact/kernel.ts';

export interface KernelWithFunctions {
  readonly kernel: Kernel;
  readonly functions: readonly KernelFunction[];
}

export const tapes: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(), {
  maxLength: 1500,
  size: 'max',
});

export const kernels: fc.Arbitrary<KernelWithFunctions> = tapes.map((tape) => {
  const draw = new Draw(tape);
  const functions = drawFunctions(draw);
  return { kernel: drawKernel(draw, functions), functions };
});

const hints = ['x', 'i', 'lstm.l0.Wu', 'c̃', "h'", 'for', 'step', 'inf', 'f32', 'a b', '', '"', '1'];

/** Reads the tape; where it has ended, the first choice. */
export class Draw {
  private readonly tape: readonly number[];
  private readonly taken = new Set<string>();
  private position = 0;

  constructor(tape: readonly number[]) {
    this.tape = tape;
  }

  below(limit: number): number {
    return (this.tape[this.position++] ?? 0) % limit;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick');
    return choice;
  }

  times<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** One that nothing else has. */
  name(): string {
    const hint = this.pick(hints);
    let name = hint;
    for (let i = 1; this.taken.has(name); i++) name = `${hint}_${i}`;
    this.taken.add(name);
    return name;
  }
}

interface Memory {
  readonly name: string;
  readonly element: MemoryType;
  /** A power of two that every index is held below. */
  readonly length: number;
}

interface Local {
  readonly name: string;
  readonly type: ValueType;
  readonly variable: boolean;
}

interface Context {
  readonly draw: Draw;
  readonly locals: readonly Local[];
  readonly loads: readonly Memory[];
  readonly stores: readonly Memory[];
  readonly sizes: readonly string[];
  readonly functions: readonly KernelFunction[];
  /** Whether there is a step and a place. */
  readonly kernel: boolean;
}

const scalars = ['f32', 'i32', 'bool'] as const;
const types = ['f32', 'i32', 'bool', 'f32x4'] as const;

const floats = [0, -0, 1, 0.1, -1e-45, 3.4e38, 1e21, 123456789, Infinity, -Infinity, NaN, 1e-7];

const unaries: readonly UnaryOp[] = [
  ...(['neg', 'abs', 'floor', 'sqrt', 'not'] as const),
  ...(['toFloat', 'toInt', 'toBits', 'fromBits', 'fromBytes', 'splat'] as const),
];
const binaries: readonly BinaryOp[] = [
  ...(['add', 'sub', 'mul', 'div', 'mod', 'min', 'max', 'and', 'or'] as const),
  ...(['less', 'lessEqual', 'equal', 'notEqual'] as const),
  ...(['bitAnd', 'bitOr', 'bitXor', 'shiftLeft', 'shiftRight'] as const),
];

const int = (value: number): Expression => ({ kind: 'number', type: 'i32', value });
const masked = (x: Expression, length: number): Expression => ({
  ...{ kind: 'binary', op: 'bitAnd', x, y: int(length - 1), type: 'i32' },
});
const product = (x: Expression, y: Expression): Expression => ({
  ...{ kind: 'binary', op: 'mul', x, y, type: 'i32' },
});

function drawExpression(type: ValueType, depth: number, context: Context): Expression {
  const { draw } = context;
  const leaves = [...leavesOf(type, context)];
  if (depth === 0 || draw.below(4) === 0) return draw.pick(leaves)();
  const part = (of: ValueType): Expression => drawExpression(of, depth - 1, context);
  const makers: (() => Expression)[] = [...leaves];
  const select = (): Expression => {
    return { kind: 'select', condition: part('bool'), yes: part(type), no: part(type), type };
  };
  makers.push(select);
  for (const op of unaries) {
    for (const from of types) {
      if (unaryType(op, from) !== type) continue;
      makers.push(() => ({ kind: 'unary', op, x: part(from), type }));
    }
  }
  for (const op of binaries) {
    for (const from of types) {
      if (binaryType(op, from) !== type) continue;
      makers.push(() => ({ kind: 'binary', op, x: part(from), y: part(from), type }));
    }
  }
  for (const memory of context.loads) {
    if (memory.element !== type && !(memory.element === 'f32' && type === 'f32x4')) continue;
    makers.push(() => {
      const four = drawFour(draw, type, memory);
      const index = drawIndex(memory, four, part('i32'));
      return { kind: 'load', memory: memory.name, index, type, ...mark(four) };
    });
  }
  for (const { name, parameters, result } of context.functions) {
    const gives = typeOf(result);
    const scalars = [...parameters.map((parameter) => parameter.type), gives];
    const byFours = type === 'f32x4' && parameters.length > 0 && scalars.every((t) => t === 'f32');
    if (gives !== type && !byFours) continue;
    makers.push(() => {
      const given = parameters.map((parameter) => part(byFours ? type : parameter.type));
      return { kind: 'call', function: name, arguments: given, type };
    });
  }
  const lane = draw.pick([0, 1, 2, 3] as const);
  if (type === 'f32') makers.push(() => ({ kind: 'lane', x: part('f32x4'), lane }));
  if (type === 'f32x4') {
    makers.push(() => ({ kind: 'pack', parts: Array.from({ length: 4 }, () => part('f32')) }));
  }
  return draw.pick(makers)();
}

/** Longer than any of a kernel's own arrays, which may be read by fours at multiples of 4 alone. */
const bufferLength = 1024;

type FourOf = 'one' | 'aligned' | 'unaligned';

function drawIndex({ length }: Memory, four: FourOf, e: Expression): Expression {
  const index = masked(e, four === 'one' ? length : length / 4);
  return four === 'aligned' ? product(index, int(4)) : index;
}

function drawFour(draw: Draw, type: ValueType, { length }: Memory): FourOf {
  if (type !== 'f32x4') return 'one';
  return length === bufferLength && draw.below(3) === 0 ? 'unaligned' : 'aligned';
}

function mark(four: FourOf): { readonly unaligned?: true } {
  return four === 'unaligned' ? { unaligned: true } : {};
}

function* leavesOf(type: ValueType, context: Context): Generator<() => Expression> {
  const { draw, locals, sizes } = context;
  const axis = draw.pick([0, 1, 2] as const);
  if (type === 'i32') {
    yield () => int((draw.below(2 ** 31) - draw.below(2 ** 31)) | 0);
    for (const name of sizes) yield () => ({ kind: 'size', name });
  }
  if (type === 'i32' && context.kernel) {
    yield () => ({ kind: 'step' });
    yield () => ({ kind: 'place', of: 'workgroup', axis });
    yield () => ({ kind: 'place', of: 'invocation', axis });
  }
  if (type === 'f32') yield () => ({ kind: 'number', type, value: draw.pick(floats) });
  if (type === 'bool') yield () => ({ kind: 'number', type, value: draw.below(2) });
  if (type === 'f32x4') {
    const x: Expression = { kind: 'number', type: 'f32', value: draw.pick(floats) };
    yield () => ({ kind: 'unary', op: 'splat', x, type });
  }
  for (const local of locals) {
    if (local.type === type) yield () => ({ kind: 'local', name: local.name, type });
  }
}

export function drawFunctions(draw: Draw): KernelFunction[] {
  const functions: KernelFunction[] = [];
  const count = draw.below(3);
  for (let i = 0; i < count; i++) functions.push(drawFunction(draw, functions));
  return functions;
}

function drawFunction(draw: Draw, functions: readonly KernelFunction[]): KernelFunction {
  const name = draw.name();
  const parameters = draw.times(2, () => ({ name: draw.name(), type: draw.pick(scalars) }));
  const locals: Local[] = parameters.map((p) => ({ ...p, variable: false }));
  const nothing = { loads: [], stores: [], sizes: [], kernel: false };
  const context: Context = { draw, locals, functions: [...functions], ...nothing };
  const lets = draw.times(2, () => {
    const value = drawExpression(draw.pick(types), 2, context);
    const local = { name: draw.name(), type: typeOf(value), variable: false };
    locals.push(local);
    return { name: local.name, value };
  });
  return { name, parameters, lets, result: drawExpression(draw.pick(scalars), 3, context) };
}

export function drawKernel(draw: Draw, functions: readonly KernelFunction[]): Kernel {
  const access = ['read', 'write', 'readWrite'] as const;
  const element = (): MemoryType => draw.pick(['f32', 'i32'] as const);
  const array = (): KernelArray => {
    return { name: draw.name(), element: element(), length: draw.pick([4, 16, 64]) };
  };
  const buffers = draw.times(3, () => {
    return { name: draw.name(), element: element(), access: draw.pick(access) };
  });
  const sizes = draw.times(3, () => draw.name());
  const shared = draw.times(2, array);
  const registers = draw.times(2, array);
  const long = buffers.map((buffer) => ({ ...buffer, length: bufferLength }));
  const context: Context = {
    ...{ draw, sizes, functions, locals: [], kernel: true },
    loads: [...long.filter((buffer) => buffer.access !== 'write'), ...registers],
    stores: [...long.filter((buffer) => buffer.access !== 'read'), ...registers],
  };
  const workgroup = draw.pick([
    [1, 1, 1],
    [64, 1, 1],
    [16, 16, 1],
    [2, 2, 64],
  ] as const);
  const body = drawStretches(context, shared);
  return { name: draw.name(), buffers, sizes, workgroup, shared, registers, body };
}

/** Between two barriers each shared array is loaded from or stored to. */
function drawStretches(context: Context, shared: readonly KernelArray[]): Statement[] {
  const { draw } = context;
  const stretch = (): Statement[] => {
    const loads = shared.filter(() => draw.below(2) === 0);
    const stores = shared.filter((array) => !loads.includes(array));
    return drawStatements(3, {
      ...context,
      loads: [...context.loads, ...loads],
      stores: [...context.stores, ...stores],
    });
  };
  const statements: Statement[] = [{ kind: 'barrier' }];
  for (let i = draw.below(4); i >= 0; i--) {
    // What a stretch names is not seen past its end, where another has other memory to load from.
    const yes: Expression = { kind: 'number', type: 'bool', value: 1 };
    const then = stretch();
    statements.push({ kind: 'if', condition: yes, then, otherwise: [] }, { kind: 'barrier' });
    if (draw.below(3) > 0) continue;
    const body: Statement[] = [
      ...stretch(),
      { kind: 'barrier' },
      ...stretch(),
      { kind: 'barrier' },
    ];
    statements.push({ kind: 'for', variable: draw.name(), ...uniformRange(context), body });
  }
  return statements;
}

function uniformRange({ draw, sizes }: Context): Record<'from' | 'to' | 'step', Expression> {
  const size = sizes.map((name): Expression => ({ kind: 'size', name }));
  const ends = [int(0), int(7), ...size];
  return { from: draw.pick(ends), to: draw.pick(ends), step: draw.pick([int(1), int(3), ...size]) };
}

function drawStatements(depth: number, outer: Context): Statement[] {
  const locals = [...outer.locals];
  const context = { ...outer, locals };
  return outer.draw.times(3, () => drawStatement(depth, context, locals));
}

function drawStatement(depth: number, context: Context, locals: Local[]): Statement {
  const { draw } = context;
  const value = (type: ValueType): Expression => drawExpression(type, 3, context);
  const define = (kind: 'let' | 'var'): Statement => {
    const e = value(draw.pick(types));
    const name = draw.name();
    locals.push({ name, type: typeOf(e), variable: kind === 'var' });
    return { kind, name, value: e };
  };
  const plain = [
    (): Statement => define('let'),
    (): Statement => define('var'),
    (): Statement => ({ kind: 'comment', text: draw.pick(['c̃ = tanh(…)', '', ' x', '"', 'a\nb']) }),
    ...locals
      .filter(({ variable }) => variable)
      .map((local) => (): Statement => ({
        kind: 'assign',
        name: local.name,
        value: value(local.type),
      })),
    ...context.stores.map((memory) => () => drawStore(memory, context)),
  ];
  if (depth === 0) return draw.pick(plain)();
  const block = (more: readonly Local[] = []): Statement[] =>
    drawStatements(depth - 1, { ...context, locals: [...locals, ...more] });
  const nested = [
    (): Statement => ({ kind: 'while', condition: value('bool'), body: block() }),
    (): Statement => {
      return { kind: 'if', condition: value('bool'), then: block(), otherwise: block() };
    },
    (): Statement => {
      const variable = draw.name();
      const range = { ...uniformRange(context), from: value('i32') };
      const body = block([{ name: variable, type: 'i32', variable: false }]);
      return { kind: 'for', variable, ...range, body };
    },
  ];
  return draw.pick([...plain, ...nested])();
}

/** Its index differs from one invocation to the next, as far as the verifier can tell. */
function drawStore(memory: Memory, context: Context): Statement {
  const type = memory.element === 'f32' && context.draw.below(2) === 1 ? 'f32x4' : memory.element;
  const place: Expression = { kind: 'place', of: 'invocation', axis: 0 };
  const y = drawExpression('i32', 1, context);
  const at: Expression = { kind: 'binary', op: 'add', x: place, y, type: 'i32' };
  const four = drawFour(context.draw, type, memory);
  const index = drawIndex(memory, four, at);
  const value = drawExpression(type, 3, context);
  return { kind: 'store', memory: memory.name, index, value, ...mark(four) };
}
