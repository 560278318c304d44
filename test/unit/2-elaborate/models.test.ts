/** What a driver learns of a model: inputs and their lengths, states, outputs, parts, layouts. */
import { describe, expect, it } from 'vitest';
import type { SourceText } from '../../../compiler/base/source.ts';
import { printShape } from '../../../compiler/graph/dim.ts';
import { compiled, faultsOf } from '../../support/models.ts';
import { runModel } from '../../support/model-runs.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { required } from '../../support/op-runs.ts';

describe('inputs', () => {
  const text = `model m {
    input question: words(50)[Tx]
    input answer: words(V)[Ty]
    input extra: float[3]
    input grade: class(2)
    output y = answer -> embed(4) -> lstm(5)
    output z = question -> embed(2) -> last
  }`;

  it('tell their elements, sizes, times and lengths', () => {
    const told = compiled(text).inputs.map((i) => [
      i.name,
      i.element,
      printShape(i.type.shape),
      i.size === undefined ? '' : printShape([i.size]),
      i.time ?? '',
      i.lengths ?? '',
    ]);
    expect(told).toEqual([
      ['question', 'words', '[B, Tx]', '[50]', 'Tx', 'lengths'],
      ['answer', 'words', '[B, Ty]', '[V]', 'Ty', 'lengths/Ty'],
      ['extra', 'float', '[B, 3]', '', '', ''],
      ['grade', 'class', '[B]', '[2]', '', ''],
    ]);
  });

  it('each time has lengths, and outputs have those of their own', () => {
    const { graph, outputs, states } = compiled(text);
    const control = graph.parameters.filter((p) => p.role === 'control').map((p) => p.name);
    expect(control).toEqual(['lengths', 'lengths/Ty']);
    expect(outputs.map((o) => [o.name, o.time, o.lengths])).toEqual([
      ['y', 'Ty', 'lengths/Ty'],
      ['z', undefined, undefined],
    ]);
    expect(states.map((s) => s.time)).toEqual(['Ty', 'Ty']);
  });

  it('have elements and shapes that there are', () => {
    expect(faultsOf('model m { input x: bytes[T] output y = x }')).toEqual(['N3001 bytes[T]']);
    expect(faultsOf('model m { input x: words(5)[T, 2] output y = x -> embed(2) }')).toEqual([
      'S4006 words(5)[T, 2]',
    ]);
  });

  it('and outputs do not take the names that every model uses', () => {
    const texts = ['lengths', 'random', 'step', 'loss'].flatMap((name) => [
      `model m { input ${name}: float[T, 2] output y = ${name} }`,
      `model m { input x: float[T, 2] output ${name} = x }`,
    ]);
    for (const each of texts)
      expect(faultsOf(each)[0]).toMatch(/^N3006 (lengths|random|step|loss)$/);
    expect(faultsOf('model m { input dy: float[2] output y = dy }')).toEqual([
      'N3006 input dy: float[2]',
    ]);
  });
});

describe('states', () => {
  it('are named by path, initial and final', () => {
    const { states, graph } = compiled('bidirectional(lstm(2)) -> gru(3)');
    expect(states.map((s) => [s.initial, s.final, printShape(s.type.shape)])).toEqual([
      ['lstm.forward.a0', 'lstm.forward.an', '[B, 2]'],
      ['lstm.forward.c0', 'lstm.forward.cn', '[B, 2]'],
      ['lstm.reverse.a0', 'lstm.reverse.an', '[B, 2]'],
      ['lstm.reverse.c0', 'lstm.reverse.cn', '[B, 2]'],
      ['gru.c0', 'gru.cn', '[B, 3]'],
    ]);
    const named = graph.parameters.filter((p) => p.role === 'state').map((p) => p.name);
    expect(named).toEqual(states.map((s) => s.initial));
    expect(graph.results.map((r) => r.name)).toEqual([...states.map((s) => s.final), 'y']);
  });
});

describe('a single stage', () => {
  it.each([
    ['rnn(4, activation = relu)', true],
    ['lstm(8, depth = 2, bias = false)', true],
    ['bidirectional(gru(7, reset = after), depth = 3)', true],
    ['x -> lstm(3)', true],
    ['lstm(3) -> softmax', false],
    ['embed(2) -> lstm(3)', false],
    ['concat(lstm(3), lstm(2))', false],
    ['dense(3)', false],
    ['model m { input x: float[T, 2] output y = x -> lstm(3) }', false],
  ])('%s: %s', (text, expected) => {
    expect(compiled(text).singleStage).toBe(expected);
  });
});

describe('layouts', () => {
  const layout = (text: string) => required(compiled(text).instances[0]?.layout).settings;

  it('name the blocks of a foreign format', () => {
    const both = (name: string) => ({ negated: false, input: name, recurrent: name });
    expect(layout('lstm(2)').get('gates')).toEqual(['Wu', 'Wf', 'Wc', 'Wo'].map(both));
    expect(layout('lstm(2)').get('states')).toEqual(['a', 'c'].map(both));
    expect(layout('gru(2, reset = after)').get('gates')).toEqual([
      both('Wr'),
      { ...both('Wu'), negated: true },
      { negated: false, input: 'Wc', recurrent: 'Uc' },
    ]);
    expect(compiled('gru(2)').instances[0]?.layout).toBeUndefined();
    expect(layout('dense(2)').get('weight')).toEqual([both('W')]);
  });

  it('belong to instances, in the order of application', () => {
    const { instances } = compiled('bidirectional(lstm(2), depth = 2) -> dense(3)');
    expect(instances.map((i) => [i.path, i.stage, i.layer, i.direction, i.recurrent])).toEqual([
      ['lstm.l0.forward', 'lstm', 0, 'forward', true],
      ['lstm.l0.reverse', 'lstm', 0, 'reverse', true],
      ['lstm.l1.forward', 'lstm', 1, 'forward', true],
      ['lstm.l1.reverse', 'lstm', 1, 'reverse', true],
      ['dense', 'dense', 0, 'forward', false],
    ]);
  });
});

