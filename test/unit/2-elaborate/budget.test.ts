/** Specs that multiply: refused in time, with a diagnostic, and never by running out of memory. */
import { describe, expect, it } from 'vitest';
import { compile, trainingGraph } from '../../../compiler/pipeline.ts';
import { required } from '../../support/op-runs.ts';

function told(text: string): string[] {
  const { model, diagnostics } = compile({ name: 'm.gate', text }, { mode: 'inference' });
  return model === undefined ? diagnostics.map((d) => `${d.code} ${d.hint ?? ''}`) : ['fine'];
}

function stacked(layer: string, levels: number): string {
  return `${'stack('.repeat(levels)}${layer}${', depth = 256)'.repeat(levels)}`;
}

/** 40 definitions, each of which uses the one before twice. */
function doubling(kind: 'model' | 'layer', innermost: string): string {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const body = `x -> ${i === 0 ? innermost : `d${i - 1} -> d${i - 1}`}`;
    return kind === 'layer'
      ? `layer d${i}() { emit ${body} }`
      : `model d${i} { input x: float[T, 3] output y = ${body} }`;
  });
  return [...lines, 'model m { input x: float[T, 3] output y = x -> d39 }'].join('\n');
}

/** `a0 = identity, a1 = stack(a0, a0), …`; each has the one before twice, a residual once. */
function parameters(count: number, combinator: string): string {
  const inner = (i: number): string => (combinator === 'residual' ? `a${i}` : `a${i}, a${i}`);
  const value = (i: number): string => (i === 0 ? 'identity' : `${combinator}(${inner(i - 1)})`);
  return Array.from({ length: count }, (_, i) => `a${i} = ${value(i)}`).join(', ');
}

function body(last: number): string {
  return `{ input x: float[T, 1] output y = x -> a${last} }`;
}

function chain(count: number): string {
  const layer = (_: unknown, i: number): string =>
    `layer l${i}() { emit x -> ${i === 0 ? 'relu' : `l${i - 1}`} }`;
  const model = `model m { input x: float[T, 3] output y = x -> l${count - 1} }`;
  return [...Array.from({ length: count }, layer), model].join('\n');
}

const cells = 'S4007 at most 1024 cells and layers are allowed, and every copy counts';

describe('what multiplies is refused', () => {
  it.each([
    ['cells in nested depths', stacked('lstm(3)', 2), cells],
    ['cells in both directions', 'bidirectional(stack(rnn(2), depth = 256), depth = 256)', cells],
    ['directions of directions', `${'bidirectional('.repeat(90)}rnn(2)${')'.repeat(90)}`, cells],
    ['layers in layers', doubling('layer', 'dense(3)'), cells],
    ['layers that do nothing', doubling('layer', 'identity'), cells],
    ['functions', stacked('relu', 4), 'S4007 at most 200000 instructions'],
    ['functions that do nothing', stacked('identity', 4), 'S4007 at most 200000 parts'],
    ['models', doubling('model', 'dense(3)'), cells],
    ['models that do nothing', doubling('model', 'identity'), 'S4007 at most 200000 parts'],
    ['mistakes', doubling('model', 'lstn(3)'), 'N3001'],
    ['arguments', `model m(${parameters(40, 'stack')}) ${body(39)}`, 'S4007 at most 200000 parts'],
    ['branches', `model m(${parameters(40, 'concat')}) ${body(39)}`, 'S4007 at most 200000 parts'],
    ['layers in a long chain', chain(5000), 'S4007 its definitions use one another'],
    [
      'arguments in a long chain',
      `model m(${parameters(3000, 'residual')}) ${body(2999)}`,
      'S4007',
    ],
  ])('%s', (_, text, expected) => {
    // Without a budget, most of these would go on for ever or fill the memory.
    expect(told(text)[0]).toMatch(expected);
  });
});

describe('what is merely large is not', () => {
  it.each([
    ['the deepest cell', 'lstm(3, depth = 256)'],
    ['the deepest cell in both directions', 'bidirectional(rnn(3), depth = 256)'],
    ['a long pipeline', Array.from({ length: 5000 }, () => 'relu').join(' -> ')],
  ])('%s', (_, text) => {
    expect(told(text)).toEqual(['fine']);
  });

  it('a training step with an optimizer for each of a thousand weights', () => {
    const text = `model m { input x: float[T, 3] output y = x -> lstm(3, depth = 128) loss mse(y, x) }`;
    const { model } = compile({ name: 'm.gate', text }, { mode: 'training' });
    const optimizer = required(required(model).training.optimizer);
    expect(trainingGraph(required(model), { optimizer }).results.length).toBeGreaterThan(1024);
  });
});
