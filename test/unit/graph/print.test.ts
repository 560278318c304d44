/** The text form of a graph, by example. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import { printGraph } from '../../../compiler/graph/print.ts';
import { readGraph } from '../../../compiler/graph/read.ts';
import { verify } from '../../../compiler/ops/verify.ts';

const text = `graph names(%0 text: int[B, T] input, %1 "a b": float[2*D+3, -B+1] weight, %2 h: float[B] state) -> (next: %7, "": %8) {
  %3: float[] = constant() {dtype="float", value=-0}  # names.gate:3:10 lstm.l0
  %4: float[] = constant() {dtype="float", value=1e-7}  # "my model.gate":1:1
  %5: float[0] = broadcast(%3) {axes=[], shape=<[0]>}
  %6: float[] = size() {dim=<T>}
  %7: float[B], %8: float[B, T, 2] = scan(%3, %2, %0) {carries=1, constants=1, lengths=false, reverse=true, time=<T>, xs=1}  # <pipeline>:1:1
    body=graph cell(%0 w: float[] local, %1 h: float[B] local, %2 x: int[B] local) -> (h: %1, y: %3) {
      %3: float[B, 2] = broadcast(%1) {axes=[0], shape=<[B, 2]>}
    }
  %9: float[B] = neg(%2)
}
`;

describe('the text form', () => {
  test('comes back as it was', () => {
    const graph = readGraph(text);
    expect(printGraph(graph)).toBe(text);
    expect(readGraph(printGraph(graph))).toEqual(graph);
    expect(verify(graph, 'test')).toBe(graph);
  });

  test('keeps origins, and other comments are only comments', () => {
    const [first, second, third] = readGraph(text).instructions;
    expect(first?.origin).toEqual({ source: 'names.gate', line: 3, column: 10, layer: 'lstm.l0' });
    expect(second?.origin).toEqual({ source: 'my model.gate', line: 1, column: 1 });
    expect(third?.origin).toBeUndefined();
    const commented = readGraph(
      '# a\ngraph g() -> () { # b\n  %0: int[2] = iota() {dim=<2>} # c d\n}',
    );
    expect(commented.instructions[0]).not.toHaveProperty('origin');
  });

  test('the example of the reference is a graph in canonical form', () => {
    const page = readFileSync('specs/ir/graph.md', 'utf8');
    const [, example = ''] = /```\n(graph recurrence[^]*?)```/.exec(page) ?? [];
    expect(printGraph(verify(readGraph(example), 'test'))).toBe(example);
  });

  test('keeps the sign of zero', () => {
    expect(Object.is(readGraph(text).instructions[0]?.attributes['value'], -0)).toBe(true);
  });

  test.each([
    ['', 'line 1: expected graph'],
    ['graph g() -> () {\n  %0: text[] = size()\n}', 'line 2: expected a dtype'],
    ['graph g() -> () {\n  %0: int[] = neg(%7)\n}', '%7 is not defined'],
    ['graph g() -> () {\n} more', 'line 2: expected the end'],
    ['graph g(%0 x: int[] thing) -> () {}', 'expected a role'],
  ])('%j is no graph', (wrong, message) => {
    expect(() => readGraph(wrong)).toThrow(CompilerBug);
    expect(() => readGraph(wrong)).toThrow(message);
  });
});
