/** Other runtimes than Node, as npm brings them; they are not there on every platform. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * One package has the program of each platform, and where npm runs the scripts of packages, another
 * takes it from there; how a file is run that may only read files.
 */
const engines = {
  deno: {
    packages: '@deno',
    program: 'deno',
    taken: join('deno', 'deno'),
    words: ['run', '--allow-read'],
  },
  bun: {
    packages: '@oven',
    program: join('bin', 'bun'),
    taken: join('bun', 'bin', 'bun.exe'),
    words: ['run'],
  },
} as const;

export type EngineName = keyof typeof engines;

export const engineNames = Object.keys(engines) as readonly EngineName[];

/** The program that runs here; undefined where there is none. */
export function engineOf(name: EngineName): string | undefined {
  const { packages, program, taken } = engines[name];
  const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
  const folder = join(modules, packages);
  const platforms = existsSync(folder) ? readdirSync(folder) : [];
  const programs = platforms.map((platform) => join(folder, platform, program));
  return [...programs, join(modules, taken)].find((path) => {
    return spawnSync(path, ['--version']).status === 0;
  });
}

/** What the program prints when it runs this file. */
export async function runIn(
  name: EngineName,
  program: string,
  file: string,
  argument: string,
): Promise<string> {
  const words = [...engines[name].words, file, argument];
  const { stdout } = await promisify(execFile)(program, words, { timeout: 60_000 });
  return stdout;
}
