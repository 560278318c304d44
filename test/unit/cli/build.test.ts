/** `gatework build` as a process: the folder that it leaves, and what it refuses. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatework, inTemporaryFolder } from '../../support/command-line.ts';

const spec = ['rnn(2)', '--dim', 'D=2', '--init', '1'];

const plain = [
  ...['README.md', 'golden.safetensors', 'index.d.ts', 'index.js', 'javascript.js'],
  ...['manifest.json', 'model.safetensors', 'model.wasm', 'package.json', 'webgpu.js'],
];

describe('gatework build', { timeout: 120_000 }, () => {
  it('writes a folder, and over an older bundle', () => {
    inTemporaryFolder((folder) => {
      const out = join(folder, 'deep/er/model');
      const first = gatework('build', ...spec, '-o', out, '--json');
      expect(first.stderr).toBe('');
      const { ok, files } = JSON.parse(first.stdout) as {
        ok: boolean;
        files: { name: string; bytes: number }[];
      };
      expect(ok).toBe(true);
      expect(files.map(({ name }) => name).sort()).toEqual(plain);
      for (const { name, bytes } of files) expect(readFileSync(join(out, name)).length).toBe(bytes);
      const second = gatework('build', ...spec, '-o', out, '--target', 'single-file');
      expect(second.status).toBe(0);
      expect(second.stdout).toContain('bytes of code, gzipped');
      expect(readdirSync(out).sort()).toEqual(
        plain.filter((name) => !/^(model\.|webgpu|javascript)/.test(name)),
      );
      expect(readdirSync(join(folder, 'deep/er'))).toEqual(['model']);
    });
  });

  it('leaves alone what no build wrote', () => {
    inTemporaryFolder((folder) => {
      const out = join(folder, 'model');
      mkdirSync(out);
      writeFileSync(join(out, 'thesis.txt'), 'mine');
      const refused = gatework('build', ...spec, '-o', out);
      expect([refused.status, refused.stderr]).toEqual([
        1,
        expect.stringMatching(/error\[R7807\].* holds thesis\.txt/),
      ]);
      expect(readdirSync(out)).toEqual(['thesis.txt']);
      const file = gatework('build', ...spec, '-o', join(out, 'thesis.txt'));
      expect(file.stderr).toContain('R7807');
    });
  });

  it.each([
    ['no weights', ['rnn(2)', '--dim', 'D=2'], 1, 'R7407'],
    ['an open width', ['rnn(2)', '--init', '1'], 1, 'R7408'],
    ['a wrong spec', ['rnm(2)', '--init', '1'], 1, 'did you mean'],
    ['an unknown target', [...spec, '--target', 'toaster'], 2, 'Allowed choices'],
    ['an unknown backend', [...spec, '--backends', 'cuda'], 2, 'expected names of webgpu'],
  ])('refuses %s', (_, args, status, message) => {
    inTemporaryFolder((folder) => {
      const out = join(folder, 'model');
      const run = gatework('build', ...args, '-o', out);
      expect([run.status, run.stderr]).toEqual([status, expect.stringContaining(message)]);
      expect(existsSync(out)).toBe(false);
    });
  });
});
