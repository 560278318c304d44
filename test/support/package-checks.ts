/** What others' checkers find in a package; nothing, if all is well. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** The core of `attw`, which the command begins anew for each package. */
interface Attw {
  createPackageFromTarballData(tarball: Uint8Array): object;
  checkPackage(of: object): Promise<{
    readonly types: false | { readonly kind: string };
    readonly problems?: readonly { readonly kind: string; readonly resolutionKind?: string }[];
  }>;
}

/** Are the types wrong? For those who import (its `esm-only`): nothing here is to be required. */
export async function attw(tarball: string): Promise<string[]> {
  const require = createRequire(import.meta.url);
  const command = require.resolve('@arethetypeswrong/cli/package.json');
  const address = createRequire(command).resolve('@arethetypeswrong/core');
  const core = (await import(pathToFileURL(address).href)) as Attw;
  const read = core.createPackageFromTarballData(readFileSync(tarball));
  const { types, problems } = await core.checkPackage(read);
  if (types === false || problems === undefined) return ['there are no types'];
  const ignored = ['node10', 'node16-cjs'];
  return problems
    .filter(({ resolutionKind }) => !ignored.includes(resolutionKind ?? ''))
    .map((problem) => JSON.stringify(problem));
}

/** Every file of the folder counts as published. */
export async function publintSays(folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  return messages.map((message) => formatMessage(message, pkg) ?? message.code);
}

/** The folder as npm would send it. */
export async function withTarball<T>(
  folder: string,
  use: (tarball: string) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'gatework-package-'));
  try {
    cpSync(folder, join(home, 'package'), { recursive: true });
    await promisify(execFile)('tar', ['-czf', 'package.tgz', 'package'], { cwd: home });
    return await use(join(home, 'package.tgz'));
  } finally {
    rmSync(home, { recursive: true });
  }
}
