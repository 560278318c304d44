/**
 * The types of bundles as TypeScript sees them at its strictest: declarations are sound by
 * themselves, right uses pass, and each wrong one is an error where it stands.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, modelOf, writeFiles, type BuildHow } from '../support/bundles.ts';

const zoo = (name: string): string =>
  fileURLToPath(new URL(`../../specs/zoo/${name}.gate`, import.meta.url));

/** Models, and what is done with each in TypeScript; an error is expected at each `// no`. */
const uses: readonly (readonly [name: string, spec: string, how: BuildHow, use: string])[] = [
  [
    'lstm',
    'lstm(8) -> softmax(3)',
    { dims: { D: 4 } },
    `const model: Model = await load();
     const { y } = await model.run({ x: new Float32Array(8) });
     const width: 3 = y.shape[1];
     const data: Float32Array = y.data;
     const all: Outputs[] = await model.run([{ x: [1, 2, 3, 4] }]);
     const stream = model.stream();
     const step: readonly [3] = stream.step({ x: [1, 2, 3, 4] }).y.shape;
     const later = model.stream(stream.state);
     const cell: Float32Array = stream.state['lstm.c'];
     await load({ backend: 'wasm' });
     await load({ backend: undefined });
     await model.run({ z: [1] }); // no
     await model.run({}); // no
     await model.run({ x: 'text' }); // no
     await model.run({ x: 3 }); // no
     await load({ backend: 'cuda' }); // no
     y.labels; // no
     stream.state['lstm.z']; // no
     model.sample(); // no
     model.fit([]); // no
     await load({ saved: new Uint8Array() }); // no
     y.shape[2]; // no`,
  ],
  [
    'both-ways',
    'bidirectional(gru(4), depth=2) -> softmax',
    { dims: { D: 4 }, target: 'node' },
    `const model = await load({ backend: 'javascript' });
     model.stream(); // no
     await load({ backend: 'webgpu' }); // no`,
  ],
  [
    'trainable',
    zoo('ner'),
    { dims: { V: 20 }, train: true },
    `const model = await load();
     const examples = [{ tokens: [1, 2], label: [0, 1] }];
     const fitted = await model.fit(examples, { epochs: 2, onProgress: ({ loss }) => loss + 1 });
     const saved: Uint8Array = await fitted.model.save();
     await load({ saved });
     (await fitted.model.run({ tokens: [1] })).names.data;
     await model.fit([{ tokens: [1, 2] }]); // no
     await model.fit(examples, { rounds: 2 }); // no
     await load({ saved: 'text' }); // no
     fitted.stream; // no`,
  ],
  ['adding', zoo('adding'), {}, `const model = await load(); model.close();`],
  ['copy', zoo('copy'), {}, `const model = await load(); (await model.selfTest()).ok;`],
  ['ner', zoo('ner'), { dims: { V: 20 } }, `const model = await load(); model.backend;`],
  ['names', zoo('names'), { dims: { V: 20, width: 8 } }, `(await load()).stream();`],
  ['language', zoo('language'), { dims: { V: 30 } }, `(await load()).stream();`],
  ['sentiment', zoo('sentiment'), { dims: { V: 30 } }, `(await load()).close();`],
  ['rnn', 'rnn(3)', { dims: { D: 1 }, inline: true }, `(await load()).stream();`],
  ['peephole', 'peephole(3, depth=2)', { dims: { D: 2 } }, `(await load()).stream();`],
  [
    'deep',
    'lstm(4, depth=3) -> dense(2) -> softmax',
    { dims: { D: 2 } },
    `(await load()).close();`,
  ],
];

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  types: [],
  noEmit: true,
};

let folder = '';
let remove = (): void => undefined;
let program: ts.Program;

beforeAll(async () => {
  const files = new Map<string, string | Uint8Array>([['package.json', '{"type":"module"}']]);
  for (const [name, spec, how, use] of uses) {
    const built = await filesOf(await modelOf(spec, how), how);
    for (const [file, content] of built) files.set(`${name}/${file}`, content);
    const imports = `import { load, type Model, type Outputs } from './${name}/index.js';`;
    const named = `export type Used = [Model, Outputs];`;
    files.set(`${name}.ts`, [imports, named, use].join('\n'));
  }
  ({ folder, remove } = writeFiles(files));
  const roots = uses.map(([name]) => join(folder, `${name}.ts`));
  program = ts.createProgram(roots, options);
}, 300_000);

afterAll(() => remove());

describe('types of bundles', { timeout: 60_000 }, () => {
  it.each(uses)('%s', (name) => {
    const file = program.getSourceFile(join(folder, `${name}.ts`));
    const types = program.getSourceFile(join(folder, name, 'index.d.ts'));
    if (file === undefined || types === undefined) throw new Error(`${name} is not there`);
    const lines = file.text.split('\n');
    const found = ts.getPreEmitDiagnostics(program, file).map(({ start = 0 }) => {
      return file.getLineAndCharacterOfPosition(start).line;
    });
    const expected = lines.flatMap((line, i) => (line.endsWith('// no') ? [i] : []));
    expect([...new Set(found)].map((i) => lines[i]?.trim())).toEqual(
      expected.map((i) => lines[i]?.trim()),
    );
    expect(ts.getPreEmitDiagnostics(program, types)).toEqual([]);
  });
});
