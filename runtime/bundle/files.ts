/**
 * The files of a bundle: read from beside its module, in pages and workers by `fetch`, in Node from
 * the disk; and looked at, byte by byte, before anything is made of them.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NamedNumbers, Numbers } from './engine.ts';
import type { BundleFile, BundleTensor } from '../artifact/bundle.ts';
import { fromHalf } from '../tensors/half.ts';
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

/**
 * The numbers of a file, each tensor's under its name. Faults: R7803 for bytes that are not the
 * file's, by its hash.
 */
export function readTensors(file: BundleFile, bytes: Uint8Array): NamedNumbers {
  const fault = (what: string): RuntimeFault =>
    new RuntimeFault('R7803', `${file.file} ${what}`, 'copy it again, with the rest of its bundle');
  if (bytes.length !== file.bytes) {
    throw fault(`has ${bytes.length} bytes, not ${file.bytes}: it is cut or another file`);
  }
  if (fingerprint(bytes) !== file.hash) throw fault('is damaged, or belongs to another bundle');
  return new Map(file.tensors.map((tensor) => [tensor.name, numbersOf(tensor, bytes)]));
}

function numbersOf({ dtype, count, at, scales }: BundleTensor, bytes: Uint8Array): Numbers {
  // A copy, since a view needs an address that is a multiple of an element's size; and slice() of
  // Node's Buffer would not copy.
  const copy = (from: number, size: number): ArrayBuffer =>
    new Uint8Array(bytes.subarray(from, from + size)).buffer;
  switch (dtype) {
    case 'F32':
      return new Float32Array(copy(at, 4 * count));
    case 'I32':
      return new Int32Array(copy(at, 4 * count));
    case 'F16':
      return Float32Array.from(new Uint16Array(copy(at, 2 * count)), fromHalf);
    case 'I8': {
      const rows = scales?.count ?? 0;
      const factors = new Float32Array(copy(scales?.at ?? 0, 4 * rows));
      const perRow = count / rows;
      return Float32Array.from(new Int8Array(copy(at, count)), (value, i) => {
        return value * (factors[Math.floor(i / perRow)] ?? 0);
      });
    }
  }
}

/** Bytes that are inlined in a module, as base64. */
export function inlined(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
