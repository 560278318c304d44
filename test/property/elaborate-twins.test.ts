/**
 * Law: a spec and its YAML twin are one tree, and so one model: for the standard library, the zoo
 * and random specs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../compiler/ast/equal.ts';
import type { SourceFile } from '../../compiler/ast/types.ts';
import { yamlTwin } from '../support/yaml-twin.ts';
import { spec } from './arbitraries/models.ts';

const specs = fileURLToPath(new URL('../../specs/', import.meta.url));
const files = ['std', 'zoo'].flatMap((folder) =>
  readdirSync(join(specs, folder))
    .filter((name) => name.endsWith('.gate'))
    .map((name) => join(folder, name)),
);

describe('a spec and its YAML twin', () => {
  it.each(files)('are one tree: %s', (name) => {
    expectTwins(readFileSync(join(specs, name), 'utf8'));
  });

  it('are one tree, whatever the spec', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), ({ text }) => expectTwins(text)),
      { seed: 501, numRuns: 200 },
    );
  });
});

function expectTwins(text: string): void {
  const gate = parsed('twin.gate', text);
  const yaml = yamlTwin(gate);
  expect(sameTree(parsed('twin.yaml', yaml), gate), yaml).toBe(true);
}

function parsed(name: string, text: string): SourceFile {
  const { file, diagnostics } = parseSpec({ name, text });
  expect(
    diagnostics.map((d) => `${d.code} ${d.message}`),
    text,
  ).toEqual([]);
  if (file === undefined) throw new Error(`cannot read ${name}`);
  return file;
}
