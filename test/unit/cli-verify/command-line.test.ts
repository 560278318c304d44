/** `gatework verify` as a person calls it: its table, its files, its exit status, Ctrl-C. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gatework, inTemporaryFolder } from '../../support/command-line.ts';

const quick = ['--runs', '2', '--time', '100s'];

describe('gatework verify', { timeout: 240_000 }, () => {
  it('tells in a table what held, and writes reports', () => {
    inTemporaryFolder((folder) => {
      const [junit, html] = [join(folder, 'report.xml'), join(folder, 'report.html')];
      const backends = ['--backends', 'interpreter,wasm scalar'];
      const files = ['--junit', junit, '--html', html];
      const run = gatework('verify', 'lstm(2)', ...quick, ...backends, ...files);
      expect(run.stderr).toBe('');
      expect(run.status).toBe(0);
      expect(run.stdout).toMatch(/^backend +values +gradients +training +laws +bits +NaN, ∞/);
      expect(run.stdout).toMatch(/^wasm scalar +1 ✓ [\d.]+% /m);
      expect(run.stdout).toMatch(/\d+ checks on 2 cases of seed 1 in \d+ s: all held\n$/);
      expect(run.stdout).not.toContain('webgpu');
      const xml = readFileSync(junit, 'utf8');
      expect(xml).toContain('<testsuite name="wasm scalar"');
      expect(xml).toContain('<testcase classname="wasm scalar" name="gradients"><system-out>');
      const page = readFileSync(html, 'utf8');
      expect(page).toContain('<svg');
      expect(page).toContain('wasm scalar');
      expect(page).not.toMatch(/<script|https?:/);
    });
  });

  it('prints one document with --json', () => {
    const run = gatework('verify', 'rnn(2)', ...quick, '--backends', 'wasm scalar', '--json');
    const found = JSON.parse(run.stdout) as {
      readonly ok: boolean;
      readonly results: readonly { readonly backend: string; readonly runs: number }[];
    };
    expect(found.ok).toBe(true);
    expect(found.results.map((r) => r.backend)).toContain('wasm scalar');
    expect(found.results.some((r) => r.runs > 0)).toBe(true);
  });

  it('has status 2 for a backend that is none, and 1 for a spec that is none', () => {
    const usage = gatework('verify', 'rnn(2)', '--backends', 'cuda');
    expect([usage.status, usage.stdout]).toEqual([2, '']);
    const spec = gatework('verify', 'rnm(2)');
    expect(spec.status).toBe(1);
    expect(spec.stderr).toContain('rnn');
  });

  it('has status 3 where the time was too short for a backend, unless that is allowed', () => {
    const short = ['--time', '1ms', '--backends', 'wasm scalar'];
    const run = gatework('verify', 'rnn(2)', ...short);
    expect(run.status).toBe(3);
    expect(run.stdout).toContain('not run: wasm scalar: not one check');
    expect(gatework('verify', 'rnn(2)', ...short, '--allow-skips').status).toBe(0);
  });

  it.each([
    [['--runs', '0'], 'expected at least one'],
    [['--seed', 'x'], 'expected a whole number'],
    [['--time', '0'], '--time needs more than nothing'],
    [['--patience', '0s'], '--patience needs more than nothing'],
    [['--time', '3 weeks'], 'expected a time such as'],
  ])('has status 2 for %s', (words, why) => {
    const run = gatework('verify', 'rnn(2)', ...words);
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(why);
  });

  it('refuses what no memory holds before it is drawn', () => {
    const run = gatework('verify', 'lstm(100_000)', '--time', '10s');
    expect([run.status, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(/error\[T6401\]: to verify a model of 40001600000 weights takes/);
  });

  it('draws batch and time itself, whatever --dim says, and keeps to widths', () => {
    const dims = ['T=3', 'B=2', 'D=4'].flatMap((dim) => ['--dim', dim]);
    const words = [...dims, '--runs', '2', '--backends', 'interpreter'];
    const run = gatework('verify', 'lstm(2)', ...words);
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('B, T: drawn anew for each case');
  });

  it('prints what has been checked so far after Ctrl-C, with status 130', async () => {
    const main = fileURLToPath(new URL('../../../compiler/cli/main.ts', import.meta.url));
    const words = ['verify', 'rnn(2)', '--time', '200s', '--runs', '100000'];
    const args = ['--import', 'tsx', main, ...words, '--backends', 'interpreter'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    setTimeout(() => child.kill('SIGINT'), 15_000);
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    expect(stdout).toMatch(/stopped; \d+ checks on \d+ cases?/);
  });
});
