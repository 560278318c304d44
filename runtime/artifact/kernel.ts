/**
 * The kernel IR: structured programs over flat memory that every target prints and
 * `runtime/interpreter` runs as they stand. Form only; how they are built, printed, read and
 * verified is in compiler/kernel, what each op means in specs/ir/kernel.md. Imports nothing.
 *
 * A kernel is what one invocation of a grid does. Invocations of one workgroup share memory and
 * barriers, workgroups share nothing: no kernel relies on the order in which workgroups run.
 */

export type ScalarType = 'f32' | 'i32' | 'bool';

/** `f32x4` is four neighbouring numbers, on which float ops work one by one. */
export type ValueType = ScalarType | 'f32x4';

/** What memory holds; a bool lies in memory as the i32 0 or 1. */
export type MemoryType = 'f32' | 'i32';

export type UnaryOp =
  // f32 and f32x4; neg and abs of i32 too.
  | 'neg'
  | 'abs'
  | 'floor'
  | 'sqrt'
  // bool
  | 'not'
  // i32 to f32, and back towards zero: NaN to 0, held within 32 bits.
  | 'toFloat'
  | 'toInt'
  // The bits of an f32 as an i32, and back.
  | 'toBits'
  | 'fromBits'
  // f32 to f32x4.
  | 'splat'
  // The four bytes of an i32, the lowest first, each as the highest of an i32 whose other bytes are
  // 0: an f32x4 of multiples of 2^24.
  | 'fromBytes';

export type BinaryOp =
  // f32, f32x4, i32 (which wraps). `div` of i32 truncates; `mod` is of i32, both not negative.
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  // i32, and f32 that is no NaN.
  | 'min'
  | 'max'
  // i32 or f32, giving bool; with a NaN false, `notEqual` true.
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'notEqual'
  // bool
  | 'and'
  | 'or'
  // i32 as 32 bits; shifts by 0 to 31, to the right without the sign.
  | 'bitAnd'
  | 'bitOr'
  | 'bitXor'
  | 'shiftLeft'
  | 'shiftRight';

export type Expression =
  | { readonly kind: 'number'; readonly type: ScalarType; readonly value: number }
  /** A whole number that the dispatch brings: B, T, a width; i32. */
  | { readonly kind: 'size'; readonly name: string }
  /** The time step that the dispatch is for; i32. */
  | { readonly kind: 'step' }
  /** Which workgroup of the grid this is, or which invocation of its workgroup; i32. */
  | { readonly kind: 'place'; readonly of: 'workgroup' | 'invocation'; readonly axis: 0 | 1 | 2 }
  /** A `let`, a `var`, a loop's variable or a function's parameter. */
  | { readonly kind: 'local'; readonly name: string; readonly type: ValueType }
  /**
   * `index` counts elements; four of them from there on for an f32x4, which is a multiple of 4
   * unless it is said to be `unaligned`, which only buffers may be.
   */
  | {
      readonly kind: 'load';
      readonly memory: string;
      readonly index: Expression;
      readonly type: MemoryType | 'f32x4';
      readonly unaligned?: true;
    }
  | {
      readonly kind: 'unary';
      readonly op: UnaryOp;
      readonly x: Expression;
      readonly type: ValueType;
    }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly x: Expression;
      readonly y: Expression;
      readonly type: ValueType;
    }
  /** Both sides may be evaluated, so that neither may fault. */
  | {
      readonly kind: 'select';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly type: ValueType;
    }
  /** A function of the program; one of f32 alone also works on f32x4, on the four one by one. */
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly arguments: readonly Expression[];
      readonly type: ValueType;
    }
  /** One of the four numbers of an f32x4. */
  | { readonly kind: 'lane'; readonly x: Expression; readonly lane: 0 | 1 | 2 | 3 }
  /** Four f32 as an f32x4. */
  | { readonly kind: 'pack'; readonly parts: readonly Expression[] };

export type Statement =
  | { readonly kind: 'let'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'var'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'store';
      readonly memory: string;
      readonly index: Expression;
      readonly value: Expression;
      /** Of an f32x4: the index need not be a multiple of 4. */
      readonly unaligned?: true;
    }
  /** `variable` runs from `from` below `to` by `step`, which is positive. */
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  /**
   * Waits for all invocations of the workgroup; what they wrote, to shared memory and to buffers,
   * is seen by all afterwards. Stands only where all of them come by.
   */
  | { readonly kind: 'barrier' }
  /** What the statements after it are for, in the words of the spec: `c̃ = tanh(…)`. */
  | { readonly kind: 'comment'; readonly text: string };

/** Memory outside the kernel, given by position in a dispatch. */
export interface KernelBuffer {
  readonly name: string;
  readonly element: MemoryType;
  readonly access: 'read' | 'write' | 'readWrite';
}

/** Memory of one workgroup, undefined at first; or of one invocation, zero at first. */
export interface KernelArray {
  readonly name: string;
  readonly element: MemoryType;
  readonly length: number;
}

export interface Kernel {
  /** `lstm.l0.forward.step`; unique in its program. */
  readonly name: string;
  readonly buffers: readonly KernelBuffer[];
  /** Sizes that it reads, given by position in a dispatch. */
  readonly sizes: readonly string[];
  /** Invocations of a workgroup along each axis; their product is at most 256. */
  readonly workgroup: readonly [number, number, number];
  readonly shared: readonly KernelArray[];
  readonly registers: readonly KernelArray[];
  readonly body: readonly Statement[];
}

/** A pure scalar function: straight-line code. */
export interface KernelFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: ScalarType }[];
  readonly lets: readonly { readonly name: string; readonly value: Expression }[];
  readonly result: Expression;
}
