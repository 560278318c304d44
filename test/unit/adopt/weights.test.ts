/** Which tensors are taken for which weights, and what is said about those that do not fit. */
import { describe, expect, it } from 'vitest';
import { adoptWeights } from '../../../compiler/adopt/weights.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { joined, linearShapes, lstmShapes, modelOf, without, type Shapes } from './models.ts';

function told(spec: string, tensors: Shapes): string[] {
  return adoptWeights(modelOf(spec), tensors).diagnostics.map(
    (d) => `${d.code} ${d.message}${d.hint === undefined ? '' : ` (${d.hint})`}`,
  );
}

describe('names', () => {
  it('takes tensors under our own names as they are and binds the input width', () => {
    const model = modelOf('lstm(8)');
    const shapes = new Map(
      model.weights.map((w) => [w.name, w.shape.length === 1 ? [8] : [8, 20]]),
    );
    const adoption = adoptWeights(model, shapes);
    expect(adoption.diagnostics).toEqual([]);
    expect(adoption.format).toBe('own');
    expect(adoption.model).toBe(model);
    expect(adoption.bindings.get('D')).toBe(12);
  });

  it.each(['', 'rnn.', 'lstm.', 'model.encoder.'])('takes a state_dict under "%s"', (prefix) => {
    const adoption = adoptWeights(modelOf('lstm(8)'), lstmShapes(12, 8, prefix));
    expect(adoption.diagnostics).toEqual([]);
    expect(adoption.format).toBe('pytorch');
    expect(adoption.bindings.get('D')).toBe(12);
    const names = adoption.model?.weights.map((w) => w.name);
    expect(names).toEqual([...lstmShapes(12, 8, prefix).keys()]);
    if (adoption.model !== undefined) verify(adoption.model.graph, 'adopt');
  });

  it('lists the given names in the layers', () => {
    const shapes = joined(lstmShapes(12, 8, 'rnn.'), linearShapes(8, 3, 'fc.'));
    const { model } = adoptWeights(modelOf('lstm(8) -> dense(3)'), shapes);
    expect(model?.layers.map((l) => l.weights)).toEqual([
      [...lstmShapes(12, 8, 'rnn.').keys()],
      ['fc.weight', 'fc.bias'],
    ]);
  });

  it('tells stages of one kind apart by their shapes, whatever their order', () => {
    const shapes = joined(
      linearShapes(5, 3, 'a.'),
      lstmShapes(8, 5, 'b.'),
      linearShapes(4, 8, 'c.'),
    );
    const spec = 'dense(8) -> lstm(5) -> dense(3)';
    const { model, diagnostics } = adoptWeights(modelOf(spec), shapes);
    expect(diagnostics).toEqual([]);
    const layerOf = new Map(model?.weights.map((w) => [w.name, w.layer]));
    expect(layerOf.get('c.weight')).toBe('dense');
    expect(layerOf.get('a.weight')).toBe('dense2');
  });

  it('prefers a prefix that is the path of a stage', () => {
    const shapes = joined(linearShapes(4, 4, 'dense2.'), linearShapes(4, 4, 'other.'));
    const { model } = adoptWeights(modelOf('dense(4) -> dense(4)'), shapes);
    const layerOf = new Map(model?.weights.map((w) => [w.name, w.layer]));
    expect(layerOf.get('dense2.weight')).toBe('dense2');
    expect(layerOf.get('other.weight')).toBe('dense');
  });

  it('takes layers that differ in a number only in the order of the numbers', () => {
    const shapes = joined(
      linearShapes(4, 4, 'layers.10.'),
      linearShapes(4, 4, 'layers.2.'),
      linearShapes(4, 4, 'layers.1.'),
    );
    const { model, diagnostics } = adoptWeights(
      modelOf('dense(4) -> dense(4) -> dense(4)'),
      shapes,
    );
    expect(diagnostics).toEqual([]);
    const names = model?.weights.filter((w) => w.name.endsWith('weight')).map((w) => w.name);
    expect(names).toEqual(['layers.1.weight', 'layers.2.weight', 'layers.10.weight']);
  });

  it('mixes the two where a cell has no foreign form', () => {
    const model = modelOf('simpleGru(5) -> dense(3)');
    const own = model.weights.filter((w) => w.layer === 'simpleGru');
    const shapes = joined(
      new Map(own.map((w) => [w.name, w.shape.length === 1 ? [5] : [5, 9]])),
      linearShapes(5, 3, 'fc.'),
    );
    const adoption = adoptWeights(model, shapes);
    expect(adoption.diagnostics).toEqual([]);
    expect(adoption.bindings.get('D')).toBe(4);
  });
});

describe('what does not fit is named', () => {
  it('a missing tensor, with its shape', () => {
    expect(told('lstm(8)', without(lstmShapes(12, 8), 'weight_hh_l0'))).toEqual([
      'R7501 the weights lack weight_hh_l0 [32, 8]',
    ]);
  });

  it('missing biases, with the setting that leaves them out', () => {
    const shapes = without(without(lstmShapes(12, 8), 'bias_ih_l0'), 'bias_hh_l0');
    expect(told('lstm(8)', shapes)).toEqual([
      expect.stringContaining('bias=false'),
      expect.stringContaining('bias=false'),
    ]);
    expect(told('lstm(8, bias=false)', shapes)).toEqual([]);
  });

  it('a layer too few', () => {
    const lines = told('lstm(8, depth=2)', lstmShapes(12, 8));
    expect(lines.map((line) => line.replace(/ \(.*/, ''))).toEqual([
      'R7501 the weights lack weight_ih_l1 [32, 8]',
      'R7501 the weights lack weight_hh_l1 [32, 8]',
      'R7501 the weights lack bias_ih_l1 [32]',
      'R7501 the weights lack bias_hh_l1 [32]',
    ]);
  });

  it('a layer too many', () => {
    const shapes = joined(lstmShapes(12, 8), new Map([['weight_ih_l1', [32, 8]]]));
    expect(told('lstm(8)', shapes)).toEqual([
      'R7502 the model has no weight weight_ih_l1 (did you mean weight_ih_l0?)',
    ]);
  });

  it('a tensor of another shape, with both', () => {
    const shapes = joined(lstmShapes(12, 8), new Map([['weight_hh_l0', [32, 9]]]));
    expect(told('lstm(8)', shapes)).toEqual([
      'R7503 weight_hh_l0 has shape [32, 9]; expected [32, 8]',
    ]);
  });

  it('a misspelt name of ours', () => {
    const model = modelOf('dense(3)');
    const shapes = new Map([
      ['dense.V', [3, 4]],
      ['dense.b', [3]],
    ]);
    const { diagnostics } = adoptWeights(model, shapes);
    expect(diagnostics.map((d) => d.code)).toEqual(['R7501', 'R7502']);
    expect(diagnostics[1]?.hint).toBe('did you mean dense.W?');
  });

  it('prefixes that fit in several ways', () => {
    const shapes = joined(linearShapes(4, 4, 'encoder.'), linearShapes(4, 4, 'decoder.'));
    const [first] = told('dense(4) -> dense(4)', shapes);
    expect(first).toContain('R7504');
    expect(first).toContain('decoder., encoder.');
    expect(first).toContain('dense., dense2.');
  });

  it('weights of quite another model', () => {
    const codes = told('gru(8, reset=after)', linearShapes(3, 4, 'fc.')).map((t) => t.slice(0, 5));
    expect(codes).toEqual(['R7501', 'R7501', 'R7501', 'R7501', 'R7502', 'R7502']);
  });
});
