/**
 * Embeds specs/std/*.gate in compiler/2-elaborate/std.gen.ts, so that the compiler finds the
 * standard cells in any host, with no file system. Keyed by file name without its ending.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = 'specs/std';
const target = 'compiler/2-elaborate/std.gen.ts';

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.gate'))
  .sort();
const entries = names.map((file) => {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  return `  ${JSON.stringify(file.replace(/\.gate$/, ''))}: \`${asTemplate(text)}\`,\n`;
});
writeFileSync(
  target,
  `/** Generated from specs/std/*.gate by \`npm run generate\`; do not edit. */\n` +
    `export const standardLibrary: Readonly<Record<string, string>> = {\n${entries.join('')}};\n`,
);

/** Text that a template literal reads back as it was. */
function asTemplate(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}
