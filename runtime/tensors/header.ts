/**
 * The JSON header of a safetensors file: its text to entries, every field checked. Names are data:
 * `__proto__` and `constructor` are tensors like any other, and a name that stands twice is a
 * fault.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { isTensorDtype, tensorDtypes, type TensorDtype } from './tensor-dtype.ts';

export interface HeaderEntry {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** Bytes from the end of the header; `start <= end`. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly HeaderEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

export function parseHeader(text: string, file: string): Header {
  const root = parseObject(text, file);
  const entries: HeaderEntry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const name of readKeys(text, file)) {
    const value = field(root, name);
    if (name === '__metadata__') metadata = parseMetadata(value, file);
    else entries.push(parseEntry(name, value, file));
  }
  return { entries, metadata };
}

function parseObject(text: string, file: string): object {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new RuntimeFault('R7101', `${file}: not a safetensors file: its header is not JSON`);
  }
  if (!isRecord(root)) {
    throw new RuntimeFault('R7101', `${file}: not a safetensors file: its header is no object`);
  }
  return root;
}

function parseMetadata(value: unknown, file: string): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  const pairs = isRecord(value) ? Object.entries(value) : [['', undefined] as const];
  for (const [key, text] of pairs) {
    if (typeof text !== 'string') {
      throw new RuntimeFault('R7103', `${file}: __metadata__ must map names to text`);
    }
    metadata.set(key, text);
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, file: string): HeaderEntry {
  const fault = (what: string): RuntimeFault =>
    new RuntimeFault('R7103', `${file}: tensor \`${name}\`: ${what}`);
  if (!isRecord(value)) throw fault('its header entry is no object');
  const dtype = field(value, 'dtype');
  if (typeof dtype !== 'string') throw fault('it has no dtype');
  if (!isTensorDtype(dtype)) {
    throw new RuntimeFault(
      'R7106',
      `${file}: tensor \`${name}\` has the element type ${dtype.slice(0, 40)}`,
      `understood are ${tensorDtypes.join(', ')}; convert the file`,
    );
  }
  const shape = field(value, 'shape');
  if (!isSizes(shape)) throw fault('its shape must be a list of whole numbers');
  const offsets = field(value, 'data_offsets');
  if (!isSizes(offsets)) throw fault('its data_offsets must be two whole numbers');
  const [start, end] = offsets;
  if (offsets.length !== 2 || start === undefined || end === undefined || start > end) {
    throw fault('its data_offsets must be two whole numbers, the smaller first');
  }
  return { name, dtype, shape, start, end };
}

function field(record: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(record, key)?.value;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/**
 * The root's keys in the order of the text. JSON.parse keeps the last of two equal keys without a
 * word and puts numeric ones first, so the keys are read once more. `text` is known to be a valid
 * JSON object: a string is a key exactly if a colon follows.
 */
function readKeys(text: string, file: string): ReadonlySet<string> {
  const rootKeys = new Set<string>();
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open.push(open.length === 0 ? rootKeys : new Set());
    else if (character === '}') open.pop();
    else if (character === '"') {
      const end = stringEnd(text, i);
      if (followedByColon(text, end)) addKey(text.slice(i, end), open.at(-1), file);
      i = end - 1;
    }
  }
  return rootKeys;
}

function addKey(literal: string, keys: Set<string> | undefined, file: string): void {
  // Two spellings of one name ("a" and "\u0061") are the same key.
  const name = String(JSON.parse(literal));
  if (keys?.has(name) === true) {
    throw new RuntimeFault('R7105', `${file}: the name \`${name}\` stands twice in the header`);
  }
  keys?.add(name);
}

/** Offset just past the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

function followedByColon(text: string, from: number): boolean {
  let i = from;
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++;
  return text[i] === ':';
}
