/** PyTorch's side of a comparison: runs reference.py on a list of cases, reads its files. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { toNdArrays } from '../../runtime/tensors/convert.ts';
import { readSafetensors, type StoredTensor } from '../../runtime/tensors/safetensors.ts';

/** Debian's, which has python3-torch; another one by GATEWORK_PYTHON. */
const python = process.env['GATEWORK_PYTHON'] ?? '/usr/bin/python3';

const script = join(dirname(fileURLToPath(import.meta.url)), 'reference.py');

/** Undefined where there is PyTorch; otherwise why the comparison cannot be made. */
export function whyNoTorch(): string | undefined {
  const found = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  if (found.status === 0) return undefined;
  return `${python} has no torch: install python3-torch to compare with PyTorch`;
}

export interface Reference {
  readonly folder: string;
  /** `weights`, `input` or `expected` of a case. */
  stored(name: string, part: Part): ReadonlyMap<string, StoredTensor>;
  arrays(name: string, part: Part): ReadonlyMap<string, NdArray>;
  file(name: string, part: Part): string;
  remove(): void;
}

export type Part = 'weights' | 'input' | 'expected';

export function computeReference(cases: readonly object[]): Reference {
  const folder = mkdtempSync(join(tmpdir(), 'gatework-torch-'));
  const run = spawnSync(python, [script, folder], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`reference.py failed:\n${run.stderr}`);
  const file = (name: string, part: Part) => join(folder, `${name}.${part}.safetensors`);
  const stored = (name: string, part: Part) =>
    readSafetensors(readFileSync(file(name, part)), name).tensors;
  return {
    folder,
    file,
    stored,
    arrays: (name, part) => toNdArrays(stored(name, part)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What differs by more than `tolerance`, is missing or has another shape; empty if all agree. */
export function differences(
  found: ReadonlyMap<string, NdArray>,
  expected: ReadonlyMap<string, NdArray>,
  tolerance: number,
): string[] {
  return [...expected].flatMap(([name, wanted]) => {
    const got = found.get(name);
    if (got === undefined) return [`${name} is missing`];
    if (got.shape.join() !== wanted.shape.join()) {
      return [`${name} has shape [${got.shape.join()}], expected [${wanted.shape.join()}]`];
    }
    let worst = 0;
    wanted.data.forEach((value, i) => {
      const difference = Math.abs(value - (got.data[i] ?? NaN));
      if (!(difference <= worst)) worst = difference;
    });
    return worst <= tolerance ? [] : [`${name} differs by ${worst}`];
  });
}
