/** The files of the site: the page as it is, the bundle beside it, and the list of both. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export type Files = ReadonlyMap<string, string | Uint8Array>;

/** From the root of the package. */
const pageFolder = 'examples/web-tagger/page';

/** Of the page and of a bundle under `model/`, by name. */
export function siteFiles(bundle: Files, scores?: object): Files {
  const files = new Map<string, string | Uint8Array>();
  for (const name of readdirSync(pageFolder).sort()) {
    // What checks the types of the page is no part of it.
    if (extname(name) !== '.json') files.set(name, readFileSync(join(pageFolder, name)));
  }
  for (const [name, content] of bundle) files.set(`model/${name}`, content);
  if (scores !== undefined) files.set('scores.json', `${JSON.stringify(scores)}\n`);
  files.set('version.js', versionScript(files));
  return files;
}

/** What the service worker imports: files to keep, under a name that changes with any of them. */
function versionScript(files: Files): string {
  const kept = [...files].filter(([name]) => isWanted(name));
  const hash = createHash('sha256');
  for (const [name, content] of kept) {
    hash.update(`${name}\n${createHash('sha256').update(content).digest('hex')}\n`);
  }
  const release = {
    version: hash.digest('hex').slice(0, 16),
    files: ['./', ...kept.map(([name]) => `./${name}`)],
  };
  return `self.release = ${JSON.stringify(release, undefined, 2)};\n`;
}

/** What the page asks for at any time; a bundle's papers are for people. */
function isWanted(name: string): boolean {
  if (name === 'service-worker.js') return false;
  return /\.(html|css|js|svg|wasm)$|^scores\.json$|\/model\.safetensors$/.test(name);
}