describe('several models in a file', () => {
  const parts = `
    model encoder(width = 3) { input x: float[T, D] output code = x -> lstm(width) -> last }
    model twice { input x: float[T, D] h = x -> dense(D) output y = h -> dense(2 * D) }
    model words { input ids: words(V)[T] output y = ids -> embed(V) }`;
  const main = (pipeline: string, input = 'float[T, 2]'): string =>
    `${parts} model main { input x: ${input} output y = x -> ${pipeline} }`;

  it('the last is taken, or the one that is chosen', () => {
    expect(compiled(main('tanh')).name).toBe('main');
    expect(compiled(main('tanh'), { model: 'encoder' }).name).toBe('encoder');
    expect(faultsOf(main('tanh'), { model: 'decoder' })[0]).toMatch(/^N3013/);
  });

  it('one stands as a layer in another, as often as one likes', () => {
    const model = compiled(main('twice -> twice -> encoder(width = 5)'));
    expect(printShape(required(model.outputs[0]).type.shape)).toBe('[B, 5]');
    expect(model.weights.map((w) => w.name + printShape(w.shape)).slice(0, 8)).toEqual([
      'twice.dense.W[2, 2]',
      'twice.dense.b[2]',
      'twice.dense2.W[4, 2]',
      'twice.dense2.b[4]',
      'twice2.dense.W[4, 4]',
      'twice2.dense.b[4]',
      'twice2.dense2.W[8, 4]',
      'twice2.dense2.b[8]',
    ]);
    expect(model.states.map((s) => s.initial)).toEqual(['encoder.lstm.a0', 'encoder.lstm.c0']);
  });

  it('takes the number of ids from what flows in', () => {
    const [table] = compiled(main('words', 'ids(7)[T]')).weights;
    expect(printShape(required(table).shape)).toBe('[7, 7]');
  });

  it.each([
    ['words', 'float[T, 2]', ['S4006 words']],
    ['encoder', 'ids(3)[T]', ['S4006 encoder']],
    ['encoder', 'float[2]', ['S4002 encoder']],
    ['encoder(3, 4)', 'float[T, 2]', ['N3004 4']],
    ['encoder(widht = 3)', 'float[T, 2]', ['N3003 widht']],
    ['encoder(3, width = 4)', 'float[T, 2]', ['N3006 width = 4']],
  ])('says what does not fit: %s on %s', (stage, input, faults) => {
    expect(faultsOf(main(stage, input))).toEqual(faults);
  });
});

describe('imports', () => {
  const files: Readonly<Record<string, string>> = {
    './cells.gate': `import "./inner.gate"
      cell outer(n) { state s: [n] s<t> = tanh(W[s<t-1>, x<t> -> inner]) emit s<t> }
      cell other(n) { state s: [n] s<t> = s<t-1> emit s<t> }`,
    './inner.gate': 'layer inner() { emit 2 * x }',
  };
  const load = (path: string): SourceText | undefined => {
    const text = files[path];
    return text === undefined ? undefined : { name: path, text };
  };
  const model = (imports: string, stage: string): string =>
    `${imports} model m { input x: float[T, 2] output y = x -> ${stage} }`;

  it('bring definitions, and those that they use', () => {
    const text = model('import { outer } from "./cells.gate"', 'outer(3)');
    expect(compiled(text, { load }).weights.map((w) => w.name)).toEqual(['outer.W']);
    expect(faultsOf(model('import "./cells.gate"', 'other(3) -> inner'), { load })).toEqual([]);
  });

  it.each([
    ['import "./none.gate"', 'tanh', ['N3011 "./none.gate"']],
    ['import { outre } from "./cells.gate"', 'tanh', ['N3001 outre']],
  ])('are reported: %s', (imports, stage, faults) => {
    expect(faultsOf(model(imports, stage), { load })).toEqual(faults);
  });
});

describe('lengths of several times', () => {
  it('each mask their own sequences', () => {
    const text = `model m {
      input a: float[Tx, 1]
      input b: float[Ty, 1]
      output sums = concat(a -> pool(sum), b -> pool(sum))
    }`;
    const arrays = {
      a: floats([2, 2, 1], [1, 2, 3, 4]),
      b: floats([2, 3, 1], [10, 20, 30, 40, 50, 60]),
      lengths: ints([2], [1, 2]),
      'lengths/Ty': ints([2], [3, 0]),
    };
    const results = runModel(text, { sizes: { B: 2, Tx: 2, Ty: 3 }, arrays });
    expect([...required(results.get('sums')).data]).toEqual([1, 60, 7, 0]);
  });
});
