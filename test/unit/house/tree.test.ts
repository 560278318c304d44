/** What the tree as a whole keeps: where things stand, how files are named, what no file says. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const folders = ['compiler', 'examples', 'runtime', 'specs', 'test'];
const unseen = ['.git', 'node_modules', 'dist', 'out', 'coverage'];

const files = readdirSync(root, { withFileTypes: true })
  .filter((entry) => !unseen.includes(entry.name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true })
          .filter((inner) => inner.isFile())
          .map((inner) => join(inner.parentPath, inner.name).slice(root.length + 1))
          // Benchmarks have packages of their own.
          .filter((file) => !file.includes('node_modules/'))
      : [entry.name],
  );
const sources = files.filter((file) => /\.(?:ts|js|cjs|mjs)$/.test(file));

test('the top level holds five folders and files', () => {
  const found = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => !unseen.includes(name));
  expect(found.filter((name) => !folders.includes(name))).toEqual([]);
});

test('source files have kebab-case names that say something', () => {
  const vague = /(?:^|-)(?:utils?|helpers?|common|misc|manager)\./;
  const wrong = sources
    .filter((file) => folders.includes(file.split('/')[0] ?? ''))
    .map((file) => basename(file))
    .filter(
      (name) =>
        !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:gen|test))?\.\w+$/.test(name) || vague.test(name),
    );
  expect(wrong).toEqual([]);
});

test('every source file says first what it is', () => {
  const silent = sources.filter((file) => {
    const start = readFileSync(join(root, file), 'utf8').replace(/^#!.*\n/, '');
    return !start.startsWith('/**');
  });
  expect(silent).toEqual([]);
});

test('no file names a path of the machine it was written on, or a package registry', () => {
  // Spelled in parts, so that this file does not match itself.
  const foreign = new RegExp(
    ['/(?:work|root|Users)/\\w', '/home/\\w', 'registry\\.' + 'npmjs', 'deb\\.' + 'debian'].join(
      '|',
    ),
  );
  const text = files.filter((file) =>
    /\.(?:[cm]?[jt]s|json|md|ya?ml|gate|py|sh)$|^\.ci\//.test(file),
  );
  const found = text.filter((file) => foreign.test(readFileSync(join(root, file), 'utf8')));
  expect(found).toEqual([]);
});
