/** Texts of specs for tests: parsed, cut, mutated. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSpec } from '../../compiler/1-parse/parse-spec.ts';
import type { SourceFile } from '../../compiler/ast/types.ts';
import type { SourceText } from '../../compiler/base/source.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { yamlSpecs } from './yaml-specs.ts';

/** The tree of a spec that must be without mistakes. */
export function tree(text: string, name = 'spec.gate'): SourceFile {
  const { file, diagnostics } = parseSpec({ name, text });
  if (file === undefined || diagnostics.length > 0) {
    throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('; ') || 'no tree');
  }
  return file;
}

/** `CODE` and the marked text of each diagnostic, in order. */
export function faults(text: string, name = 'spec.gate'): string[] {
  return parseSpec({ name, text }).diagnostics.map((d) => `${d.code} ${marked(d)}`);
}

export function marked({ primary }: Diagnostic): string {
  if (primary === undefined) return '';
  const { source, start, end } = primary.span;
  return start === end
    ? `after ${source.text.slice(0, start).slice(-1)}`
    : source.text.slice(start, end);
}

/** Real specs of every surface, from specs/ and the YAML twins. */
export function realSpecs(): SourceText[] {
  const root = fileURLToPath(new URL('../../specs/', import.meta.url));
  const gates = ['std', 'zoo'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.gate'))
      .map((name) => ({ name, text: readFileSync(join(root, folder, name), 'utf8') })),
  );
  const yaml = yamlSpecs.map((text, i) => ({ name: `twin${String(i)}.yaml`, text }));
  const pipelines = ['bidirectional(lstm(128), depth=3) -> softmax', '# x\nlstm(8)\n  -> relu # y'];
  return [...gates, ...yaml, ...pipelines.map((text) => ({ name: '<pipeline>', text }))];
}

/** Real specs with pieces cut out, doubled, swapped or replaced, and texts of loose words. */
export function brokenSpecs(): fc.Arbitrary<SourceText> {
  const real = fc.constantFrom(...realSpecs());
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(30), fc.nat(), piece), {
    minLength: 1,
    maxLength: 5,
  });
  const mutated = fc.tuple(real, edits).map(([spec, list]) => ({
    name: spec.name,
    text: list.reduce(
      (text, [at, length, kind, word]) => edit(text, at, length, kind, word),
      spec.text,
    ),
  }));
  const loose = fc
    .tuple(fc.constantFrom('a.gate', 'a.yaml', '<pipeline>'), fc.array(piece, { maxLength: 40 }))
    .map(([name, pieces]) => ({ name, text: pieces.join('') }));
  const noise = fc
    .tuple(
      fc.constantFrom('a.gate', 'a.yaml', '<pipeline>'),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    .map(([name, text]) => ({ name, text }));
  return fc.oneof(
    { arbitrary: mutated, weight: 6 },
    { arbitrary: loose, weight: 3 },
    { arbitrary: noise, weight: 1 },
  );
}

/** A window of the text keeps each case short, so that thousands of them fit in seconds. */
function edit(text: string, at: number, length: number, kind: number, word: string): string {
  const start = text.length === 0 ? 0 : at % text.length;
  const end = start + length;
  const cut = text.slice(start, end);
  const edits = [
    text.slice(0, start) + text.slice(end),
    text.slice(0, end) + cut + text.slice(end),
    text.slice(0, start) + word + text.slice(start),
    text.slice(0, start) + word + text.slice(end),
    text.slice(Math.max(0, start - 200), start + 200),
  ];
  return edits[kind % edits.length] ?? text;
}

const piece = fc.constantFrom(
  ...['model ', 'cell ', 'layer ', 'import ', 'input ', 'state ', 'weight ', 'output ', 'loss '],
  ...['train ', 'emit ', 'layout ', 'if ', 'else ', 'from ', 'x', 'Γu', 'c~', 'c̃', '<t>', '<t-1>'],
  ...[
    ' = ',
    ' == ',
    ' -> ',
    ' < ',
    ' + ',
    ' - ',
    ' * ',
    ' / ',
    ' ^ ',
    ', ',
    ': ',
    '(',
    ')',
    '[',
    ']',
  ],
  ...[
    '{',
    '}',
    '{ ',
    ' }',
    '\n',
    '\n  ',
    '\n- ',
    '- ',
    '"',
    '"a"',
    "'",
    '# c\n',
    '# ',
    '\\',
    '3',
    '1e',
  ],
  ...[
    '.5',
    '10_000',
    '|\n',
    '>\n',
    '&a ',
    '*a',
    '?',
    '\t',
    '\r\n',
    '\uFEFF',
    '😀',
    '\uD800',
    '漢',
    ' ',
  ],
  ...['model: m\n', 'output: ', 'layers:\n', 'then: ', 'else: ', 'equations: ', 'loss:', '---\n'],
);
