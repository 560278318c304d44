/**
 * Writes runtime/wasm/worker.gen.ts: the script of a worker as text, so that a thread can be begun
 * in any host with no file to fetch.
 */
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['runtime/wasm/worker.ts'],
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'neutral',
  target: 'es2022',
  write: false,
});
const text = outputFiles.map((file) => file.text.trim()).join('\n');
writeFileSync(
  'runtime/wasm/worker.gen.ts',
  `/** Generated from runtime/wasm/worker.ts by \`npm run generate\`; do not edit. */\n` +
    `export const workerScript = ${JSON.stringify(text)};\n`,
);
