/** Broken specs: what is said of them, and what of the tree survives. */
import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../../compiler/1-parse/parse-spec.ts';
import { faults } from '../../support/specs.ts';

describe('each mistake is reported once, at its place', () => {
  it.each<[string, string[]]>([
    ['lstm(128', ['P2002 after 8']],
    ['lstm(12 8)', ['P2001 8']],
    ['a -> -> b', ['P2004 after >']],
    ['f(a, , b)', ['P2004 after ,']],
    ['lstm(128]', ['P2003 ]']],
    ['a $ b', ['L1001 $']],
    ['f("abc)', ['L1002 "abc)']],
    ['model m { a = \n b = 2 * \n output y = b }', ['P2004 after =', 'P2004 after *']],
    ['modle m {\n inptu x: [T]\n}', ['P2008 modle', 'P2008 inptu']],
    ['model m { loss = f(x) }', ['P2015 loss =']],
    ['import { a, b from "x"\nmodel m { }', ['P2002 after b']],
    [
      'cell a { state c: [n\n emit c\ncell b { emit (x<t> }',
      ['P2002 after n', 'P2002 after c', 'P2002 after >'],
    ],
    ['model m { output y x }', ['P2005 after y']],
    ['model { }', ['P2005 after l']],
    ['model m(a, b = ) { }', ['P2004 after =']],
    ['cell c { a = Wu[] }', ['P2004 Wu[]']],
    ['x -> else', ['P2001 else']],
    ['model m { output y = x } stray', ['P2005 after y']],
  ])('%s', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

describe('the rest of the spec is read', () => {
  it('statement by statement', () => {
    const text = `model m {
  input x: [T, 3
  a = lstm(8 ->
  b = = 3
  wibble wobble
  output y = a -> relu
}
cell c(n) {
  emit x<t>
}`;
    const { file, diagnostics } = parseSpec({ name: 'a.gate', text });
    expect(diagnostics.map((d) => d.code)).toEqual(['P2002', 'P2002', 'P2004', 'P2001', 'P2008']);
    expect(file?.definitions.map((d) => d.name.text)).toEqual(['m', 'c']);
    const names = file?.definitions[0]?.statements.map((s) => ('name' in s ? s.name.text : s.kind));
    expect(names).toEqual(['x', 'a', 'b', 'wibble', 'y']);
  });

  it('with broken values, so that their names are still known', () => {
    const { file } = parseSpec({ name: 'a.gate', text: 'model m { a = \n output y = a + }' });
    const [a, y] = file?.definitions[0]?.statements ?? [];
    if (a?.kind !== 'binding' || y?.kind !== 'binding') throw new Error('no bindings');
    expect([a.value.kind, y.value.kind]).toEqual(['broken', 'binary']);
  });
});

describe('limits', () => {
  /** Generous: the machine may be busy; each takes a fraction of this alone. */
  const SECONDS = 5;
  it.each<[string, string, string]>([
    ['10 MB', 'a'.repeat(1e7), 'L1005'],
    ['200 000 words', 'a + '.repeat(1e5), 'L1006'],
    ['10 000 parentheses', `${'('.repeat(1e4)}x${')'.repeat(1e4)}`, 'L1007'],
    ['10 000 open calls', 'f('.repeat(1e4), 'L1007'],
    ['a sum of 30 000 terms', `x${' + x'.repeat(3e4)}`, 'P2010'],
    ['90 000 minus signs', `${'-'.repeat(9e4)}x`, 'P2010'],
    ['30 000 powers', `x${' ^ x'.repeat(3e4)}`, 'P2010'],
    ['10 000 else ifs', `cell c { if a { } ${'else if b { } '.repeat(1e4)}}`, 'P2010'],
    ['20 000 mistakes', `model m {${'a = = 3\n'.repeat(2e4)}}`, 'P2012'],
    ['a million odd signs', '§'.repeat(999_999), 'L1001'],
    ['mistakes in deep brackets', `${'f('.repeat(90)}${'a b '.repeat(1e4)}`, 'P2001'],
  ])('%s', (_, text, code) => {
    const start = performance.now();
    const { diagnostics } = parseSpec({ name: 'a', text });
    expect(diagnostics.map((d) => d.code)).toContain(code);
    expect(performance.now() - start).toBeLessThan(SECONDS * 1000);
  });

  it('let a hundred levels and four hundred terms pass', () => {
    expect(faults(`${'('.repeat(100)}x${')'.repeat(100)}`)).toEqual([]);
    expect(faults(`x${' + x'.repeat(399)}`)).toEqual([]);
    expect(faults(`x${' -> f(1)'.repeat(5000)}`)).toEqual([]);
  });
});
