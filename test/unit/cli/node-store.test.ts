/** A run's folder on disk: whole files only, whatever moment the process is killed at. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNodeStore } from '../../../compiler/cli/node-store.ts';
import { toNdArrays } from '../../../runtime/tensors/convert.ts';
import { readSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { faultOf, faultOfAsync } from '../../support/fault.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatework-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a folder', () => {
  test('is made, written, read and appended to; nothing is left aside', async () => {
    const run = join(folder, 'a/b');
    const store = openNodeStore(run);
    expect(await store.read('x')).toBeUndefined();
    await store.writeAtomically('x', bytes('one'));
    await store.writeAtomically('x', bytes('two'));
    expect(new TextDecoder().decode(await store.read('x'))).toBe('two');
    await store.append('log', 'a\n');
    await store.append('log', 'b\n');
    expect(readFileSync(join(run, 'log'), 'utf8')).toBe('a\nb\n');
    expect(readdirSync(run).sort()).toEqual(['log', 'x']);
  });

  test('what a dead process left aside is removed, what a living one writes is not', () => {
    writeFileSync(join(folder, '.checkpoint.safetensors.999999999.tmp'), 'half');
    writeFileSync(join(folder, `.checkpoint.safetensors.${process.ppid}.tmp`), 'being written');
    writeFileSync(join(folder, 'mine.tmp'), 'a file of the user');
    openNodeStore(folder);
    expect(readdirSync(folder).sort()).toEqual([
      `.checkpoint.safetensors.${process.ppid}.tmp`,
      'mine.tmp',
    ]);
  });

  test('faults name the path', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(faultOf(() => openNodeStore(join(folder, 'file'))).code).toBe('R7402');
    const store = openNodeStore(folder);
    const missing = await faultOfAsync(() => store.writeAtomically('no/such', bytes('x')));
    expect(missing.code).toBe('R7402');
    expect(missing.message).toContain('no/such');
    expect((await faultOfAsync(() => store.append('no/such', 'x'))).code).toBe('R7402');
    expect((await faultOfAsync(() => store.read('.'))).code).toBe('R7401');
  });
});

/** Kills a writer some milliseconds after its first write. */
async function killWriter(delay: number): Promise<void> {
  const script = join(import.meta.dirname, '../../support/write-for-ever.ts');
  const writer = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  await Promise.race([new Promise((resolve) => writer.stdout.once('data', resolve)), ended]);
  await new Promise((resolve) => setTimeout(resolve, delay));
  writer.kill('SIGKILL');
  await ended;
  expect(writer.signalCode).toBe('SIGKILL');
}

test('a writer killed at any moment leaves a whole file', async () => {
  for (let round = 0; round < 12; round++) {
    await killWriter((round * 13) % 41);
    const found = readFileSync(join(folder, 'checkpoint.safetensors'));
    const array = toNdArrays(readSafetensors(found, 'c').tensors).get('w');
    const [first] = array?.data ?? [];
    expect(first).toBeGreaterThan(0);
    expect(array?.data.every((value) => value === first)).toBe(true);
  }
  openNodeStore(folder);
  expect(readdirSync(folder)).toEqual(['checkpoint.safetensors']);
});
