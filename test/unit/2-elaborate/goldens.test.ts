/**
 * Each code of names and shapes (N3, S4) has a folder test/diagnostics/<CODE> with a bad spec and
 * what is said about it, often of several mistakes in one run. `UPDATE_GOLDENS=1` writes
 * `expected.txt` anew. A code without a case fails, and so does a case without a code.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SourceText } from '../../../compiler/base/source.ts';
import { codes } from '../../../compiler/diagnostics/codes.gen.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { compile } from '../../../compiler/pipeline.ts';

const folder = fileURLToPath(new URL('../../diagnostics/', import.meta.url));
const ofMeaning = (code: string): boolean => /^[NS]/.test(code);
const cases = readdirSync(folder).filter(ofMeaning);

describe('diagnostics of names and shapes, rendered', () => {
  it.each(cases)('%s', (code) => {
    const directory = join(folder, code);
    const text = readFileSync(join(directory, 'input.gate'), 'utf8');
    const { model, diagnostics } = compile(
      { name: 'input.gate', text },
      { mode: 'inference', load: (path) => load(directory, path), dims: dimsOf(directory) },
    );
    expect(model).toBeUndefined();
    expect(diagnostics.map((d) => d.code)).toContain(code);
    const rendered = `${renderDiagnostics(diagnostics, { colour: false })}\n`;
    const expected = join(directory, 'expected.txt');
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(expected, rendered);
    expect(rendered).toBe(readFileSync(expected, 'utf8'));
  });

  it('has a case for every code and a code for every case', () => {
    expect(cases.toSorted()).toEqual(Object.keys(codes).filter(ofMeaning).toSorted());
  });

  it('has a heading for every code that is reported', () => {
    const used = ['2-elaborate/', 'ast/', './'].flatMap((part) => codesIn(part));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(codes).filter(ofMeaning).toSorted());
  });
});

function codesIn(part: string): string[] {
  const directory = fileURLToPath(new URL(`../../../compiler/${part}`, import.meta.url));
  const files = readdirSync(directory).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    [...readFileSync(join(directory, file), 'utf8').matchAll(/'([NS]\d{4})'/g)].map(
      ([, code = '']) => code,
    ),
  );
}

/** A file of the case, or a link of an endless chain of files. */
function load(directory: string, path: string): SourceText | undefined {
  const link = /^\.\/chain\/(\d+)\.gate$/.exec(path)?.[1];
  if (link !== undefined) {
    return { name: `chain/${link}.gate`, text: `import "./chain/${Number(link) + 1}.gate"\n` };
  }
  const file = join(directory, path);
  return existsSync(file)
    ? { name: path.replace('./', ''), text: readFileSync(file, 'utf8') }
    : undefined;
}

/** `dims.json`: what `--dim` binds. */
function dimsOf(directory: string): ReadonlyMap<string, number> {
  const file = join(directory, 'dims.json');
  if (!existsSync(file)) return new Map();
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>));
}
