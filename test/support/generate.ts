/**
 * `npm run generate` runs each generator beside this file (`generate-*.ts`). With `--check` it
 * fails, and names the files, where that changed anything: what is committed must be what the
 * generators write.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const support = dirname(fileURLToPath(import.meta.url));
const root = join(support, '../..');

const check = process.argv.includes('--check');
const before = generatedFiles();
for (const name of readdirSync(support).filter((file) => /^generate-.*\.ts$/.test(file))) {
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(support, name)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) {
    console.error(`${name} failed.`);
    process.exit(1);
  }
}
const after = generatedFiles();
const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
for (const file of stale) console.error(`${check ? 'was out of date' : 'updated'}: ${file}`);
if (check && stale.length > 0) process.exit(1);

/** Everything that a generator may write: `*.gen.ts` and the pages under specs/. */
function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['compiler', 'runtime', 'specs']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, entry);
      if (file.endsWith('.gen.ts') || (folder === 'specs' && file.endsWith('.md'))) {
        files.set(file, readFileSync(join(root, file), 'utf8'));
      }
    }
  }
  return files;
}
