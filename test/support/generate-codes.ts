/**
 * Writes compiler/diagnostics/codes.gen.ts: the table of diagnostic codes, from the headings
 * `## P2001 Title` of specs/diagnostics/*.md. A code that stands twice is an error.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'specs/diagnostics');

const titles = new Map<string, string>();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
  const text = readFileSync(join(folder, file), 'utf8');
  for (const [, code = '', title = ''] of text.matchAll(/^## ([A-Z]\d{4}) (.+)$/gm)) {
    if (titles.has(code)) throw new Error(`${code} has two headings`);
    titles.set(code, title.trim());
  }
}

const entries = [...titles]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, title]) => `  ${code}: ${literal(title)},`);
const text = [
  '/** Generated from specs/diagnostics by test/support/generate-codes.ts; do not edit. */',
  'export const codes = {',
  ...entries,
  '} as const satisfies Readonly<Record<string, string>>;',
  '',
].join('\n');
writeFileSync(join(root, 'compiler/diagnostics/codes.gen.ts'), text);

/** As prettier writes strings. */
function literal(title: string): string {
  const escaped = title.replaceAll('\\', '\\\\');
  return escaped.includes("'") ? `"${escaped}"` : `'${escaped}'`;
}
