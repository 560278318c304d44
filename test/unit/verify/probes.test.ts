/**
 * Values of a graph given out as results, and what is right for them: in a graph written by hand,
 * whose loop also has what passes would take out of it.
 */
import { describe, expect, it } from 'vitest';
import { readGraph } from '../../../compiler/graph/read.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { departuresOf } from '../../../compiler/verify/culprit/departures.ts';
import { probesOf, withProbes } from '../../../compiler/verify/culprit/probes.ts';
import { oracle } from '../../../compiler/verify/culprit/references.ts';

/** A running sum that is doubled; the sum of all, and whether it is above 1. */
const running = readGraph(`
graph running(%0 x: float[B, T] input, %1 h0: float[B] state) -> (y: %3, above: %6) {
  %2: float[B], %3: float[B, T] = scan(%1, %0) {carries=1, constants=0, lengths=false, reverse=false, time=<T>, xs=1}
    body=graph step(%0 h: float[B] local, %1 x: float[B] local) -> (h: %2, y: %5) {
      %2: float[B] = add(%0, %1)
      %3: float[] = constant() {dtype="float", value=0.5}
      %4: float[] = exp(%3)
      %5: float[B] = add(%2, %2)
    }
  %4: float[] = constant() {dtype="float", value=1}
  %5: float[B] = broadcast(%4) {axes=[], shape=<[B]>}
  %6: bool[B] = less(%5, %2)
}
`);

const inputs = new Map([
  ['x', floats([1, 3], [0.25, 0.5, 1])],
  ['h0', floats([1], [0.25])],
]);
const none = new Map<string, number>();

describe('values given out', () => {
  it('are all that vary, over all time steps, and results keep their names', () => {
    const probes = probesOf(running);
    expect(probes.map((p) => [p.name, p.instruction.op, p.loop !== undefined])).toEqual([
      ['probe/2/2', 'add', true],
      ['y', 'add', true],
      ['probe/2', 'scan', false],
      ['probe/5', 'broadcast', false],
      ['above', 'less', false],
    ]);
    const probed = verify(withProbes(running, probes), 'probes');
    expect(probed.results).toHaveLength(5);
    const found = interpret(probed, inputs, { precision: 'f64' });
    expect([...(found.get('probe/2/2')?.data ?? [])]).toEqual([0.5, 1, 2]);
    expect([...(found.get('y')?.data ?? [])]).toEqual([1, 2, 4]);
    expect([...(found.get('above')?.data ?? [])]).toEqual([1]);
  });

  it('are not given out twice where a loop has them for all time steps already', () => {
    const graph = { ...running, results: running.results.filter((r) => r.name !== 'y') };
    const [scan] = withProbes(graph, probesOf(graph)).instructions;
    // The carry, y, and the sum of each time step.
    expect(scan?.results).toHaveLength(3);
  });

  it('are judged one by one, the first in time first', () => {
    const probed = withProbes(running, probesOf(running));
    const reference = oracle(probed, inputs, none, undefined);
    const found = new Map(interpret(probed, inputs, { precision: 'f64' })).set(
      'y',
      floats([1, 3], [1, 2.5, 3]),
    );
    const [only, ...rest] = departuresOf(probesOf(running), found, reference);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ element: [0, 1], turn: 1, found: 2.5, expected: 2 });
  });

  it('are not judged where rounding decides', () => {
    const graph = readGraph(`
graph steps(%0 x: float[B] input) -> (n: %4) {
  %1: float[] = constant() {dtype="float", value=10}
  %2: float[B] = broadcast(%1) {axes=[], shape=<[B]>}
  %3: float[B] = mul(%0, %2)
  %4: int[B] = cast(%3) {dtype="int"}
}
`);
    const at = (x: number): number =>
      oracle(graph, new Map([['x', floats([1], [Math.fround(x)])]]), none, undefined).room('n')
        ?.allowed ?? NaN;
    // Just below 7, which f32 does not tell from 7.
    expect(at(0.7)).toBe(Infinity);
    expect(at(0.72)).toBe(0);
  });
});
