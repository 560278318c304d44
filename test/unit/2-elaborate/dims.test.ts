/** `--dim` binds a symbol of the spec or a parameter of its model, and nothing else. */
import { describe, expect, it } from 'vitest';
import { fixedValue } from '../../../compiler/graph/dim.ts';
import { compile } from '../../../compiler/pipeline.ts';

const tagger = `model tagger(width = 8, classes = 2) {
  input x: float[T, D]
  output y = x -> lstm(width) -> softmax(classes)
}`;

function compiled(text: string, dims: Readonly<Record<string, number>>) {
  const bound = new Map(Object.entries(dims));
  return compile({ name: 'spec.gate', text }, { mode: 'inference', dims: bound });
}

const widthOf = (text: string, dims: Readonly<Record<string, number>>): number | undefined => {
  const last = compiled(text, dims).model?.outputs[0]?.type.shape.at(-1);
  return last && fixedValue(last);
};

describe('--dim', () => {
  it('gives a parameter of the model its value', () => {
    expect(widthOf(tagger, {})).toBe(2);
    expect(widthOf(tagger, { classes: 5 })).toBe(5);
  });

  it('binds an open width', () => {
    expect(widthOf('relu', { D: 7 })).toBe(7);
  });

  it('says when the spec has no such dimension', () => {
    const { model, diagnostics } = compiled(tagger, { clases: 5 });
    expect(model).toBeUndefined();
    expect(diagnostics.map((d) => [d.code, d.hint])).toEqual([['N3103', 'did you mean classes?']]);
  });
});
