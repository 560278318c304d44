/**
 * As much of the protocol-buffer wire format as an ONNX model takes: fields that are varints,
 * bytes, texts, messages and f32. A message is its fields one after another.
 * https://protobuf.dev/programming-guides/encoding
 */
export type Field = Uint8Array;

/** Wire types. */
const varintType = 0;
const bytesType = 2;
const fixed32Type = 5;

/** A whole number from 0 to 2^53. */
export function numberField(id: number, value: number): Field {
  return concat([key(id, varintType), varint(value)]);
}

export function floatField(id: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([key(id, fixed32Type), bytes]);
}

export function bytesField(id: number, bytes: Uint8Array): Field {
  return concat([key(id, bytesType), varint(bytes.length), bytes]);
}

export function textField(id: number, text: string): Field {
  return bytesField(id, new TextEncoder().encode(text));
}

export function messageField(id: number, fields: readonly Field[]): Field {
  return bytesField(id, concat(fields));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function key(id: number, type: number): Uint8Array {
  return varint(id * 8 + type);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}
