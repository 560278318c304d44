/** Every gate and yaml block of the language reference is a spec that reads without mistakes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../../compiler/ast/equal.ts';
import { printFile } from '../../../compiler/ast/print.ts';

const folder = fileURLToPath(new URL('../../../specs/language/', import.meta.url));
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => {
    const page = readFileSync(join(folder, file), 'utf8');
    return [...page.matchAll(/^```(gate|yaml)\n(.*?)^```$/gms)].map(([, surface, text], i) => ({
      name: `${file} ${String(i + 1)}.${surface ?? ''}`,
      text: text ?? '',
    }));
  });

describe('examples of the language reference', () => {
  it.each(examples)('$name', (source) => {
    const { file, diagnostics } = parseSpec(source);
    expect(diagnostics).toEqual([]);
    if (file === undefined) throw new Error('no tree');
    const printed = { name: 'printed.gate', text: printFile(file) };
    expect(sameTree(parseSpec(printed).file, file)).toBe(true);
  });

  it('are many', () => {
    expect(examples.length).toBeGreaterThan(9);
  });
});
