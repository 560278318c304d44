/** The verifier finds each kind of broken graph and names the pass. */
import { expect, test } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import { readGraph } from '../../../compiler/graph/read.ts';
import { verify } from '../../../compiler/ops/verify.ts';

function scanning(body: string): string {
  return `graph g(%0 w: float[B] weight, %1 h: float[B] state, %2 x: float[B, T] input) -> (h: %3) {
    %3: float[B] = scan(%0, %1, %2) {carries=1, constants=1, lengths=false, reverse=false, time=<T>, xs=1}
      body=graph b(%0 w: float[B] local, %1 h: float[B] local, %2 x: float[B] local) -> (h: %4) {
        ${body}
      }
  }`;
}

test.each([
  ['graph g(%0 x: float[B] input) -> (y: %1) { %1: float[2] = neg(%0) }', 'should be float[B]'],
  ['graph g(%0 x: float[B] input) -> (y: %0) { %0: float[B] = neg(%0) }', 'defined twice'],
  ['graph g(%0 x: int[] input, %1 x: int[] input) -> () {}', 'two parameters have one name'],
  ['graph g(%0 x: float[B] input) -> () { %1: float[B] = frob(%0) }', 'there is no op frob'],
  ['graph g(%0 x: float[B] input) -> () { %1: float[B], %2: float[B] = neg(%0) }', 'should be'],
  [
    scanning('%3: float[] = reduceSum(%1) {axes=[0]} %4: float[B] = neg(%1)'),
    '%3 = reduceSum varies over time in b and lacks batch',
  ],
  [scanning('%4: float[B] = exp(%1) %5: float[T] = exp(%1)'), 'should be float[B]'],
])('%s', (text, message) => {
  const graph = readGraph(text);
  expect(() => verify(graph, 'some pass')).toThrow(CompilerBug);
  expect(() => verify(graph, 'some pass')).toThrow(`some pass: made a wrong graph`);
  expect(() => verify(graph, 'some pass')).toThrow(message);
});

test('what depends on constants alone needs no batch axis', () => {
  const graph = readGraph(
    scanning('%3: float[] = reduceSum(%0) {axes=[0]} %4: float[B] = add(%1, %2)'),
  );
  expect(verify(graph, 'test')).toBe(graph);
});

test('a value must be defined before its use, with the type it was defined with', () => {
  const { parameters, results } = readGraph('graph g(%0 x: float[B] input) -> (x: %0) {}');
  const wrong = { name: 'g', parameters: [], instructions: [], results };
  expect(() => verify(wrong, 'test')).toThrow('%0 in result x is not defined');
  const other = { id: 0, type: { dtype: 'int', shape: [] } } as const;
  const retyped = {
    name: 'g',
    parameters,
    instructions: [],
    results: [{ name: 'x', value: other }],
  };
  expect(() => verify(retyped, 'test')).toThrow('is int[], was defined as float[B]');
});

test('what was right elsewhere is looked at where it differs', () => {
  const graph = readGraph(scanning('%4: float[B] = add(%1, %2)'));
  verify(graph, 'test');
  const [scan] = graph.instructions;
  if (scan === undefined) throw new Error('there is a scan');
  const { attributes, operands, results } = scan;
  const changed = (instruction: Partial<typeof scan>): typeof graph => ({
    ...graph,
    instructions: [{ ...scan, ...instruction }],
  });
  const retyped = results.map((v) => ({
    ...v,
    type: { dtype: 'int', shape: v.type.shape } as const,
  }));
  expect(() => verify(changed({ results: retyped }), 'test')).toThrow('should be float[B]');
  const [w, , x] = operands;
  if (w === undefined || x === undefined) throw new Error('there are three operands');
  expect(() => verify(changed({ operands: [w, x, w] }), 'test')).toThrow(CompilerBug);
  expect(() => verify(changed({ op: 'neg' }), 'test')).toThrow(CompilerBug);
  const more = { ...attributes, constants: 2, carries: 0 };
  expect(() => verify(changed({ attributes: more }), 'test')).toThrow(CompilerBug);
  expect(verify(changed({}), 'test').instructions).toHaveLength(1);
});
