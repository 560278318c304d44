/**
 * The safetensors format, on bytes: 8 bytes of header length, a JSON header, then the tensors end
 * to end in little-endian order. Any bytes at all give either the tensors or a RuntimeFault that
 * says what is wrong. Format: https://github.com/huggingface/safetensors, section "Format".
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { parseHeader, type HeaderEntry } from './header.ts';
import { bytesPerElement, type TensorDtype } from './tensor-dtype.ts';

/** A tensor as it is stored; `data` holds its elements in little-endian order, row-major. */
export interface StoredTensor {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface TensorFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The header's `__metadata__`; empty where there is none. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Longest header that is read, in bytes; the limit of the format's own reader. */
const headerLimit = 100_000_000;

/**
 * Reads a file; `file` names it in faults. The tensors' bytes are views into `bytes`, which the
 * caller must not change. Faults: R7101 to R7106.
 */
export function readSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const { text, dataStart } = splitHeader(bytes, file);
  const { entries, metadata } = parseHeader(text, file);
  const available = bytes.length - dataStart;
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    checkSize(entry, available, file);
    const data = bytes.subarray(dataStart + entry.start, dataStart + entry.end);
    tensors.set(entry.name, { dtype: entry.dtype, shape: entry.shape, data });
  }
  checkLayout(entries, available, file);
  return { tensors, metadata };
}

/**
 * Writes tensors in the order of the map; the first begins at a multiple of 8 bytes. Faults: R7107
 * for a tensor whose bytes do not fit its shape and for the reserved name `__metadata__`.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const header = new TextEncoder().encode(headerText(tensors, metadata));
  const padded = Math.ceil(header.length / 8) * 8;
  let total = 8 + padded;
  for (const tensor of tensors.values()) total += tensor.data.length;
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, 8 + padded);
  let offset = 8 + padded;
  for (const tensor of tensors.values()) {
    bytes.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  return bytes;
}

function splitHeader(bytes: Uint8Array, file: string): { text: string; dataStart: number } {
  if (bytes.length < 8) {
    throw new RuntimeFault(
      'R7101',
      `${file}: ${bytes.length} bytes are too few for a safetensors file`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(headerLimit)) {
    throw new RuntimeFault(
      'R7101',
      `${file}: not a safetensors file: its header would be ${length.toString()} bytes long`,
    );
  }
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) {
    throw new RuntimeFault(
      'R7102',
      `${file}: cut off: the header needs ${Number(length)} bytes, ${bytes.length - 8} are there`,
    );
  }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.subarray(8, dataStart)), dataStart };
  } catch {
    throw new RuntimeFault('R7101', `${file}: not a safetensors file: its header is not UTF-8`);
  }
}

function checkSize(entry: HeaderEntry, available: number, file: string): void {
  const { name, start, end } = entry;
  const wanted = entry.shape.reduce((n, size) => n * size, bytesPerElement(entry.dtype));
  if (wanted !== end - start) {
    throw new RuntimeFault(
      'R7103',
      `${file}: tensor ${quote(name)} is ${entry.dtype} [${entry.shape.join(', ')}], ` +
        `which takes ${wanted} bytes, but has ${end - start}`,
    );
  }
  if (end > available) {
    throw new RuntimeFault(
      'R7102',
      `${file}: cut off: tensor ${quote(name)} takes bytes ${start} to ${end} of the data, ` +
        `${available} are there`,
    );
  }
}

/** The format demands that every byte of the data belongs to exactly one tensor. */
function checkLayout(entries: readonly HeaderEntry[], available: number, file: string): void {
  const sorted = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  let claimed = 0;
  let previous = '';
  for (const { name, start, end } of sorted) {
    if (start < claimed) {
      throw new RuntimeFault(
        'R7104',
        `${file}: tensors ${quote(previous)} and ${quote(name)} overlap: ` +
          `${quote(name)} begins at byte ${start}, before byte ${claimed}`,
      );
    }
    if (start > claimed) throw unclaimed(claimed, start, file);
    claimed = end;
    previous = name;
  }
  if (claimed < available) throw unclaimed(claimed, available, file);
}

function unclaimed(from: number, to: number, file: string): RuntimeFault {
  return new RuntimeFault(
    'R7104',
    `${file}: bytes ${from} to ${to} of the data belong to no tensor`,
    'write the file again; the format allows no gaps',
  );
}

/** Built by hand: an object would lose a tensor called `__proto__`. */
function headerText(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: ReadonlyMap<string, string>,
): string {
  const parts: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
    parts.push(`"__metadata__":{${pairs.join(',')}}`);
  }
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const wanted = shape.reduce((n, size) => n * size, bytesPerElement(dtype));
    if (name === '__metadata__' || wanted !== data.length) {
      throw new RuntimeFault(
        'R7107',
        name === '__metadata__'
          ? 'a tensor cannot be called "__metadata__": the format reserves the name'
          : `tensor ${quote(name)} takes ${wanted} bytes, but has ${data.length}`,
      );
    }
    const end = offset + data.length;
    parts.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],` +
        `"data_offsets":[${offset},${end}]}`,
    );
    offset = end;
  }
  return `{${parts.join(',')}}`;
}

function quote(name: string): string {
  return `\`${name}\``;
}
