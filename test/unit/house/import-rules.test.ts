/**
 * Each import rule catches its breach, planted in a skeleton of the tree, by value and by type; and
 * what the house allows passes. Packages do not resolve in the skeleton, so that their rules are
 * seen to match a bare name too.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const rules = createRequire(import.meta.url)(
  join(root, '.dependency-cruiser.cjs'),
) as IConfiguration;

/** From, to, and the rule that must speak. */
const breaches: readonly (readonly [string, string, string])[] = [
  ['compiler/base', 'compiler/diagnostics', 'noun-base'],
  ['compiler/base', 'runtime/artifact', 'noun-base'],
  ['compiler/diagnostics', 'compiler/ast', 'noun-diagnostics'],
  ['compiler/ast', 'compiler/graph', 'noun-ast'],
  ['compiler/graph', 'compiler/ast', 'noun-graph'],
  ['compiler/graph', 'compiler/ops', 'noun-graph'],
  ['compiler/kernel', 'compiler/graph', 'noun-kernel'],
  ['compiler/ops', 'compiler/layers', 'noun-ops'],
  ['compiler/ops', 'compiler/4-simplify', 'only-the-pipeline-knows-phases'],
  ['compiler/layers', 'compiler/2-elaborate', 'noun-layers'],
  ['compiler/1-parse', 'compiler/2-elaborate', 'phases-are-strangers'],
  ['compiler/4-simplify', 'compiler/interpret', 'phases-are-strangers'],
  ['compiler/interpret', 'compiler/2-elaborate', 'phases-are-strangers'],
  ['compiler/1-parse', 'compiler/graph', 'parser-sees-no-graph'],
  ['compiler/4-simplify', 'compiler/ast', 'ast-in-front-only'],
  ['compiler/2-elaborate', 'compiler/kernel', 'who-sees-kernels'],
  ['compiler/6-emit/wgsl', 'compiler/graph', 'emitters-see-kernels-alone'],
  ['compiler/6-emit/wgsl', 'compiler/6-emit/wasm', 'emitters-are-strangers'],
  ['compiler/4-simplify', 'compiler/pipeline.ts', 'only-the-doors-know-the-pipeline'],
  ['compiler/4-simplify', 'compiler/index.ts', 'nothing-inside-imports-a-door'],
  ['compiler/interpret', 'compiler/verify', 'nothing-inside-is-verified-by-itself'],
  ['compiler/interpret', 'compiler/cli', 'nothing-imports-the-command-line'],
  ['compiler/verify', 'compiler/cli', 'nothing-imports-the-command-line'],
  ['compiler/cli', 'compiler/plugin', 'nothing-imports-the-plugin'],
  ['compiler/plugin', 'compiler/pipeline.ts', 'the-plugin-computes-nothing'],
  ['compiler/cli', 'unplugin', 'plugin-libraries'],
  ['compiler/verify', 'node:fs', 'node-modules-of-node'],
  ['compiler/cli', 'fast-check', 'drawing-libraries'],
  ['compiler/ops', 'runtime/session', 'compiler-sees-only-the-artifact'],
  ['compiler/ops', 'test/support', 'nothing-imports-tests'],
  ['compiler/cli', 'examples/names', 'nothing-imports-examples'],
  ['runtime/session', 'compiler/graph', 'runtime-never-sees-the-compiler'],
  ['runtime/artifact', 'runtime/session', 'artifact-imports-nothing'],
  ['runtime/wasm', 'runtime/webgpu', 'devices-are-strangers'],
  ['runtime/js', 'runtime/wasm', 'devices-are-strangers'],
  ['runtime/linear', 'runtime/js', 'memory-knows-no-device'],
  ['examples/names', 'runtime/session', 'examples-use-the-doors'],
  ['compiler/2-elaborate', 'chevrotain', 'parser-libraries'],
  ['compiler/cli', 'yaml', 'parser-libraries'],
  ['compiler/cli', 'ts-morph', 'bundle-libraries'],
  ['compiler/graph', 'vega-lite', 'command-line-libraries'],
  ['compiler/graph', 'node:fs', 'node-modules-of-node'],
  ['compiler/graph', 'node:test', 'node-modules-by-name'],
  ['runtime/session', 'commander', 'runtime-has-no-dependency'],
];

