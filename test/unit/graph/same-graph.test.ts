/** Graphs are the same where their texts are. */
import { describe, expect, it } from 'vitest';
import { readGraph } from '../../../compiler/graph/read.ts';
import { sameGraph } from '../../../compiler/graph/same-graph.ts';

const text = `graph g(%0 w: float[B] weight, %1 x: float[B, T] input) -> (h: %3, s: %5) {
  %2: float[B] = scan(%0, %1) {carries=1, constants=0, lengths=false, reverse=false, time=<T>, xs=1}  # m.gate:2:3 rnn
    body=graph b(%0 h: float[B] local, %1 x: float[B] local) -> (h: %2) {
      %2: float[B] = add(%0, %1)
    }
  %3: float[B] = neg(%2)
  %4: float[] = constant() {dtype="float", value=0}
  %5: float[2*T+1] = broadcast(%4) {axes=[], shape=<[2*T+1]>}
}`;

describe('sameGraph', () => {
  it('sees that two readings of one text are the same', () => {
    expect(sameGraph(readGraph(text), readGraph(text))).toBe(true);
  });

  it.each([
    ['the name', 'graph g(', 'graph f('],
    ['a parameter', '%0 w: float[B] weight', '%0 v: float[B] weight'],
    ['a role', 'weight', 'state'],
    ['the name of a result', 'h: %3', 'g: %3'],
    ['a result', 'h: %3', 'h: %2'],
    ['an op', 'neg(%2)', 'exp(%2)'],
    ['an operand', 'neg(%2)', 'neg(%0)'],
    ['a body', 'add(%0, %1)', 'add(%1, %0)'],
    ['a flag', 'reverse=false', 'reverse=true'],
    ['a dimension among attributes', 'time=<T>', 'time=<B>'],
    ['a shape among attributes', 'shape=<[2*T+1]>', 'shape=<[2*T+2]>'],
    ['the sign of a zero', 'value=0', 'value=-0'],
    ['an origin', '# m.gate:2:3 rnn', '# m.gate:2:4 rnn'],
    ['a layer', '# m.gate:2:3 rnn', '# m.gate:2:3'],
    ['a type', '%5: float[2*T+1]', '%5: float[2*T+2]'],
    [
      'an instruction more',
      '%3: float[B] = neg(%2)',
      '%3: float[B] = neg(%2) %6: float[B] = exp(%2)',
    ],
  ])('tells %s', (_what, from, to) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(sameGraph(readGraph(text), readGraph(changed))).toBe(false);
  });
});
