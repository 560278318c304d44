/**
 * The frame of elementwise ops: operands of one shape in, one value of that shape out. Each op
 * brings its own loop, since a loop over a function that is passed in is not inlined. A loop needs
 * no word on precision: storing into a Float32Array rounds.
 */
import { CompilerBug } from '../base/bug.ts';
import { broadcast } from '../graph/build.ts';
import { sameShape, type Dim } from '../graph/dim.ts';
import { tensor, type Builder, type Dtype, type TensorType, type Value } from '../graph/types.ts';
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import { zeros } from './arrays.ts';
import { need, needDtype, one, two } from './operands.ts';
import type { LowerContext, Op, StackContext, VjpContext } from './op.ts';

interface ElementwiseRecord {
  readonly name: string;
  readonly doc: string;
  /** What the operands may be. */
  readonly takes: readonly Dtype[];
  /** The result's dtype where it is not the operands'. */
  readonly gives?: Dtype;
}

export interface UnaryRecord extends ElementwiseRecord {
  loop(x: ElementData, to: ElementData): void;
  /** The cotangent of x from that of y = op(x); undefined where the derivative is 0. */
  readonly vjp?: (b: Builder, cotangent: Value, x: Value, y: Value) => Value | undefined;
  /** y from x, both of the scalar type of their dtype. */
  readonly lower: (x: Expression, context: LowerContext) => Expression;
}

export interface BinaryRecord extends ElementwiseRecord {
  loop(x: ElementData, y: ElementData, to: ElementData): void;
  /** The cotangents of x and y from that of z = op(x, y), each made only when called. */
  readonly vjp?: readonly [BinaryVjp, BinaryVjp];
  /** z from x and y. */
  readonly lower: (x: Expression, y: Expression, context: LowerContext) => Expression;
}

export type BinaryVjp = (b: Builder, cotangent: Value, x: Value, y: Value, z: Value) => Value;

export function unaryOp(record: UnaryRecord): Op {
  const { name, doc, vjp } = record;
  return {
    name,
    doc,
    infer(operands) {
      const x = one(name, operands);
      needDtype(name, x, ...record.takes);
      return [tensor(record.gives ?? x.dtype, x.shape)];
    },
    evaluate(operands, _attributes, { precision }) {
      const x = one(name, operands);
      const result = zeros(record.gives ?? x.dtype, x.shape, precision);
      record.loop(x.data, result.data);
      return [result];
    },
    ...(vjp === undefined ? {} : { vjp: (context: VjpContext) => unaryVjp(name, vjp, context) }),
    stack: (context) => stackElementwise(name, context),
    lower: (context) => record.lower(one(name, context.operands)(context.index), context),
  };
}

function unaryVjp(
  name: string,
  vjp: NonNullable<UnaryRecord['vjp']>,
  { builder, operands, results, cotangents, wanted }: VjpContext,
): readonly (Value | undefined)[] {
  const cotangent = cotangents[0];
  if (cotangent === undefined || wanted[0] !== true) return [undefined];
  const x = one(name, operands);
  return [x.type.dtype === 'float' ? vjp(builder, cotangent, x, one(name, results)) : undefined];
}

export function binaryOp(record: BinaryRecord): Op {
  const { name, doc, vjp } = record;
  return {
    name,
    doc,
    infer(operands) {
      const [x, y] = two(name, operands);
      needDtype(name, x, ...record.takes);
      needEqual(name, operands);
      need(name, x.dtype === y.dtype, `operands are ${x.dtype} and ${y.dtype}`);
      return [tensor(record.gives ?? x.dtype, x.shape)];
    },
    evaluate(operands, _attributes, { precision }) {
      const [x, y] = two(name, operands);
      const result = zeros(record.gives ?? x.dtype, x.shape, precision);
      record.loop(x.data, y.data, result.data);
      return [result];
    },
    ...(vjp === undefined ? {} : { vjp: (context: VjpContext) => binaryVjp(name, vjp, context) }),
    stack: (context) => stackElementwise(name, context),
    lower(context) {
      const [x, y] = two(name, context.operands);
      return record.lower(x(context.index), y(context.index), context);
    },
  };
}

function binaryVjp(
  name: string,
  rules: readonly [BinaryVjp, BinaryVjp],
  { builder, operands, results, cotangents, wanted }: VjpContext,
): readonly (Value | undefined)[] {
  const cotangent = cotangents[0];
  const [x, y] = two(name, operands);
  const z = one(name, results);
  return rules.map((rule, i) =>
    cotangent === undefined || wanted[i] !== true || x.type.dtype !== 'float'
      ? undefined
      : rule(builder, cotangent, x, y, z),
  );
}

/** All operands of one shape. */
export function needEqual(name: string, operands: readonly TensorType[]): void {
  const shape = operands[0]?.shape ?? [];
  const equal = operands.every((type) => sameShape(type.shape, shape));
  need(name, equal, 'operands differ in shape');
}

/** All time steps at once: what does not vary is repeated over time, then the op itself. */
export function stackElementwise(name: string, context: StackContext): readonly Value[] {
  const { builder, operands, varying, attributes, time } = context;
  const stacked = operands.map((value, i) =>
    varying[i] === true ? value : repeatOverTime(builder, value, time),
  );
  return [builder.emit(name, stacked, attributes)];
}

/** [B, …] to [B, T, …]. */
export function repeatOverTime(b: Builder, value: Value, time: Dim): Value {
  const [batch, ...rest] = value.type.shape;
  if (batch === undefined) throw new CompilerBug('stack', 'a scalar has no batch axis');
  const axes = [0, ...rest.map((_, i) => i + 2)];
  return broadcast(b, value, [batch, time, ...rest], axes);
}
