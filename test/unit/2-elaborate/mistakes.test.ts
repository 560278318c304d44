/** Mistakes that would mean something else than was meant, and where each is said to be. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../compiler/pipeline.ts';

function told(text: string): string[] {
  const source = { name: text.startsWith('->') ? '<pipeline>' : 'm.gate', text };
  return (['inference', 'training'] as const).flatMap((mode) =>
    compile(source, { mode }).diagnostics.map((d) => {
      const { start = 0, end = 0 } = d.primary?.span ?? {};
      return `${d.code} at ${text.slice(start, end)}`;
    }),
  );
}

/** The same in inference and in training. */
function twice(code: string): string[] {
  return [code, code];
}

const model = 'model m { input x: float[T, 3] output y = x -> f(2) }';
const trained = (train: string): string =>
  `model m { input x: float[T, 3] output y = x -> dense(3) loss mse(y, x) train ${train} }`;

describe('a second meaning of a name', () => {
  it.each([
    ['parameters', 'layer f(n, n = 2) { emit x }', 'N3006 at n'],
    ['a parameter and the input', 'layer f(x) { emit x }', 'N3006 at x'],
    ['an equation and the input', 'layer f(n) { x = 2 * n emit x }', 'N3006 at x'],
    [
      'a state and the input',
      'cell f(n) { state x: [n] x<t> = 1 emit x<t> }',
      'N3006 at state x: [n]',
    ],
    ['an equation and a parameter', 'layer f(n) { n = x emit n }', 'N3006 at n'],
    ['equations', 'layer f(n) { a = x a = 2 * x emit a }', 'N3006 at a'],
    ['weights', 'layer f(n) { weight q: [n], q: [3] emit q * x }', 'N3006 at q: [3]'],
    ['a weight and an equation', 'layer f(n) { weight q: [3] q = x emit q }', 'N3006 at q'],
    [
      'a weight and a state',
      'cell f(n) { state c: [n] weight c: [n] c<t> = c emit c }',
      'N3006 at weight c: [n]',
    ],
    ['emits', 'layer f(n) { emit x emit 2 * x }', 'N3006 at emit 2 * x'],
  ])('of two %s', (_, definition, expected) => {
    expect(told(`${definition} ${model}`)).toEqual(twice(expected));
  });

  it('in branches of which one is taken is none', () => {
    const definition = 'layer f(n) { if n == 2 { a = x emit a } else { a = 2 * x emit a } }';
    expect(told(`${definition} ${model}`)).toEqual([]);
  });

  it.each([
    ['model m(n = 1, n = 2) { input x: float[T, n] output y = x }', 'N3006 at n'],
    ['model m(x = 1) { input x: float[T, 3] output y = x }', 'N3006 at x: float[T, 3]'],
    ['stack(relu, depth = 2, depth = 3)', 'N3006 at depth = 3'],
    [trained('adam() train sgd()'), 'N3006 at sgd()'],
  ])('%s', (text, expected) => {
    expect(told(text)[0]).toContain(expected.slice(0, 10));
    expect(told(text)).toHaveLength(2);
  });
});

describe('an argument of the wrong kind', () => {
  it.each([
    ['pool(3)', 'N3010 at 3'],
    ['gru(3, reset = 1)', 'N3010 at reset = 1'],
    ['lstm(3, init = uniform(1, -1))', 'N3005 at uniform(1, -1)'],
    ['lstm(3, init = orthogonal(1e999))', 'N3005 at orthogonal(1e999)'],
    ['lstm(3, init = normal(-1))', 'N3005 at normal(-1)'],
    ['dropout(0.1, variational = 1)', 'N3005 at dropout(0.1, variational = 1)'],
    ['stack(concat(identity, identity), depth = 256)', 'N3016 at concat(identity, identity)'],
    [trained('adam(beta1 = y)'), 'N3005 at y'],
    [trained('adam(rate = -1)'), 'N3005 at -1'],
    [trained('adam(rate = 1e999)'), 'N3005 at 1e999'],
  ])('%s', (text, expected) => {
    expect(told(text)).toEqual(twice(expected));
  });

  it('of dropout', () => {
    const text = 'model m { input x: ids(5)[T] output y = x -> dropout(0.5) -> embed(3) }';
    expect(told(text)).toEqual(twice('S4006 at dropout(0.5)'));
  });
});

describe('a rule of training', () => {
  it.each([
    ['forgets the weight', 'emit 3', 'S4001 at 3'],
    ['sums over an axis of it', 'emit w - sum(g)', 'S4001 at w - sum(g)'],
    ['has a state of another shape', 'state m m<t> = k emit w - m<t>', 'S4001 at m'],
    [
      'draws random numbers',
      'emit w - dropoutOf(g, 0.5, false)',
      'N3014 at dropoutOf(g, 0.5, false)',
    ],
    ['has layers', 'emit w -> dense(3)', 'N3014 at dense(3)'],
  ])('that %s', (_, body, expected) => {
    expect(told(`optimizer o(rate = 1) { ${body} } ${trained('o()')}`)).toEqual(twice(expected));
  });

  it('that is a schedule draws no random numbers either', () => {
    const schedule = 'schedule s(p = 1) { emit dropoutOf(k, 0.5, false) }';
    expect(told(`${schedule} ${trained('adam(rate = s())')}`)).toEqual(
      twice('N3014 at dropoutOf(k, 0.5, false)'),
    );
  });
});

describe('a condition', () => {
  it('compares a parameter', () => {
    const layer = 'layer f(n) { if m == 1 { emit x } else { emit 2 * x } }';
    expect(told(`${layer} ${model}`)).toEqual(twice('N3001 at m'));
  });
});

describe('what is no mistake', () => {
  it('a layer in another of its kind', () => {
    const text = 'layer twice(f) { emit x -> f -> f } model m { input x: float[T, 3]';
    expect(told(`${text} output y = x -> twice(twice(relu)) }`)).toEqual([]);
  });

  it.each([
    'shift(0)',
    'concat(x, x -> lstm(3)) -> dense(2)',
    'x<t-1> -> lstm(3)',
    'x + x -> lstm(3)',
    'concat(x -> embed(3), x -> oneHot) -> lstm(3)',
  ])('%s', (text) => {
    expect(told(text)).toEqual([]);
  });
});
