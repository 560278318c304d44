/**
 * A copy of the tree in a temporary folder, in which faults are planted one at a time. The tree
 * itself is never touched. What is generated from a file with a fault is generated anew.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from './faults/fault.ts';
import { planted } from './plant.ts';

const copied = ['compiler', 'runtime', 'examples', 'specs', 'test'];
const single = ['package.json', 'tsconfig.json', 'vitest.config.ts', 'README.md', 'build.js'];

/** Which generator writes what is made of a file, and where. */
const generators = [
  { of: /^specs\/std\//, script: 'generate-std.ts', writes: 'compiler/2-elaborate/std.gen.ts' },
  {
    of: /^runtime\/wasm\/(?:worker|thread-words)\.ts$/,
    script: 'generate-worker.ts',
    writes: 'runtime/wasm/worker.gen.ts',
  },
];

export class Workspace {
  readonly folder: string;
  /** Of everything that tests stand on, but the tests themselves. */
  readonly sources: string;

  constructor(root: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'gatework-faults-'));
    for (const name of [...copied, ...single]) {
      const options = { recursive: true, filter: (from: string) => !from.includes('node_modules') };
      cpSync(join(root, name), join(this.folder, name), options);
    }
    linkModules(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.sources = digestOf(
      filesIn(this.folder).filter((file) => !/^test\/(?:mutation\/|.*\.test\.ts$)/.test(file)),
      this.folder,
    );
  }

  /** Says what went wrong where a generator refuses the fault. */
  plant(fault: Fault): string | undefined {
    const path = join(this.folder, fault.file);
    writeFileSync(path, planted(readFileSync(path, 'utf8'), fault));
    const generator = generators.find(({ of }) => of.test(fault.file));
    if (generator === undefined) return undefined;
    const script = join('test/support', generator.script);
    const run = spawnSync(process.execPath, ['--import', 'tsx', script], { cwd: this.folder });
    return run.status === 0 ? undefined : `${generator.script} refuses it`;
  }

  restore(root: string, fault: Fault): void {
    const generator = generators.find(({ of }) => of.test(fault.file));
    const files = [fault.file, ...(generator === undefined ? [] : [generator.writes])];
    for (const file of files) cpSync(join(root, file), join(this.folder, file));
  }

  /** Changes with the sources and with the test file. */
  stateOf(test: string): string {
    return digestOf([test], this.folder, this.sources);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A folder of links, so that what tools cache beside the packages stays in the copy. */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (!/^\.(?:vite|cache)/.test(name)) symlinkSync(join(from, name), join(to, name));
  }
}

function filesIn(folder: string): string[] {
  return copied.flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  );
}

function digestOf(files: readonly string[], folder: string, salt = ''): string {
  const hash = createHash('sha256').update(salt);
  for (const file of [...files].sort()) {
    hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
