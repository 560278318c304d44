/** The real command line in a process of its own, from the sources. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function gatework(...args: readonly string[]): Finished {
  return finished('compiler/cli/main.ts', args);
}

/** `gatework verify` with one backend, which has a fault (see faulty-verify.ts). */
export function faultyVerify(fault: string, ...args: readonly string[]): Finished {
  return finished('test/support/faulty-verify.ts', [fault, ...args]);
}

function finished(script: string, args: readonly string[]): Finished {
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** A folder that is removed again when the body is done. */
export function inTemporaryFolder<T>(body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'gatework-test-'));
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
