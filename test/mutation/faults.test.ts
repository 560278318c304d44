/**
 * The list of faults does not rot: each text that is replaced stands once in its file, what it
 * becomes can still be read, and the tests that are to find it exist. That they do find it is what
 * run.ts shows, which takes long.
 */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../compiler/1-parse/parse-spec.ts';
import { areas, excuses, missedAtFirst } from './faults/all.ts';
import { planted } from './plant.ts';

const root = join(import.meta.dirname, '../..');
const faults = areas.flatMap((area) => area.faults);

describe.each(areas)('faults in $name', ({ faults: here, tests }) => {
  test.each(here)('$name', (fault) => {
    const text = planted(readFileSync(join(root, fault.file), 'utf8'), fault);
    if (extname(fault.file) === '.gate') {
      expect(parseSpec({ name: fault.file, text }).diagnostics).toEqual([]);
    } else {
      expect(transformSync(text, { loader: 'ts' }).code.length).toBeGreaterThan(0);
    }
    for (const path of [...fault.tests, ...tests]) expect(existsSync(join(root, path))).toBe(true);
  });
});

test('names are given once', () => {
  const names = faults.map((fault) => fault.name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test('there are faults enough, and excuses are for faults of the list', () => {
  expect(faults.length).toBeGreaterThanOrEqual(70);
  const names = new Set(faults.map((fault) => fault.name));
  const told = [...excuses.map((excuse) => excuse.name), ...missedAtFirst];
  expect(told.filter((name) => !names.has(name))).toEqual([]);
});

test('a text that is not there, or there twice, is told', () => {
  const fault = { name: 'a', file: 'f', find: 'x', replace: 'y', tests: [] };
  expect(() => planted('abc', fault)).toThrow('a: its text stands 0 times in f');
  expect(() => planted('xx', fault)).toThrow('a: its text stands 2 times in f');
  expect(planted('axb', { ...fault, replace: '$&' })).toBe('a$&b');
});
