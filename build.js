/**
 * `npm run build`: compiler/, runtime/ and examples/ to dist/, which is emptied first so that no
 * deleted file lives on in it. `npm ci` runs it too, through `prepare`; after an install without
 * the development packages there is no TypeScript to build with, and it says so and does nothing.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const commandLine = join(root, 'dist/compiler/cli/main.js');

function typescript() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

const compiler = typescript();
if (compiler === undefined) {
  console.error('gatework: not built, since the development packages are not installed.');
} else {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  // npx links the command once and then runs what it finds, so the file itself must be executable.
  if (existsSync(commandLine)) chmodSync(commandLine, 0o755);
  process.exitCode = built.status ?? 1;
}
