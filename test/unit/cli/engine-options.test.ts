/** What computes: what the options say, what follows from them, and what they do not allow. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { checkEngine, graphUse } from '../../../compiler/cli/engine.ts';
import { UsageError } from '../../../compiler/cli/failure.ts';
import { engineOf, engineOptions, type EngineOptions } from '../../../compiler/cli/options.ts';

function parsed(...args: readonly string[]): EngineOptions {
  let found: EngineOptions | undefined;
  const program = new Command('gatework')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  engineOptions(program.command('run'))
    .exitOverride()
    .action((options: EngineOptions) => {
      found = engineOf(options);
    });
  program.parse(['run', ...args], { from: 'user' });
  if (found === undefined) throw new Error('the command did not run');
  checkEngine(found);
  return found;
}

describe('what computes', () => {
  it.each<[readonly string[], Partial<EngineOptions>]>([
    [[], { backend: 'wasm', dtype: 'f32' }],
    [['--dtype', 'f32'], { backend: 'wasm', dtype: 'f32' }],
    [['--dtype', 'f64'], { backend: 'interpreter', dtype: 'f64' }],
    [['--backend', 'interpreter'], { backend: 'interpreter', dtype: 'f32' }],
    [['--threads', '64', '--form', 'scalar'], { threads: 64, form: 'scalar' }],
    [['--backend', 'javascript'], { backend: 'javascript', dtype: 'f32' }],
    [['--backend', 'webgpu', '--schedule', 'steps'], { backend: 'webgpu', schedule: 'steps' }],
  ])('%j', (args, expected) => {
    expect(parsed(...args)).toMatchObject(expected);
  });

  it.each([
    [['--backend', 'wasm', '--dtype', 'f64'], '--dtype f64 needs --backend interpreter'],
    [['--backend', 'interpreter', '--threads', '2'], '--threads needs --backend wasm'],
    [['--backend', 'javascript', '--dtype', 'f64'], '--dtype f64 needs --backend interpreter'],
    [['--backend', 'javascript', '--threads', '2'], '--threads needs --backend wasm'],
    [['--dtype', 'f64', '--threads', '2'], '--threads needs --backend wasm'],
    [['--backend', 'webgpu', '--form', 'simd'], '--form needs --backend wasm'],
    [['--schedule', 'steps'], '--schedule needs --backend webgpu'],
    [['--check-nan'], '--check-nan needs --backend webgpu'],
  ])('is a mistake of use for %j', (args, message) => {
    expect(() => parsed(...args)).toThrow(UsageError);
    expect(() => parsed(...args)).toThrow(message);
  });

  it.each([
    [['--threads', '0'], 'expected a whole number from 1 to 64'],
    [['--threads', '65'], 'expected a whole number from 1 to 64'],
    [['--threads', '1.5'], 'expected a whole number from 1 to 64'],
    [['--form', 'avx'], 'Allowed choices are relaxed, simd, scalar'],
    [['--backend', 'cuda'], 'Allowed choices are wasm, javascript, interpreter, webgpu'],
  ])('is none for %j', (args, message) => {
    expect(() => parsed(...args)).toThrow(message);
  });

  it('has graphs of its own but for the interpreter', () => {
    const use = (backend: EngineOptions['backend']) => graphUse({ backend, dtype: 'f32' });
    expect((['wasm', 'javascript', 'webgpu', 'interpreter'] as const).map(use)).toEqual([
      ...['kernels', 'kernels', 'kernels', 'interpreter'],
    ]);
  });
});
