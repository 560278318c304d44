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
  it('measures what a precision costs, and says so everywhere', () => {
    inTemporaryFolder((folder) => {
      const path = (name: string): string => join(folder, name);
      const out = path('model');
      writeFileSync(path('names.txt'), 'Anna\nOtto\nHannah\nAbba\n'.repeat(8));
      const training = ['--data', path('names.txt'), '--out', path('trained'), '--steps', '20'];
      const options = ['--dim', 'width=16', '--validation', '0', '--quiet'];
      const trained = gatework('train', 'specs/zoo/names.gate', ...training, ...options);
      expect([trained.status, trained.stderr]).toEqual([0, '']);
      const build = (...more: readonly string[]): ReturnType<typeof gatework> =>
        gatework('build', path('trained'), '-o', out, '--data', path('names.txt'), ...more);
      const { quality } = JSON.parse(build('--precision', 'int8', '--json').stdout) as {
        quality: { tokens: number; measures: { name: string; f32: number; stored: number }[] };
      };
      expect(quality.measures.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['loss', 'perplexity']),
      );
      const evaluated = gatework('eval', path('trained'), '--data', path('names.txt'), '--json');
      const { loss, tokens } = JSON.parse(evaluated.stdout) as { loss: number; tokens: number };
      expect(quality.measures[0]).toMatchObject({ name: 'loss', f32: loss });
      expect(quality.tokens).toBe(tokens);
      for (const { f32, stored } of quality.measures) {
        expect(Math.abs(stored / f32 - 1)).toBeLessThan(0.02);
      }
      expect(quality.measures[0]?.stored).not.toBe(loss);
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as object;
      expect(manifest).toMatchObject({ precision: 'int8', quality });
      expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('| measure | f32 | int8 |');
      const told = build('--precision', 'f16').stdout;
      expect(told).toMatch(
        /measure +f32 +f16 +change\n.*\nloss +[\d.]+ +[\d.]+ +([+-][\d.]+ %|none)/,
      );
    });
  });

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
    ['data for f32', [...spec, '--data', 'x.txt'], 2, 'give --precision f16 or int8'],
    ['no data', [...spec, '--precision', 'int8', '--data', 'x.txt'], 1, 'R7401'],
    [
      'data that do not fit',
      [...spec, '--precision', 'int8', '--data', 'package.json'],
      1,
      'R7601',
    ],
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
