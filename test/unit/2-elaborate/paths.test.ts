/** Names of weights and states are the user's and the compiler's together, and never clash. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../compiler/pipeline.ts';

const plain = (name: string): string =>
  `cell ${name}(n) { state c: [n] c<t> = tanh(W[c<t-1>, x<t>]) emit c<t> }`;

function weights(text: string): string[] | undefined {
  const source = { name: 'm.gate', text: `${plain('p')}\n${plain('p2')}\n${text}` };
  return compile(source, { mode: 'inference' }).model?.weights.map((w) => w.name);
}

function model(value: string): string {
  return `model m { input x: float[T, 3] output y = x -> ${value} }`;
}

describe('a cell whose name is what the second copy of another is called', () => {
  it.each([
    ['in a row', 'p(3) -> p(3) -> p2(3)', ['p.W', 'p2.W', 'p22.W']],
    ['first', 'p2(3) -> p(3) -> p(3)', ['p2.W', 'p.W', 'p3.W']],
    ['in a stack', 'stack(p(3), p(3), p2(3))', ['stack.p.W', 'stack.p2.W', 'stack.p22.W']],
    ['side by side', 'concat(p2(3), p(3), p(3))', ['concat.p2.W', 'concat.p.W', 'concat.p3.W']],
  ])('%s', (_, value, expected) => {
    expect(weights(model(value))).toEqual(expected);
  });
});

describe('a weight whose name a value of a state has', () => {
  it.each(['c0', 'dcn'])('%s', (name) => {
    const text = `cell q(n) {
      state c: [n]
      weight ${name}: [n]
      c<t> = ${name} * c<t-1>
      emit c<t>
    }
    ${model('q(3)')}`;
    const { diagnostics } = compile({ name: 'm.gate', text }, { mode: 'inference' });
    expect(diagnostics.map((d) => `${d.code} ${d.hint ?? ''}`)).toEqual([
      `N3006 give the weight ${name} another name`,
    ]);
  });
});
