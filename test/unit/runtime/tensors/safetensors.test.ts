/** Tensor files there and back, and every way in which one can be broken. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RuntimeFault } from '../../../../runtime/artifact/executable.ts';
import { fromNdArray, toNdArray, toNdArrays } from '../../../../runtime/tensors/convert.ts';
import {
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
} from '../../../../runtime/tensors/safetensors.ts';
import type { TensorDtype } from '../../../../runtime/tensors/tensor-dtype.ts';
import { faultOf } from '../../../support/fault.ts';

function file(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const read = (bytes: Uint8Array): ReturnType<typeof readSafetensors> =>
  readSafetensors(bytes, 'w.safetensors');

const floats = (...values: number[]): StoredTensor =>
  fromNdArray({ dtype: 'float', shape: [values.length], data: Float32Array.from(values) });

const stored = (dtype: TensorDtype, array: ArrayBufferView, size: number): StoredTensor => ({
  dtype,
  shape: [size],
  data: new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
});

describe('writing and reading', () => {
  test('gives back names, order, shapes, numbers and metadata', () => {
    const tensors = new Map<string, StoredTensor>([
      ['10', floats(1.5, -2)],
      ['__proto__', floats(3)],
      ['2', fromNdArray({ dtype: 'float', shape: [], data: Float64Array.of(Math.PI) })],
      ['constructor', fromNdArray({ dtype: 'int', shape: [2, 1], data: Int32Array.of(-7, 9) })],
      ['empty', fromNdArray({ dtype: 'float', shape: [0, 5], data: new Float32Array() })],
      ['mask', fromNdArray({ dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) })],
    ]);
    const metadata = new Map([
      ['format', 'pt'],
      ['__proto__', 'x'],
    ]);
    const back = read(writeSafetensors(tensors, metadata));
    expect([...back.tensors.keys()]).toEqual([...tensors.keys()]);
    expect(back.metadata).toEqual(metadata);
    const arrays = toNdArrays(back.tensors);
    expect(arrays.get('10')).toEqual({
      dtype: 'float',
      shape: [2],
      data: Float32Array.of(1.5, -2),
    });
    expect(arrays.get('__proto__')?.data).toEqual(Float32Array.of(3));
    expect(arrays.get('2')).toEqual({ dtype: 'float', shape: [], data: Float64Array.of(Math.PI) });
    expect(arrays.get('constructor')?.data).toEqual(Int32Array.of(-7, 9));
    expect(arrays.get('empty')?.shape).toEqual([0, 5]);
    expect(arrays.get('mask')).toEqual({
      dtype: 'bool',
      shape: [3],
      data: Uint8Array.of(1, 0, 1),
    });
  });

  test('the data begin at a multiple of 8 bytes, the header is padded with spaces', () => {
    const bytes = writeSafetensors(new Map([['a', floats(1)]]));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(header.trimEnd()).toBe('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  });

  test('reads from the middle of a larger buffer', () => {
    const bytes = writeSafetensors(new Map([['a', floats(1, 2)]]));
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    const tensor = read(larger.subarray(3)).tensors.get('a');
    expect(tensor && toNdArray('a', tensor).data).toEqual(Float32Array.of(1, 2));
  });

  test('reads from what Node reads, whose slices are no copies', () => {
    const bytes = Buffer.from(writeSafetensors(new Map([['a', floats(1, 2)]])));
    const arrays = toNdArrays(read(bytes).tensors);
    bytes.fill(0);
    expect(arrays.get('a')).toEqual({ dtype: 'float', shape: [2], data: Float32Array.of(1, 2) });
  });

  test('refuses a reserved name and bytes that do not fit the shape', () => {
    const a = floats(1);
    expect(faultOf(() => writeSafetensors(new Map([['__metadata__', a]]))).code).toBe('R7107');
    const wrong = { ...a, shape: [2] };
    expect(faultOf(() => writeSafetensors(new Map([['w', wrong]]))).message).toMatch(/`w`.*8.*4/);
  });
});

describe('element types', () => {
  test('F16 and BF16 widen exactly, subnormal numbers and infinities included', () => {
    const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7bff, 0x8000);
    expect(toNdArray('h', stored('F16', half, 6)).data).toEqual(
      Float32Array.of(1, -2, 2 ** -24, Infinity, 65504, -0),
    );
    const brain = Uint16Array.of(0x3f80, 0xc040, 0xff80);
    expect(toNdArray('b', stored('BF16', brain, 3)).data).toEqual(
      Float32Array.of(1, -3, -Infinity),
    );
    const nan = toNdArray('n', stored('F16', Uint16Array.of(0x7e00), 1)).data;
    expect(nan[0]).toBeNaN();
  });

  test('I64 narrows to 32 bits and refuses what does not fit', () => {
    const ids = BigInt64Array.of(5n, -1n, 2147483647n, -2147483648n);
    expect(toNdArray('ids', stored('I64', ids, 4)).data).toEqual(
      Int32Array.of(5, -1, 2147483647, -2147483648),
    );
    for (const value of [2147483648n, -2147483649n, 1n << 62n]) {
      const tensor = stored('I64', BigInt64Array.of(0n, value), 2);
      const fault = faultOf(() => toNdArray('ids', tensor));
      expect(fault.code).toBe('R7108');
      expect(fault.message).toContain('`ids`');
      expect(fault.message).toContain(`${value} at element 1`);
    }
  });

  test('U8 are ints, BOOL any byte but 0', () => {
    const bytes = Uint8Array.of(0, 1, 255);
    expect(toNdArray('u', stored('U8', bytes, 3))).toMatchObject({ dtype: 'int' });
    expect(toNdArray('u', stored('BOOL', bytes, 3)).data).toEqual(Uint8Array.of(0, 1, 1));
  });
});

describe('files that are wrong', () => {
  const four = new Uint8Array(4);
  const cases: readonly (readonly [string, string, RegExp, Uint8Array])[] = [
    ['no bytes', 'R7101', /0 bytes/, new Uint8Array()],
    ['a huge header length', 'R7101', /header/, new Uint8Array(16).fill(0xff)],
    ['a header past the end', 'R7102', /needs 2 bytes, 0/, file('{}').subarray(0, 8)],
    ['a header that is no UTF-8', 'R7101', /UTF-8/, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff)],
    ['a header that is no JSON', 'R7101', /JSON/, file('{"a":')],
    ['a header that is a list', 'R7101', /object/, file('[]')],
    ['deep nesting', 'R7101', /JSON|object/, file('['.repeat(200_000))],
    ['an entry that is a number', 'R7103', /`a`/, file('{"a":3}')],
    ['an entry without dtype', 'R7103', /`a`.*dtype/, file('{"a":{}}')],
    [
      'an unknown dtype',
      'R7106',
      /`a`.*C64/,
      file('{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,4]}}', four),
    ],
    [
      'a negative size',
      'R7103',
      /`a`.*shape/,
      file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', four),
    ],
    [
      'sizes whose product overflows',
      'R7103',
      /`a`/,
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296,0.5],"data_offsets":[0,4]}}', four),
    ],
    [
      'offsets the wrong way round',
      'R7103',
      /`a`.*offsets/,
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', four),
    ],
    [
      'bytes that do not fit the shape',
      'R7103',
      /`a`.*\[2\].*8 bytes.*has 4/,
      file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', four),
    ],
    [
      'a tensor past the end',
      'R7102',
      /`a`.*0 to 8.*4 are there/,
      file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', four),
    ],
    [
      'tensors that overlap',
      'R7104',
      /`a`.*`b`.*overlap/,
      file(
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
          '"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}',
        four,
      ),
    ],
    [
      'a gap',
      'R7104',
      /bytes 0 to 2/,
      file('{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}', four),
    ],
    [
      'bytes behind the last tensor',
      'R7104',
      /bytes 2 to 4/,
      file('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', four),
    ],
    [
      'a name twice, spelled in two ways',
      'R7105',
      /`a`/,
      file(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},' +
          '"\\u0061":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}',
        four,
      ),
    ],
    ['metadata that is no text', 'R7103', /metadata/, file('{"__metadata__":{"a":1}}')],
  ];
  test.each(cases)('%s: %s', (_name, code, message, bytes) => {
    const fault = faultOf(() => read(bytes));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain('w.safetensors');
  });

  test('a file cut short anywhere names the loss', () => {
    const whole = writeSafetensors(new Map([['layer.W', floats(1, 2, 3)]]));
    for (let size = 0; size < whole.length; size++) {
      expect(['R7101', 'R7102']).toContain(faultOf(() => read(whole.subarray(0, size))).code);
    }
    const fault = faultOf(() => read(whole.subarray(0, whole.length - 1)));
    expect(fault.message).toMatch(/`layer\.W` takes bytes 0 to 12 of the data, 11 are there/);
  });
});

describe('any bytes at all', () => {
  const outcome = (bytes: Uint8Array): boolean => {
    try {
      toNdArrays(read(bytes).tensors);
      return true;
    } catch (error) {
      return error instanceof RuntimeFault;
    }
  };

  test('give tensors or a fault: random bytes behind a plausible header length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(70), (bytes, length) => {
        const framed = new Uint8Array(8 + bytes.length);
        framed[0] = length;
        framed.set(bytes, 8);
        return outcome(framed) && outcome(bytes);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  test('give tensors or a fault: any JSON as header', () => {
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'I64', 'BOOL', 'F16'), fc.jsonValue()),
        shape: fc.oneof(fc.array(fc.nat(3)), fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(fc.nat(16), fc.nat(16)), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '__metadata__', 'toString'));
    const header = fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.oneof(entry, fc.jsonValue())));
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 32 }), (value, data) =>
        outcome(file(JSON.stringify(value), data)),
      ),
      { seed: 12, numRuns: 2000 },
    );
  });

  test('give tensors or a fault: one changed byte of a sound file', () => {
    const sound = writeSafetensors(
      new Map([
        ['a', floats(1, 2)],
        ['b', floats(3)],
      ]),
      new Map([['k', 'v']]),
    );
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, value) => {
        const bytes = sound.slice();
        bytes[at] = value;
        return outcome(bytes);
      }),
      { seed: 13, numRuns: 2000 },
    );
  });
});
