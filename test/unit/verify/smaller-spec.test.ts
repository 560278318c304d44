/**
 * Specs made as small as they can be: what is asked of them here is a property that can be seen in
 * the compiled model, so that the smallest spec which has it is known beforehand.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGraph, type Graph } from '../../../compiler/graph/types.ts';
import type { Model } from '../../../compiler/graph/model.ts';
import { compile } from '../../../compiler/pipeline.ts';
import { spec } from '../../../compiler/verify/arbitraries/models.ts';
import {
  smallerSpec,
  type SmallerSpec,
  type SmallerSpecOptions,
} from '../../../compiler/verify/smaller-spec.ts';

const large = `
# What follows has a bit of everything.
layer deep() { emit x + (x -> rnn(2) -> dense(width(x))) }
cell own(n, m = 2, form = one) {
  layout pytorch(states = [h])
  state h: [n], seen: [n]
  weight p: [n]
  if form == one { v = softsign(W[x<t>] + p * h<t-1> + bv) } else { v = 2 * h<t-1> }
  seen<t> = max(0.9 * seen<t-1>, v)
  g = σ(U[seen<t-1>, x<t>] + bg)
  h<t> = g * v + (1 - g) * sin(h<t-1>)
  emit seen<t> - h<t>
}
model m(width = 12, classes = 5) {
  input x: float[T, D]
  input ids: words(V)[T]
  input label: class(classes)[T]
  input target: float[T, 3]
  a = concat(x, ids<t-1> -> embed(width)) -> lstm(width, depth = 2)
  output y = a -> bidirectional(gru(width, reset = after), depth = 2)
    -> residual(own(24) -> deep) -> dropout(0.3) -> softmax(classes)
  output z = a -> stack(peephole(7, connections = diagonal), layerNorm) -> dense(3)
  loss crossEntropy(y, label)
  loss 0.5 * mse(z, target)
  train adam(rate = 0.01), batch = 4
}
`;

type Property = (model: Model, text: string) => boolean;

async function smallest(
  text: string,
  property: Property,
  options: SmallerSpecOptions = {},
): Promise<SmallerSpec & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const falls = (candidate: string): Promise<boolean> => {
    asked.push(candidate);
    const { model } = compile({ name: 'spec.gate', text: candidate }, { mode: 'training' });
    return Promise.resolve(model !== undefined && property(model, candidate));
  };
  return { ...(await smallerSpec(text, falls, options)), asked };
}

const has =
  (definition: string): Property =>
  ({ instances }) =>
    instances.some((i) => i.definition === definition);

function opsOf(graph: Graph): string[] {
  return graph.instructions.flatMap(({ op, attributes: { body } }) => [
    op,
    ...(isGraph(body) ? opsOf(body) : []),
  ]);
}

const cases: readonly (readonly [string, Property, string])[] = [
  ['a layer of its own', has('gru'), 'gru(1)\n'],
  ['an option that matters', (_, text) => text.includes('after'), 'gru(1, reset = after)\n'],
  ['a table', has('embed'), 'embed(1)\n'],
  [
    'a direction',
    ({ instances }) => instances.some((i) => i.recurrent && i.direction === 'reverse'),
    'bidirectional(rnn(1))\n',
  ],
  [
    'a width that matters',
    ({ weights }) => weights.some((w) => w.shape.some((d) => d.constant >= 3)),
    'dense(3)\n',
  ],
  [
    'a loss',
    (model, text) => has('lstm')(model, text) && text.includes('mse'),
    `model m {
  input x: float[T, 1]
  input target: float[T, 1]
  output z = x -> lstm(1)
  loss mse(z, target)
}
`,
  ],
  [
    "an equation of one's own",
    (model, text) =>
      has('own')(model, text) && /emit .*seen<t>/.test(text) && /max\(.*seen<t-1>/.test(text),
    `cell own(n) {
  state seen: [n]
  seen<t> = max(seen<t-1>, x<t>)
  emit seen<t>
}

model m {
  input x: float[T, 1]
  output y = x -> own(1)
}
`,
  ],
];

describe('the smallest spec', { timeout: 60_000 }, () => {
  it.each(cases)('%s', async (_, property, expected) => {
    const found = await smallest(large, property);
    expect(found.text).toBe(expected);
    expect(found.exhausted).toBe(false);
  });

  it('is found for YAML and for a pipeline', async () => {
    const yaml = 'model: m\ninput: { x: "float[T, 9]" }\noutput: { y: x -> lstm(8) -> gru(4) }\n';
    expect((await smallest(yaml, has('gru'), { name: 'm.yaml' })).text).toBe('gru(1)\n');
    const line = 'bidirectional(lstm(128), depth = 3) -> softmax';
    expect((await smallest(line, has('lstm'))).text).toBe('lstm(1)\n');
  });

  it('stays what it is where nothing can go', async () => {
    const found = await smallest('lstm(1)\n', has('lstm'));
    expect(found.text).toBe('lstm(1)\n');
    expect((await smallest('lstm(', has('lstm'))).text).toBe('lstm(');
  });

  it('holds what it imports', async () => {
    const text = 'import "./mine.gate"\nmodel m { input x: float[T, 2] output y = x -> mine(3) }';
    const mine = 'cell mine(n) { state c: [n] c<t> = sin(W[c<t-1>, x<t>] + b) emit c<t> }';
    const found = await smallest(text, ({ graph }) => opsOf(graph).includes('sin'), {
      load: () => ({ name: 'mine.gate', text: mine }),
    });
    expect(found.text).toContain('cell mine(n)');
    expect(found.text).not.toContain('import');
  });

  it('is looked for in the model that is run', async () => {
    const text = `model a { input x: float[T, 2] output y = x -> lstm(3) }
      model b { input x: float[T, 2] output y = x -> gru(3) }`;
    expect((await smallest(text, has('lstm'), { model: 'a' })).text).toBe('lstm(1)\n');
  });

  it('has numbers for ids, one branch less, no sub-model and no layer around, where it may', async () => {
    const ids = `model m { input ids: words(9)[T] input t: float[T, 1]
      output y = ids -> embed(3) -> lstm(1) loss mse(y, t) }`;
    const floats = await smallest(ids, (m, text) => has('lstm')(m, text) && text.includes('mse'));
    expect(floats.text).toContain('input ids: float[T, 1]');
    expect(floats.text).toContain('y = ids -> lstm(1)');
    const three =
      'model m { input x: float[T, 2] output y = x -> concat(rnn(1), lstm(1), gru(1)) }';
    const two = await smallest(three, (_, text) => text.includes('concat') && text.includes('gru'));
    expect(two.text).toBe('concat(gru(1))\n');
    const inner = `model part { input z: float[T, 2] output q = z -> lstm(2) + z }
      model m { input x: float[T, 2] output y = x -> part -> dense(2) }`;
    expect((await smallest(inner, has('lstm'))).text).not.toContain('part ->');
    expect((await smallest(inner, has('lstm'))).text).not.toContain('model m');
    const layer = `layer deep() { emit x -> lstm(2) -> dense(2) }
      model m { input x: float[T, 2] output y = x -> deep }`;
    expect((await smallest(layer, has('lstm'))).text).toBe('lstm(1)\n');
  });

  it('takes no more tries than it was given, and says so', async () => {
    const found = await smallest(large, has('gru'), { tries: 5 });
    expect(found.asked).toHaveLength(5);
    expect(found).toMatchObject({ tries: 5, exhausted: true });
    expect(found.text.length).toBeLessThan(large.length);
  });

  it('asks the same questions each time, none twice, and only about specs that compile', async () => {
    const found = await smallest(large, has('peephole'));
    expect((await smallest(large, has('peephole'))).asked).toEqual(found.asked);
    expect(new Set(found.asked).size).toBe(found.asked.length);
    for (const text of found.asked) {
      const { model } = compile({ name: 'spec.gate', text }, { mode: 'training' });
      expect(model, text).toBeDefined();
    }
  });

  it('has one recurrent layer and one unit, whatever spec it was', async () => {
    const recurrent: Property = ({ instances }) => instances.some((i) => i.recurrent);
    const law = fc.asyncProperty(spec({ dropout: true }), async ({ text }) => {
      const { model } = compile({ name: 'spec.gate', text }, { mode: 'training' });
      if (model === undefined || !recurrent(model, text)) return;
      const found = await smallest(text, recurrent);
      const smaller = compile({ name: 'spec.gate', text: found.text }, { mode: 'training' }).model;
      expect(smaller?.instances.filter((i) => i.recurrent).length, found.text).toBe(1);
      expect(found.text).not.toMatch(/\b(?!1\b)\d+\b/);
    });
    await fc.assert(law, { seed: 511, numRuns: 15 });
  });
});
