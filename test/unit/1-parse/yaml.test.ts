/** The YAML surface: its forms, its spans, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../../compiler/1-parse/parse-spec.ts';
import { sameTree } from '../../../compiler/ast/equal.ts';
import { faults, tree } from '../../support/specs.ts';
import { gateTwins, yamlSpecs } from '../../support/yaml-specs.ts';

describe('YAML', () => {
  it.each(yamlSpecs.map((yaml, i) => [yaml, gateTwins[i] ?? ''] as const))(
    'gives the tree of its twin: %s',
    (yaml, gate) => {
      expect(sameTree(tree(yaml, 'a.yaml'), tree(gate))).toBe(true);
    },
  );

  it('has a twin for each', () => {
    expect(yamlSpecs.length).toBe(gateTwins.length);
  });

  it.each<[string, string, string[]]>([
    ['a plain text', 'model m:\n  output: {y: lstm(3 -> b}\n', ['P2002 after b']],
    ['a quoted text', 'model m:\n  output: {y: "x -> lstm(3, )) -> b"}\n', ['P2003 )']],
    ['a text over lines', '- >\n  lstm(8)\n  -> softmax(2 3)\n', ['P2001 3']],
    [
      'a block of statements',
      'cell c: |\n  a = 2 * \n  emit = a\n',
      ['P2004 after *', 'P2015 emit ='],
    ],
    ['an escaped text, as a whole', '- "lstm(\\u0041 +)"\n', ['P2004 "lstm(\\u0041 +)"']],
    ['a key', 'cell c:\n  equations: {"a +": 2}\n', ['P2001 +']],
    ['a head', 'model m(a:\n', ['P2002 after a']],
  ])('marks %s', (_, text, expected) => {
    expect(faults(text, 'a.yaml')).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['model m:\n  inptu: {x: 3}\n', ['P2021 inptu']],
    ['model m:\n  emit: 3\n', ['P2006 emit']],
    ['model m:\n  - state c: 3\n', ['P2006 state c']],
    ['cell c:\n  output: {y: 3}\n', ['P2006 output']],
    ['cell c:\n  then: []\n', ['P2021 then']],
    ['model m:\n  input: x\n', ['P2022 x']],
    ['model m:\n  input: {x: }\n', ['P2013 after x']],
    ['model m:\n  loss:\n', ['P2004 after :']],
    ['cell c:\n  values: {emit: 3}\n', ['P2015 emit']],
    ['- lstm: 3\n  gru: 4\n', ['P2022 gru']],
    ['- []\n', ['P2004 []']],
    ['nonsense: 1\nmodel m: {}\n', ['P2021 nonsense']],
    ['a: *b\n', ['P2023 *b']],
    ['a: 1\n---\nb: 2\n', ['P2020 after \n']],
    ['# nothing\n', ['P2011 after ']],
    ['{}', ['P2011 after ']],
    ['a: [1\n', ['P2020 after \n']],
    ['model: m\ninput: {x: words(V)[T]}\noutput: {y: x}\n', ['P2020 [']],
    ['- lstm: {n: 3\n- relu\n- "a\n', ['P2020 -', 'P2020 after \n']],
  ])('reports what is wrong with %s', (text, expected) => {
    expect(faults(text, 'a.yaml')).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['an alias bomb', bomb(), 'P2023'],
    ['deep lists', '['.repeat(1e5), 'L1007'],
    ['deep maps', '{a: '.repeat(1e4), 'L1007'],
    ['deep dashes', '- '.repeat(1e5), 'L1007'],
    ['deep indentation', indented(1200), 'L1007'],
    ['many keys', 'a: b\n'.repeat(3e4), 'L1006'],
  ])('refuses %s at once', (_, text, code) => {
    const start = performance.now();
    const { diagnostics } = parseSpec({ name: 'a.yaml', text });
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

function bomb(): string {
  const lines = Array.from(
    { length: 40 },
    (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [*a${String(i)}, *a${String(i)}]`,
  );
  return `a0: &a0 [x]\n${lines.join('\n')}\n`;
}

function indented(depth: number): string {
  return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
}
