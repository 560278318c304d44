/** What a cell of the user's may call its states, and what it becomes. */
import { describe, expect, it } from 'vitest';
import { scanParts } from '../../../compiler/graph/scan.ts';
import { scansOf } from '../../support/graph-queries.ts';
import { compiled, faultsOf } from '../../support/models.ts';
import { required } from '../../support/op-runs.ts';

function cell(state: string): string {
  return `cell mine(n) {
    state ${state}: [n]
    ${state}<t> = tanh(W[${state}<t-1>, x<t>] + b)
    emit ${state}<t>
  }
  model m { input x: float[T, 2] output y = x -> mine(3) }`;
}

describe('a state', () => {
  it.each(['y', 'constant0', 'n2', 'c̃', 'W2', 'lengths'])('may be called %s', (name) => {
    const { states, graph } = compiled(cell(name));
    expect(states.map((s) => s.initial)).toEqual([`mine.${name}0`]);
    const { bodyCarries } = scanParts(required(scansOf(graph)[0]));
    expect(bodyCarries.map((p) => p.name)).toEqual([name]);
  });

  it('may not be called as the input', () => {
    expect(faultsOf(cell('x'))).toEqual(['N3006 state x: [n]']);
  });
});
