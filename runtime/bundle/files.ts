/**
 * The files of a bundle: read from beside its module, in pages and workers by `fetch`, in Node from
 * the disk; and looked at, byte by byte, before anything is made of them.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NamedNumbers, Numbers } from './engine.ts';
import type { BundleFile } from '../artifact/bundle.ts';
import { fingerprint } from './fingerprint.ts';

/** Faults: R7802 for a file that cannot be read. */
export async function readFile(url: URL): Promise<Uint8Array> {
  try {
    const files = nodeFiles();
    if (url.protocol === 'file:' && files !== undefined) return files.readFileSync(url);
    // Bundlers put small files into addresses, and policies keep pages from fetching those.
    const [, text] = /^data:[^,]*;base64,(.*)/.exec(url.href) ?? [];
    if (text !== undefined) return inlined(text);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeFault(
      'R7802',
      `${nameOf(url)} cannot be read: ${reason}`,
      'put the files of the bundle there, or build it with --inline',
    );
  }
}

/**
 * Where a file is that a person says is elsewhere: seen from the bundle's own or, where that is
 * inlined, from the page. Faults: R7802 for what is no address there.
 */
export function addressOf(given: string | URL, base: string | undefined): URL {
  const { location } = globalThis as { location?: { readonly href: string } };
  const from = base === undefined || base.startsWith('data:') ? location?.href : base;
  try {
    return new URL(given, from);
  } catch {
    throw new RuntimeFault(
      'R7802',
      `${String(given)} is no address`,
      'give it from https: or file: on',
    );
  }
}

interface NodeFiles {
  readFileSync(url: URL): Uint8Array;
}

/** Asked for in a way that no bundler follows. */
function nodeFiles(): NodeFiles | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => NodeFiles | undefined };
  };
  return process?.getBuiltinModule?.('node:fs');
}

function nameOf({ href }: URL): string {
  return href.startsWith('data:') ? 'what is inlined' : href;
}

/** What is in a file: each tensor's numbers under its name, and what is said beside them. */
export interface FileContent {
  readonly tensors: NamedNumbers;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The numbers of a tensor in other types than F32 and I32; undefined for those. */
export type Decode = (
  name: string,
  dtype: string,
  buffer: ArrayBuffer,
  /** Of any tensor of the file. */
  numbersOf: (name: string) => Numbers,
) => Numbers | undefined;

/** Faults: R7803 for bytes that are not the file's, by its hash. */
export function readTensors(file: BundleFile, bytes: Uint8Array, decode?: Decode): FileContent {
  const isWhole = bytes.length === file.bytes && fingerprint(bytes) === file.hash;
  if (!isWhole) {
    throw new RuntimeFault(
      'R7803',
      `${file.file} is cut, damaged, or of another bundle`,
      'copy it again, with the rest of its bundle',
    );
  }
  // What has the hash was written by the compiler: it need not be looked at any further.
  const [length = 0] = new Uint32Array(new Uint8Array(bytes.subarray(0, 4)).buffer);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const header = JSON.parse(text) as Readonly<Record<string, Entry>>;
  const tensors = new Map<string, Numbers>();
  let metadata: FileContent['metadata'] = {};
  const numbersOf = (name: string): Numbers => {
    const { dtype, data_offsets } = header[name] as TensorEntry;
    const [from, to] = data_offsets.map((offset) => 8 + length + offset);
    // A copy, since a view needs an address that is a multiple of an element's size; and slice() of
    // Node's Buffer would not copy.
    const { buffer } = new Uint8Array(bytes.subarray(from, to));
    const decoded = decode?.(name, dtype, buffer, numbersOf);
    return decoded ?? (dtype === 'F32' ? new Float32Array(buffer) : new Int32Array(buffer));
  };
  for (const [name, entry] of Object.entries(header)) {
    if (isTensor(entry)) tensors.set(name, numbersOf(name));
    else metadata = entry;
  }
  return { tensors, metadata };
}

interface TensorEntry {
  readonly dtype: string;
  readonly data_offsets: readonly [number, number];
}

type Entry = TensorEntry | FileContent['metadata'];

function isTensor(entry: Entry): entry is TensorEntry {
  return 'data_offsets' in entry;
}

/** Bytes that are inlined in a module, as base64. */
export function inlined(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
