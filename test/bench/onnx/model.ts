/**
 * ONNX models as bytes, from plain data. Field numbers are those of onnx.proto (onnx/onnx,
 * IR version 8), which is all that is needed of ONNX to write a model.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import {
  bytesField,
  concat,
  floatField,
  messageField,
  numberField,
  textField,
  type Field,
} from './protobuf.ts';

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxConstant>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly op: string;
  /** An operand that is left out is ''. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

/** `int64` holds shapes, which ONNX wants so. */
export type OnnxConstant = NdArray | { readonly int64: readonly number[] };

export interface OnnxValue {
  readonly name: string;
  readonly dtype: 'float' | 'int';
  readonly shape: readonly number[];
}

const elementTypes = { float: 1, int: 6, int64: 7 } as const;
const attributeTypes = { float: 1, int: 2, text: 3, ints: 7 } as const;
/** With which IR version 8 came: 1.13. */
const operatorSet = 17;

export function encodeModel(graph: OnnxGraph): Uint8Array {
  return concat([
    numberField(1, 8),
    textField(2, 'gatework-bench'),
    messageField(7, [
      ...graph.nodes.map((node) => messageField(1, nodeFields(node))),
      textField(2, 'graph'),
      ...[...graph.constants].map(([name, value]) => messageField(5, tensorFields(name, value))),
      ...graph.inputs.map((value) => messageField(11, valueFields(value))),
      ...graph.outputs.map((value) => messageField(12, valueFields(value))),
    ]),
    messageField(8, [numberField(2, operatorSet)]),
  ]);
}

function nodeFields({ op, inputs, outputs, attributes = {} }: OnnxNode): Field[] {
  return [
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      messageField(5, [textField(1, name), ...attributeFields(value)]),
    ),
  ];
}

function attributeFields(value: number | string | readonly number[]): Field[] {
  if (typeof value === 'string') {
    return [textField(4, value), numberField(20, attributeTypes.text)];
  }
  if (typeof value !== 'number') {
    return [...value.map((n) => numberField(8, n)), numberField(20, attributeTypes.ints)];
  }
  // Whether an attribute is a float does not show in a whole number; all that are used are ints.
  return Number.isInteger(value)
    ? [numberField(3, value), numberField(20, attributeTypes.int)]
    : [floatField(2, value), numberField(20, attributeTypes.float)];
}

function tensorFields(name: string, value: OnnxConstant): Field[] {
  if ('int64' in value) {
    const { int64 } = value;
    const data = BigInt64Array.from(int64, BigInt);
    const bytes = new Uint8Array(data.buffer);
    return [
      numberField(1, int64.length),
      numberField(2, elementTypes.int64),
      textField(8, name),
      bytesField(9, bytes),
    ];
  }
  const { shape, data } = value;
  return [
    ...shape.map((n) => numberField(1, n)),
    numberField(2, elementTypes.float),
    textField(8, name),
    bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function valueFields({ name, dtype, shape }: OnnxValue): Field[] {
  const dims = shape.map((n) => messageField(1, [numberField(1, n)]));
  const tensorType = [numberField(1, elementTypes[dtype]), messageField(2, dims)];
  return [textField(1, name), messageField(2, [messageField(1, tensorType)])];
}
