/** States of a single recurrent stage, stacked as PyTorch stacks them. */
import { describe, expect, it } from 'vitest';
import { adoptStates } from '../../../compiler/adopt/states.ts';
import { printShape } from '../../../compiler/graph/dim.ts';
import type { Model } from '../../../compiler/graph/model.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawn } from '../../support/op-runs.ts';
import { modelOf } from './models.ts';

function states(model: Model): string[] {
  return model.states.map((s) => `${s.initial} ${s.final} ${printShape(s.type.shape)}`);
}

describe('adoptStates', () => {
  it.each([
    ['lstm(4)', ['h0 hn [1, B, 4]', 'c0 cn [1, B, 4]']],
    ['rnn(4, depth=3)', ['h0 hn [3, B, 4]']],
    ['bidirectional(gru(4, reset=after), depth=2)', ['h0 hn [4, B, 4]']],
    // Without a layout the cell's own letters stay.
    ['simpleGru(4)', ['c0 cn [1, B, 4]']],
  ])('stacks those of %s', (spec, expected) => {
    const model = adoptStates(modelOf(spec));
    expect(states(model)).toEqual(expected);
    verify(model.graph, 'adoptStates');
  });

  it('leaves a model of several stages alone', () => {
    const model = modelOf('lstm(4) -> dense(3)');
    expect(adoptStates(model)).toBe(model);
  });

  it('goes layer by layer, forward before reverse', () => {
    const model = adoptStates(modelOf('bidirectional(rnn(1), depth=2)'));
    // No time step at all: the final states are the initial ones.
    const inputs = new Map(
      model.graph.parameters.map((p) => {
        const shape = p.value.type.shape.map((d) => d.constant + (d.terms.length > 0 ? 1 : 0));
        const data = new Float64Array(shape.reduce((n, s) => n * s, 1));
        return [p.name, { dtype: 'float' as const, shape, data }];
      }),
    );
    const lengths = ints([1], [0]);
    const h0 = { dtype: 'float' as const, shape: [4, 1, 1], data: Float64Array.of(1, 2, 3, 4) };
    const results = interpret(model.graph, new Map([...inputs, ['lengths', lengths], ['h0', h0]]), {
      precision: 'f64',
    });
    expect([...(results.get('hn')?.data ?? [])]).toEqual([1, 2, 3, 4]);
    expect(results.get('hn')?.shape).toEqual([4, 1, 1]);
  });

  it('gives each layer and direction its own', () => {
    const model = modelOf('bidirectional(rnn(1), depth=2)');
    const given = (graph: Model['graph']): Map<string, NdArray> =>
      new Map(
        graph.parameters.map((p, i): [string, NdArray] => {
          const shape = p.value.type.shape.map((d) => d.constant + (d.terms.length > 0 ? 1 : 0));
          return [p.name, p.name === 'lengths' ? ints([1], [1]) : drawn('float', shape, i)];
        }),
      );
    const own = given(model.graph);
    const adopted = adoptStates(model);
    const order = ['l0.forward', 'l0.reverse', 'l1.forward', 'l1.reverse'];
    const first = order.flatMap((path) => [...(own.get(`rnn.${path}.a0`)?.data ?? [])]);
    expect(new Set(first).size).toBe(4);
    const stacked = new Map([...own, ['h0', floats([4, 1, 1], first)]]);
    const inputs = new Map(
      [...stacked].filter(([name]) => adopted.graph.parameters.some((p) => p.name === name)),
    );
    const results = interpret(model.graph, own, { precision: 'f64' });
    const last = order.flatMap((path) => [...(results.get(`rnn.${path}.an`)?.data ?? [])]);
    expect(last).toHaveLength(4);
    const found = interpret(adopted.graph, inputs, { precision: 'f64' }).get('hn');
    expect([...(found?.data ?? [])]).toEqual(last);
  });
});
