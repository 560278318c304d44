/**
 * The package as somebody else has it: packed, unpacked in an empty project, with what it depends
 * on and nothing more. Every door opens, typed; the command runs; others' checkers find nothing.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFiles } from '../support/bundles.ts';
import { attw, publintSays } from '../support/package-checks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

// Of this repository, so its form is known.
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
};
const doors = Object.keys(own.exports).map((path) => path.replace('.', 'gatework'));

/** What comes through each door, in TypeScript; an error is expected at each `// no`. */
const typed = `import { compile } from 'gatework';
import { drawArrays } from 'gatework/verify';
import { readSafetensors } from 'gatework/runtime';
import vite, { gatework as named } from 'gatework/vite';
import rollup from 'gatework/rollup';
import webpack from 'gatework/webpack';
import esbuild, { type GateworkOptions } from 'gatework/esbuild';
const options: GateworkOptions = { init: 1, precision: 'f16', backends: ['wasm'], types: false };
export const plugins = [vite(), named(options), rollup(options), webpack(options), esbuild()];
export const diagnostics: readonly { code: string }[] = compile(
  { name: 'spec', text: 'lstm(3)' },
  { mode: 'inference' },
).diagnostics;
export const tensors: ReadonlyMap<string, object> = readSafetensors(new Uint8Array(), 'x').tensors;
vite({ precision: 'f17' }); // no
esbuild({ target: 'toaster' }); // no
compile('lstm(3)'); // no
readSafetensors('x', 'x'); // no
drawArrays.nothing; // no
`;

const { folder, remove } = writeFiles(
  new Map([
    ['package.json', '{ "private": true, "type": "module" }'],
    ['typed.ts', typed],
  ]),
);
const home = join(folder, 'node_modules/gatework');
const tarball = join(folder, `gatework-${own.version}.tgz`);

beforeAll(async () => {
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components', '1', '-C', home]);
  // As npm does, but that packages are where they are already.
  const links = Object.keys(own.dependencies).map((name) => [
    name,
    join(root, 'node_modules', name),
  ]);
  const commands = Object.entries(own.bin).map(([name, file]) => [
    `.bin/${name}`,
    join(home, file),
  ]);
  for (const [name = '', target = ''] of [...links, ...commands]) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link);
  }
}, 120_000);
afterAll(() => remove());

/** As if there were no network, which nothing here is to ask. */
async function inProject(command: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, npm_config_offline: 'true' };
  return (await run(command, args, { cwd: folder, env, timeout: 60_000 })).stdout;
}

describe('the installed package', { timeout: 120_000 }, () => {
  it('is sound', async () => {
    expect(await publintSays(home)).toEqual([]);
    expect(await attw(tarball)).toEqual([]);
  });

  it('opens every door', async () => {
    expect(doors).toHaveLength(7);
    const program = `for (const door of ${JSON.stringify(doors)}) {
      console.log(door, Object.keys(await import(door)).length > 0);
    }`;
    const opened = await inProject(process.execPath, '--input-type=module', '-e', program);
    expect(opened).toBe(doors.map((door) => `${door} true\n`).join(''));
  });

  it('has types of its own, and they are right', () => {
    const file = join(folder, 'typed.ts');
    const program = ts.createProgram([file], {
      strict: true,
      exactOptionalPropertyTypes: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      types: [],
      noEmit: true,
    });
    const source = program.getSourceFile(file);
    const lines = typed.split('\n');
    const wrong = ts.getPreEmitDiagnostics(program, source).map(({ start = 0 }) => {
      return lines[source?.getLineAndCharacterOfPosition(start).line ?? -1];
    });
    expect(wrong).toEqual(lines.filter((line) => line.endsWith('// no')));
    const declarations = program.getSourceFiles().filter(({ fileName }) => fileName.includes(home));
    expect(declarations.length).toBeGreaterThan(50);
    const faults = declarations.flatMap((one) => program.getSemanticDiagnostics(one));
    expect(faults.map(({ messageText }) => messageText)).toEqual([]);
  });

  it('has a command that checks and builds, and what it builds runs', async () => {
    const checked = await inProject('npx', '--no', 'gatework', 'check', 'lstm(3)');
    expect(checked).toContain('12*D + 48 parameters');
    const spec = ['lstm(3)', '--dim', 'D=2', '--init', '1'];
    await inProject('npx', '--no', 'gatework', 'build', ...spec, '-o', 'model');
    writeFileSync(
      join(folder, 'app.js'),
      `import { load } from './model/index.js';
       console.log((await (await load()).selfTest()).ok);`,
    );
    expect(await inProject(process.execPath, 'app.js')).toBe('true\n');
  });
});
