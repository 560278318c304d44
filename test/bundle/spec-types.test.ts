/**
 * An app in TypeScript that imports specs, as Vite's own templates set TypeScript up: the plugin
 * leaves declarations with which right uses pass and each wrong one is an error where it stands.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatework } from '../../compiler/plugin/esbuild.ts';
import { writeFiles } from '../support/bundles.ts';

const app = `import net, { load, type Inputs, type Model } from './net.gate?init=1&dim.D=4&backends=wasm';
import whole from '../src/deep/whole.gate?init=2';
const model: Model = await net.load();
const same: Model = await load({ backend: 'wasm' });
const inputs: Inputs = { x: [1, 2, 3, 4] };
const width: 3 = (await model.run(inputs)).y.shape[1];
const step: Float32Array = same.stream().step(inputs).y.data;
export const used = [width, step, await (await whole.load()).run({ x: step })];
await model.run({ z: [1] }); // no
await model.run({ x: 'text' }); // no
await load({ backend: 'webgpu' }); // no
net.run; // no
(await whole.load()).stream(); // no
`;

/** Of an import that no build has seen. */
const stray = `import net from './net.gate?init=7'; // no
export default net;
`;

const twin = `import one from './net.gate?init=3&dim.D=2';
import other from './deep/net.gate?init=3&dim.D=2';
await one.load();
(await one.load()).run; // no
(await other.load()).run; // no
`;

const files = new Map([
  ['tsconfig.json', '{}'],
  ['src/app.ts', app],
  ['src/stray.ts', stray],
  ['src/twin.ts', twin],
  ['src/net.gate', 'lstm(8) -> softmax(3)'],
  ['src/deep/net.gate', 'rnn(2)'],
  ['src/deep/whole.gate', 'model whole { input x: [T, 8] output y = x -> bidirectional(rnn(2)) }'],
]);

const options: ts.CompilerOptions = {
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ...{ verbatimModuleSyntax: true, noEmit: true, types: [] },
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
};

const { folder, remove } = writeFiles(files);
const declarations = join(folder, 'src/gatework-env.d.ts');

async function built(script: string): Promise<string[]> {
  const { warnings } = await build({
    ...{ absWorkingDir: folder, entryPoints: [`src/${script}`], outdir: 'out', write: false },
    ...{ bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' },
    plugins: [gatework()],
  });
  return warnings.map(({ text }) => text);
}

/** The lines of a script at which TypeScript finds fault. */
function faultyLines(script: string): string[] {
  const file = join(folder, 'src', script);
  const program = ts.createProgram([file, declarations], options);
  const source = program.getSourceFile(file);
  const declared = program.getSourceFile(declarations);
  expect(ts.getPreEmitDiagnostics(program, declared)).toEqual([]);
  const lines = (source?.text ?? '').split('\n');
  const found = ts.getPreEmitDiagnostics(program, source).map(({ start = 0 }) => {
    return source?.getLineAndCharacterOfPosition(start).line ?? -1;
  });
  return [...new Set(found)].map((line) => lines[line] ?? '');
}

const wrong = (text: string): string[] => text.split('\n').filter((line) => line.endsWith('// no'));

describe('an import of a spec', { timeout: 60_000 }, () => {
  beforeAll(async () => expect(await built('app.ts')).toEqual([]), 60_000);
  afterAll(() => remove());

  it('has the types of its model', () => {
    expect(faultyLines('app.ts')).toEqual(wrong(app));
    expect(faultyLines('stray.ts')).toEqual(wrong(stray));
  });

  it('is not known where it could be either of two, which is told', async () => {
    const before = readFileSync(declarations, 'utf8');
    expect((await built('twin.ts')).join()).toMatch(/cannot tell .*net\.gate from .*net\.gate/);
    expect(faultyLines('twin.ts')).toEqual(wrong(twin));
    // What other imports are stays, until their spec is gone.
    expect(faultyLines('app.ts')).toEqual(wrong(app));
    rmSync(join(folder, 'src/deep'), { recursive: true });
    await built('app.ts').catch(() => undefined);
    expect(readFileSync(declarations, 'utf8')).not.toContain('whole');
    expect(before).toContain('whole');
  });
});
