/** Names that bundles shorten must be nobody else's: they would be asked for in vain. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { commonTypes, sampleTypes } from '../../../compiler/7-bundle/common-types.ts';
import { fitTypes } from '../../../compiler/7-bundle/fit-declarations.ts';
import { ownNames } from '../../../compiler/cli/bundle/own-names.ts';

/** Every name of a property, a method or a parameter in declarations. */
function declared(text: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isAccessor(node)) {
      names.add(node.name.getText());
    }
    if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
      names.add(node.name.getText());
    }
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('lib.d.ts', text, ts.ScriptTarget.ESNext, true));
  return names;
}

const folder = dirname(fileURLToPath(import.meta.resolve('typescript')));
const platform = readdirSync(folder)
  .filter((name) => /^lib\.(?:es\d+|dom|webworker)(?:\..*)?\.d\.ts$/.test(name))
  .map((name) => join(folder, name));
const webgpu = join(folder, '../../@webgpu/types/dist/index.d.ts');

describe('names that bundles shorten', () => {
  it.each([
    ['the platform', [...platform, webgpu].map((file) => readFileSync(file, 'utf8')).join('\n')],
    ['callers', commonTypes + sampleTypes + fitTypes],
    // What is read from files, from printed kernels, and what the entry says of samples.
    [
      'files',
      `interface Golden { sizes; results; name; allowed; dtype; data_offsets; __metadata__ }
       interface Code { prepare; run; instantiate; env; memory }
       interface Model { fit; save; saved; backend; run; selfTest; close; stream; step; state; sample }`,
    ],
  ])('are unknown to %s', (_, text) => {
    const known = declared(text);
    expect(known.size).toBeGreaterThan(5);
    expect(ownNames.filter((name) => known.has(name))).toEqual([]);
  });

  it('are written in the sources of bundles', () => {
    const root = fileURLToPath(new URL('../../../runtime/', import.meta.url));
    const sources = ['bundle', 'webgpu', 'artifact'].flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(root, name, file), 'utf8')),
    );
    const idle = ownNames.filter((name) => !new RegExp(`\\b${name}\\b`).test(sources.join('\n')));
    expect(idle).toEqual([]);
  });
});