const allowed: readonly (readonly [string, string])[] = [
  ['compiler/diagnostics', 'compiler/base'],
  ['compiler/ops', 'compiler/graph'],
  ['compiler/ops', 'runtime/artifact'],
  ['compiler/2-elaborate', 'compiler/ast'],
  ['compiler/2-elaborate', 'compiler/graph'],
  ['compiler/interpret', 'compiler/ops'],
  ['compiler/6-emit/wgsl', 'compiler/kernel'],
  ['compiler/cli', 'compiler/pipeline.ts'],
  ['compiler/cli', 'runtime/session'],
  ['compiler/cli', 'compiler/verify'],
  ['compiler/plugin', 'compiler/cli'],
  ['compiler/plugin', 'compiler/7-bundle/target.ts'],
  ['compiler/plugin', 'node:fs'],
  ['compiler/verify', 'compiler/pipeline.ts'],
  ['compiler/verify', 'compiler/6-emit/wasm'],
  ['compiler/verify', 'compiler/ast'],
  ['compiler/verify', 'runtime/wasm'],
  ['runtime/js', 'runtime/linear'],
  ['runtime/linear', 'runtime/session'],
  ['compiler/cli', 'node:fs'],
  ['examples/names', 'compiler/index.ts'],
  ['examples/names', 'node:fs'],
  ['test/support', 'compiler/1-parse'],
];

test('each breach is caught, by value and by type', async () => {
  const planted = breaches.flatMap(([from, to, rule], at) => [
    { file: `${from}/planted-${at}.ts`, to, rule, asType: false },
    { file: `${from}/planted-${at}-type.ts`, to, rule, asType: true },
  ]);
  const found = await violations(planted);
  for (const { file, to, rule } of planted) {
    expect(found.get(file) ?? [], `${file} imports ${to}`).toContain(rule);
  }
});

test('what the house allows passes', async () => {
  const planted = allowed.map(([from, to], at) => ({
    file: `${from}/allowed-${at}.ts`,
    to,
    asType: false,
  }));
  expect([...(await violations(planted))]).toEqual([]);
});

test('a cycle is caught, even one of types', async () => {
  const found = await violations([
    { file: 'compiler/ops/first.ts', to: 'compiler/ops/second.ts', asType: true },
    { file: 'compiler/ops/second.ts', to: 'compiler/ops/first.ts', asType: true },
  ]);
  expect(found.get('compiler/ops/first.ts')).toContain('no-cycles');
});

interface Planted {
  readonly file: string;
  /** A folder of the skeleton, a file in it, or a package. */
  readonly to: string;
  readonly asType: boolean;
}

/** The names of the rules that each file breaks. */
async function violations(planted: readonly Planted[]): Promise<Map<string, string[]>> {
  const tree = mkdtempSync(join(tmpdir(), 'gatework-rules-'));
  try {
    for (const { file, to, asType } of planted) {
      const inside = /^(?:compiler|runtime|examples|test)\//.test(to);
      const target = to.endsWith('.ts') ? to : `${to}/target.ts`;
      if (inside && !planted.some((other) => other.file === target)) write(tree, target, '');
      const path = inside ? `./${relative(dirname(file), target)}` : to;
      write(
        tree,
        file,
        asType
          ? `import type { X } from '${path}';\nexport type Y = X;\n`
          : `import * as x from '${path}';\nexport const y = x;\n`,
      );
    }
    const options = { ...rules.options, baseDir: tree, ruleSet: rules, validate: true };
    const result = await cruise(['.'], options);
    return byFile(result.output as ICruiseResult);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function byFile(result: ICruiseResult): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { from, rule } of result.summary.violations) {
    found.set(from, [...(found.get(from) ?? []), rule.name]);
  }
  return found;
}

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text === '' ? 'export type X = number;\n' : text);
}
