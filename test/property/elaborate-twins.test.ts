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
import { compile } from '../../compiler/pipeline.ts';
import { yamlTwin } from '../support/yaml-twin.ts';
import { spec } from '../../compiler/verify/arbitraries/models.ts';
import { mutatedSpec } from './arbitraries/mutations.ts';

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

describe('a wrong spec and its YAML twin', () => {
  it('are wrong in the same ways', () => {
    let compared = 0;
    fc.assert(
      fc.property(mutatedSpec, (text) => {
        const { file, diagnostics } = parseSpec({ name: 'twin.gate', text });
        if (file === undefined || diagnostics.length > 0) return;
        // A map has each key once, so what is defined twice cannot be written in YAML.
        const faults = faultsOf('twin.gate', text);
        if (faults.some((fault) => fault.startsWith('N3006'))) return;
        expect(faultsOf('twin.yaml', yamlTwin(file)), yamlTwin(file)).toEqual(faults);
        compared++;
      }),
      { seed: 502, numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});

function faultsOf(name: string, text: string): string[] {
  const { diagnostics } = compile({ name, text }, { mode: 'inference' });
  // YAML is stricter about words of the language as names of layers.
  const ofMeaning = diagnostics.filter((d) => /^[NS]/.test(d.code));
  return ofMeaning.map((d) => `${d.code} ${d.message}`);
}

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
