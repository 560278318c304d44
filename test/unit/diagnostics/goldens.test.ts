/**
 * Each code of reading (L1, P2) has a folder test/diagnostics/<CODE> with a bad spec and what is
 * said about it. `UPDATE_GOLDENS=1` writes `expected.txt` anew; look at the difference before
 * committing it. A code without a case fails, and so does a case without a code.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../../compiler/1-parse/parse-spec.ts';
import type { SourceText } from '../../../compiler/base/source.ts';
import { codes } from '../../../compiler/diagnostics/codes.gen.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';

const folder = fileURLToPath(new URL('../../diagnostics/', import.meta.url));
const ofReading = (code: string): boolean => /^[LP]/.test(code);
const cases = readdirSync(folder).filter(ofReading);

describe('diagnostics of reading, rendered', () => {
  it.each(cases)('%s', (code) => {
    const { diagnostics } = parseSpec(readInput(join(folder, code)));
    expect(diagnostics.map((d) => d.code)).toContain(code);
    const rendered = `${renderDiagnostics(diagnostics, { colour: false })}\n`;
    const expected = join(folder, code, 'expected.txt');
    if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(expected, rendered);
    expect(rendered).toBe(readFileSync(expected, 'utf8'));
  });

  it('has a case for every code and a code for every case', () => {
    expect(cases.toSorted()).toEqual(Object.keys(codes).filter(ofReading).toSorted());
  });

  it('has a heading for every code that reading reports', () => {
    const phase = fileURLToPath(new URL('../../../compiler/1-parse/', import.meta.url));
    const used = readdirSync(phase).flatMap((file) =>
      [...readFileSync(join(phase, file), 'utf8').matchAll(/'([LP]\d{4})'/g)].map(
        ([, code]) => code,
      ),
    );
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(codes).filter(ofReading).toSorted());
  });
});

/** `input.gate`, `input.yaml`, or in `input.json` how to make a text too long to be kept. */
function readInput(directory: string): SourceText {
  for (const name of ['input.gate', 'input.yaml']) {
    const path = join(directory, name);
    if (existsSync(path)) return { name, text: readFileSync(path, 'utf8') };
  }
  const recipe = JSON.parse(readFileSync(join(directory, 'input.json'), 'utf8')) as {
    name: string;
    before: string;
    repeat: string;
    times: number;
    after: string;
  };
  const text = recipe.before + recipe.repeat.repeat(recipe.times) + recipe.after;
  return { name: recipe.name, text };
}
