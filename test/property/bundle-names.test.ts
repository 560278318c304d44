/**
 * Names in specs, words and labels are data: whatever they are, the modules of a bundle have the
 * same tokens, but for what stands between quotes, and the bundle answers under those names.
 */
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { BundleDescription } from '../../runtime/artifact/bundle.ts';
import { cardText } from '../../compiler/7-bundle/card.ts';
import { declarationSource } from '../../compiler/7-bundle/declarations.ts';
import { entrySource, type ModuleParts } from '../../compiler/7-bundle/module-source.ts';
import { targetNames, targetOf } from '../../compiler/7-bundle/target.ts';
import { assemble } from '../../compiler/cli/bundle/assemble.ts';
import { compileBundle, type CompiledBundle } from '../../compiler/cli/bundle/compile.ts';
import { filesOf, loaded, modelOf } from '../support/bundles.ts';

const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      '__proto__',
      'constructor',
      'toString',
      'await',
      'class',
      '</script>',
      "'",
      '"',
      '`',
      '${x}',
    ],
    ...['*/', '\\', '\n', '\u2028', '\u2029', '\0', '<!--', 'a'.repeat(10_000), '', '😀', '\ud800'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Four names that differ. */
const names = fc.uniqueArray(hostile, { minLength: 6, maxLength: 6 });

const spec = `model m {
  input tokens: words(6)[T]
  input x: float[T, 2]
  output y = concat(tokens -> embed(2), x) -> lstm(3) -> softmax(2)
}`;

async function compiled(): Promise<CompiledBundle> {
  const model = await modelOf(spec);
  return compileBundle(model, targetOf('web'), 'f32');
}

/** The same under other names: of the model, of inputs and outputs, of labels and of words. */
function renamed(
  { parts, ...rest }: CompiledBundle,
  [model = '', tokens = '', x = '', y = '', label = '', word = '']: readonly string[],
): CompiledBundle {
  const renaming = new Map([
    ['tokens', tokens],
    ['x', x],
    ['y', y],
  ]);
  const to = (name: string): string => renaming.get(name) ?? name;
  const labels = [label, `${label}2`];
  const description: BundleDescription = {
    ...parts.description,
    name: model,
    inputs: parts.description.inputs.map((input) => ({ ...input, name: to(input.name) })),
    outputs: parts.description.outputs.map((output) => {
      return { ...output, name: to(output.name), tokens, labels };
    }),
  };
  const { linear } = parts;
  const named = <A extends { readonly name: string }>(all: readonly A[]): A[] =>
    all.map((one) => ({ ...one, name: to(one.name) }));
  const program = {
    ...linear,
    parameters: named(linear.parameters),
    results: named(linear.results),
  };
  const text = { kind: 'words', lowerCase: false, tokens: ['<UNK>', '<EOS>', `${word}1`] } as const;
  return { ...rest, parts: { ...parts, description, linear: program, text, labels } };
}

const plain = ['m', 'tokens', 'x', 'y', 'l', 'w'];

/** Kinds of tokens, in their order. */
function structure(text: string): readonly ts.SyntaxKind[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const kinds: ts.SyntaxKind[] = [];
  const visit = (node: ts.Node): void => {
    // A string is told in one way or another.
    const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
    kinds.push(isText ? ts.SyntaxKind.StringLiteral : node.kind);
    node.forEachChild(visit);
  };
  visit(file);
  return kinds;
}

function sources({ parts }: CompiledBundle): readonly string[] {
  const each = targetNames.map((name): ModuleParts => ({ ...parts, target: targetOf(name) }));
  return [...each.map(entrySource), declarationSource(parts)];
}

describe('names are inert', { timeout: 300_000 }, () => {
  it('in sources and types', async () => {
    const bundle = await compiled();
    const expected = sources(renamed(bundle, plain)).map(structure);
    fc.assert(
      fc.property(names, (drawn) => {
        expect(sources(renamed(bundle, drawn)).map(structure)).toEqual(expected);
      }),
      { numRuns: 40, seed: 9 },
    );
  });

  it('in the modules that ship, which end no script of a page', async () => {
    const bundle = await compiled();
    const index = async (drawn: readonly string[]): Promise<string> => {
      const modules = await assemble(renamed(bundle, drawn));
      return String(modules.get('index.js'));
    };
    const expected = structure(await index(plain));
    await fc.assert(
      fc.asyncProperty(names, async (drawn) => {
        const text = await index(drawn);
        expect(structure(text)).toEqual(expected);
        expect(text).not.toMatch(/<\/script/i);
      }),
      { numRuns: 25, seed: 10 },
    );
  });

  it('in what the bundle answers', async () => {
    const bundle = await compiled();
    const files = await filesOf(await modelOf(spec), { target: 'web' });
    await fc.assert(
      fc.asyncProperty(names, async (drawn) => {
        const [, tokens = '', x = '', y = '', label = '', word = ''] = drawn;
        const modules = await assemble(renamed(bundle, drawn));
        const model = await loaded(new Map([...files, ...modules]), 'wasm');
        const example = Object.fromEntries([
          [tokens, [`${word}1`, 'unheard of']],
          [x, [1, 2, 3, 4]],
        ]);
        const answer = await model.run(example);
        expect(Object.keys(answer)).toEqual([y]);
        const output = Object.getOwnPropertyDescriptor(answer, y)?.value as object;
        const said = expect.stringMatching(/2?$/) as string;
        expect(output).toMatchObject({ shape: [2, 2], labels: [said, said] });
        expect([label, `${label}2`]).toEqual(
          expect.arrayContaining((output as { labels: string[] }).labels),
        );
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it('in the card', () => {
    fc.assert(
      fc.property(names, hostile, ([name = '', x = '', y = ''], text) => {
        const description = {
          name,
          inputs: [{ name: x, element: 'float', sizes: [2] }],
          outputs: [{ name: y, dtype: 'float', sizes: [2] }],
        } as unknown as BundleDescription;
        const facts = { description, spec: text, parameters: 1, precision: 'f32', training: [] };
        const card = cardText({
          ...facts,
          streams: false,
          samples: false,
          trains: false,
          beside: [],
          takesText: false,
        });
        // Outside of code nothing opens a tag or a second heading.
        const prose = card.replace(/^(`{3,})[^]*?^\1$/gm, '');
        expect(prose).not.toMatch(/(?<!\\)<[a-z/!]/i);
        expect(prose.match(/^# /gm)).toHaveLength(1);
      }),
      { numRuns: 200, seed: 12 },
    );
  });
});
