/**
 * What the parts of the printer share while they write one function: where the instructions go, and
 * which local of the function each name stands for.
 */
import type { Expression, Statement, ValueType } from '../../../runtime/artifact/kernel.ts';
import type { Code } from './code.ts';
import type { Linear } from './linear.ts';
import type { Names } from './names.ts';
import type { WasmType } from './opcodes.ts';
import type { Sign } from './signs.ts';

export interface Local {
  /** Undefined where the value is nowhere kept, since only its linear form is asked for. */
  readonly at: number | undefined;
  readonly type: ValueType;
  /** Whether it keeps its value as long as it can be seen. */
  readonly fixed: boolean;
  readonly sign: () => Sign;
  /** Its linear form, if it has one other than itself. */
  readonly linear?: () => Linear | undefined;
  /** Whether another block keeps the value: it is not to be given back at the end of this one. */
  readonly borrowed?: boolean;
}

export interface Memory {
  /** The local with the byte address where it begins, but for `offset` more bytes. */
  readonly base: number;
  readonly offset: number;
  /** Whether nothing writes it while the kernel runs. */
  readonly constant: boolean;
}

/** Functions of the program, by name. */
export interface FunctionTable {
  /** Where the module has it. */
  readonly scalar: (name: string) => number;
  /**
   * Leaves what it gives of the four numbers that each operand leaves, lane by lane. `inPlace` asks
   * for its body rather than a call.
   */
  readonly emitLanewise: (
    name: string,
    operands: readonly (() => void)[],
    code: Code,
    inPlace: boolean,
  ) => void;
  /** How many operations it is. */
  readonly cost: (name: string) => number;
}

/** Addresses that go along with an innermost loop. */
export interface Pointers {
  /** Whether a name from outside the loop keeps its value while the loop runs. */
  readonly isFixed: (name: string) => boolean;
  /** Where an element lies, if a pointer goes along with it. */
  readonly find: (memory: string, index: Expression) => FoundElement | undefined;
}

/** The local with an address, and the bytes that the element lies behind it. */
export interface FoundElement {
  readonly local: number;
  readonly offset: number;
}

export interface Context {
  readonly code: Code;
  readonly functions: FunctionTable;
  /** Leaves the value of an expression: the parts of the printer do not know each other. */
  readonly emit: (e: Expression, context: Context) => void;
  /** Whether a product and a sum of f32x4 may be rounded once together, as relaxed SIMD has it. */
  readonly relaxed: boolean;
  /** How many operations functions on f32x4 may still have to be written where they are called. */
  readonly inPlace: { left: number };
  readonly memories: ReadonlyMap<string, Memory>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly step: number | undefined;
  /** Which workgroup it is along each axis. */
  readonly places: readonly [Expression, Expression, Expression];
  readonly locals: Names<Local>;
  /** Locals with quotients of whole numbers, by what is divided. */
  readonly quotients: Names<number>;
  /** Lets whose values have been computed already. */
  readonly hoisted: ReadonlyMap<Statement, Local>;
  /** Of the loop around, if it is an innermost one. */
  readonly pointers: Pointers | undefined;
  /** A global of type v128 that nothing reads, by its number. */
  readonly sink: (position: number) => number;
  /** Of that loop: the statements whose results are asked for. */
  readonly needed: ReadonlySet<Statement> | undefined;
}

export type Of<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

export function wasmType(type: ValueType): WasmType {
  return type === 'bool' ? 'i32' : type === 'f32x4' ? 'v128' : type;
}
