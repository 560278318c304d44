/** The doors that package.json promises are there once built, and open on plain Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface PackageFile {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
}

// Of this repository, so its form is known.
const { bin, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile;

/** What a program on plain Node prints, with the package at hand under its own name. */
function printed(program: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('the package', () => {
  it.each(Object.entries(exports))('has the files of %s', (_, files) => {
    expect(existsSync(files.types)).toBe(true);
    expect(existsSync(files.default)).toBe(true);
  });

  it('has its command', () => {
    expect(Object.values(bin).every((file) => existsSync(file))).toBe(true);
  });

  it('compiles and runs a model through the door of the compiler', () => {
    const program = `
      import { compile, inferenceGraph, interpret } from 'gatework';
      const { model } = compile({ name: 'spec', text: 'relu' }, { mode: 'inference' });
      const x = { dtype: 'float', shape: [1, 2, 1], data: Float64Array.of(-1, 3) };
      const lengths = { dtype: 'int', shape: [1], data: Int32Array.of(2) };
      const inputs = new Map([['x', x], ['lengths', lengths]]);
      const { data } = interpret(inferenceGraph(model), inputs, { precision: 'f64' }).get('y');
      console.log(data.join(' '));`;
    expect(printed(program)).toBe('0 3\n');
  });

  it('reads and writes tensors through the door of the runtime', () => {
    const program = `
      import { readSafetensors, writeSafetensors, toNdArrays, fromNdArrays } from 'gatework/runtime';
      const a = { dtype: 'float', shape: [2], data: Float32Array.of(1.5, 2.5) };
      const bytes = writeSafetensors(fromNdArrays(new Map([['a', a]])));
      console.log(toNdArrays(readSafetensors(bytes, 'memory').tensors).get('a').data.join(' '));`;
    expect(printed(program)).toBe('1.5 2.5\n');
  });
});
