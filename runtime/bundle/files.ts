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
  const { href } = url;
  try {
    // Asked for in a way that no bundler follows.
    const { process } = globalThis as NodeGlobal;
    const files = href.startsWith('file:') && process?.getBuiltinModule?.('node:fs');
    if (files) return files.readFileSync(url);
    // Bundlers put small files into addresses, and policies keep pages from fetching those.
    const [, text] = href.split(/^data:[^,]*;base64,/);
    if (text !== undefined) return inlined(text);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new RuntimeFault(
      'R7802',
      `${href.slice(0, 200)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'put it there, or build it with --inline',
    );
  }
}

/**
 * Where a file is that a person says is elsewhere: seen from the bundle's own or, where that is
 * inlined, from the page. Faults: R7802 for what is no address there.
 */
export function addressOf(given: string | URL, base = 'data:'): URL {
  const { location } = globalThis as { location?: { readonly href: string } };
  try {
    return new URL(given, base.startsWith('data:') ? location?.href : base);
  } catch {
    throw new RuntimeFault('R7802', `${String(given)} is no address`);
  }
}

interface NodeGlobal {
  readonly process?: {
    readonly getBuiltinModule?: (name: string) => { readFileSync(url: URL): Uint8Array };
  };
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
  bytes: ArrayBuffer,
  /** Of any tensor of the file. */
  numbersOf: (name: string) => Numbers,
) => Numbers | undefined;

/** Faults: R7803 for bytes that are not the file's, by its hash. */
export function readTensors(
  { file, hash }: BundleFile,
  bytes: Uint8Array,
  decode?: Decode,
): FileContent {
  if (fingerprint(bytes) !== hash) {
    throw new RuntimeFault('R7803', `${file} is cut, damaged, or of another bundle`);
  }
  // What has the hash was written by the compiler: it need not be looked at any further. Copies,
  // since slice() of Node's Buffer would be none, and a view needs an address that fits its type.
  const part = (from: number, to: number): ArrayBuffer =>
    new Uint8Array(bytes.subarray(from, to)).buffer;
  const [length = 0] = new Uint32Array(part(0, 4));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    new TextDecoder().decode(part(8, 8 + length)),
  ) as TensorHeader;
  const numbersOf = (name: string): Numbers => {
    const { dtype, data_offsets } = entries[name] as TensorEntry;
    const [from, to] = data_offsets;
    const data = part(8 + length + from, 8 + length + to);
    const numbers = decode?.(name, dtype, data, numbersOf);
    return numbers ?? (dtype === 'F32' ? new Float32Array(data) : new Int32Array(data));
  };
  const tensors = new Map(Object.keys(entries).map((name) => [name, numbersOf(name)]));
  return { tensors, metadata };
}

type TensorHeader = { readonly __metadata__?: FileContent['metadata'] } & Readonly<
  Record<string, unknown>
>;

interface TensorEntry {
  readonly dtype: string;
  readonly data_offsets: readonly [number, number];
}

/** Bytes that are inlined in a module, as base64. */
export function inlined(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
