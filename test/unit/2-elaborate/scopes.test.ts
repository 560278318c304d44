/** Which definition a name means: the spec's own goes before the library's, but not within it. */
import { describe, expect, it } from 'vitest';
import { printGraph } from '../../../compiler/graph/print.ts';
import { compiled, faultsOf } from '../../support/models.ts';

const input = 'input x: float[T, 2]';

/** The graph without the places in the text. */
function graphOf(text: string): string {
  return printGraph(compiled(text).graph).replaceAll(/ *# .*/g, '');
}

describe('a definition of the spec', () => {
  it('goes before one of the library', () => {
    const own = `cell lstm(n) {
      state s: [n]
      s<t> = tanh(Ws[s<t-1>, x<t>])
      emit s<t>
    }`;
    const model = compiled(`${own} model m { ${input} output y = x -> lstm(3) }`);
    expect(model.weights.map((w) => w.name)).toEqual(['lstm.Ws']);
  });

  it.each([
    ['a model called as a bias', 'model NAME', 'bc', 'lstm(2)'],
    ['a model called as another', 'model NAME', 'b', 'dense(2) -> lstm(2)'],
  ])('does not disturb the library: %s', (_, head, name, pipeline) => {
    const text = (title: string): string =>
      `${head.replace('NAME', title)} { ${input} output y = x -> ${pipeline} }`;
    expect(graphOf(text(name))).toBe(graphOf(text('m')).replace('graph m(', `graph ${name}(`));
  });

  it('does not change a layer of the library that uses its namesake', () => {
    const own = 'cell delay() { state s s<t> = x<t> emit x<t> }';
    const text = `model m { ${input} output y = x -> shift(1) output z = x<t-1> }`;
    expect(graphOf(`${own} ${text}`)).toBe(graphOf(text));
  });

  it('may use the library where its namesake does', () => {
    const own = 'layer delay() { emit x -> shift(2) }';
    const text = `model m { ${input} output y = x -> delay }`;
    expect(faultsOf(`${own} ${text}`)).toEqual([]);
  });
});

describe('a layer that uses itself', () => {
  it.each([
    ['a layer', 'layer a() { emit x -> a }', 'a', ['N3017 a']],
    ['through another', 'layer a() { emit x -> b } layer b() { emit x -> a }', 'a', ['N3017 a']],
    ['a model', 'model a { input x: float[T, 2] output y = x -> a }', 'a', ['N3017 a']],
  ])('is reported: %s', (_, definitions, stage, faults) => {
    expect(faultsOf(`${definitions} model m { ${input} output y = x -> ${stage} }`)).toEqual(
      faults,
    );
  });
});
