/** The interpreter: inputs bound and refused, results, empty axes. */
import { describe, expect, test } from 'vitest';
import { printDim, dim, fixed, symbol, type Shape } from '../../../compiler/graph/dim.ts';
import { add, mul } from '../../../compiler/graph/build.ts';
import { tensor } from '../../../compiler/graph/types.ts';
import { interpret, Interpreter } from '../../../compiler/interpret/interpret.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawFloats, drawer, floats, ints } from '../../../compiler/verify/arrays.ts';
import { required } from '../../support/op-runs.ts';

const twiceAndThree = { constant: 3, terms: [{ symbol: 'n', coefficient: 2 }] };

function identityOver(shapes: Record<string, Shape>): ReturnType<GraphBuilder['finish']> {
  const b = new GraphBuilder();
  const values = Object.entries(shapes).map(([name, shape]) => ({
    name,
    value: b.parameter(name, tensor('float', shape), 'input'),
  }));
  return b.finish('identity', values);
}

function zeros(...shape: number[]): NdArray {
  return drawFloats(drawer(1), shape);
}

function runWith(shapes: Record<string, Shape>, inputs: Record<string, NdArray>): void {
  interpret(identityOver(shapes), new Map(Object.entries(inputs)), { precision: 'f64' });
}

describe('dimensions are read from the inputs', () => {
  const shapes = { w: [twiceAndThree], x: [symbol('B'), symbol('T'), symbol('n')] };

  test('linear forms are solved', () => {
    expect(() => runWith(shapes, { w: zeros(7), x: zeros(5, 4, 2) })).not.toThrow();
    expect(() => runWith(shapes, { w: zeros(8), x: zeros(5, 4, 2) })).toThrow(
      'input w: axis 0 (2*n+3) is 8, expected 2*n+3',
    );
  });

  test('a clash names the axis', () => {
    expect(() => runWith(shapes, { w: zeros(7), x: zeros(5, 4, 3) })).toThrow(
      'input x: axis 2 (n) is 3, expected n = 2',
    );
    const pair = { x: [symbol('B'), symbol('T')], y: [symbol('B'), symbol('T')] };
    expect(() => runWith(pair, { x: zeros(2, 3), y: zeros(4, 3) })).toThrow(
      'input y: axis 0 (batch) is 4, expected B = 2',
    );
    expect(() => runWith(pair, { x: zeros(2, 3), y: zeros(2, 5) })).toThrow('axis 1 (time) is 5');
  });

  test('a fixed size is expected as it is', () => {
    expect(() => runWith({ x: [fixed(3)] }, { x: zeros(4) })).toThrow('axis 0 is 4, expected 3');
  });

  test('rank, names and element types', () => {
    const x = { x: [symbol('B'), symbol('T')] };
    expect(() => runWith(x, { x: zeros(4) })).toThrow('has shape [4], expected [batch, time]');
    expect(() => runWith(x, {})).toThrow('there is no input x');
    expect(() => runWith(x, { x: zeros(1, 1), z: zeros(1) })).toThrow('the model has no input z');
    expect(() => runWith(x, { x: ints([1, 1], [1]) })).toThrow('holds int, expected float');
    const short: NdArray = { dtype: 'float', shape: [2, 2], data: new Float64Array(3) };
    expect(() => runWith(x, { x: short })).toThrow('holds 3 elements, its shape says 4');
  });

  test('what several readings fit needs a binding', () => {
    const sum = { constant: 0, terms: ['m', 'n'].map((s) => ({ symbol: s, coefficient: 1 })) };
    expect(printDim(sum)).toBe('m+n');
    const graph = identityOver({ x: [sum] });
    const inputs = new Map([['x', zeros(5)]]);
    expect(() => interpret(graph, inputs, { precision: 'f64' })).toThrow('several ways');
    const bindings = new Map([['m', 2]]);
    expect(() => interpret(graph, inputs, { precision: 'f64', bindings })).not.toThrow();
  });
});

test('a dimension that no input has needs a binding', () => {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [dim('B')]), 'input');
  const wide = b.emit('broadcast', [x], { shape: [dim('B'), dim('V')], axes: [0] });
  const graph = b.finish('test', [{ name: 'wide', value: wide }]);
  const inputs = new Map([['x', zeros(2)]]);
  expect(() => interpret(graph, inputs, { precision: 'f64' })).toThrow('how large V is');
  const bindings = new Map([['V', 3]]);
  expect(interpret(graph, inputs, { precision: 'f64', bindings }).get('wide')?.shape).toEqual([
    2, 3,
  ]);
});

describe('results', () => {
  test('share nothing with inputs or each other', () => {
    const b = new GraphBuilder();
    const x = b.parameter('x', tensor('float', [fixed(2)]), 'input');
    const doubled = add(b, x, x);
    const graph = b.finish('test', [
      { name: 'same', value: x },
      { name: 'first', value: doubled },
      { name: 'second', value: doubled },
    ]);
    const input = floats([2], [1, 2]);
    const results = interpret(graph, new Map([['x', input]]), { precision: 'f64' });
    expect([...results.keys()]).toEqual(['same', 'first', 'second']);
    expect(new Set([input, ...results.values()].map((array) => array.data)).size).toBe(4);
    expect([...required(results.get('second')).data]).toEqual([2, 4]);
  });

  test('floats are of the precision asked for', () => {
    const graph = identityOver({ x: [fixed(1)] });
    const single: NdArray = { dtype: 'float', shape: [1], data: Float32Array.of(0.1) };
    for (const [precision, kind] of [
      ['f64', Float64Array],
      ['f32', Float32Array],
    ] as const) {
      for (const x of [single, floats([1], [0.1])]) {
        const results = interpret(graph, new Map([['x', x]]), { precision });
        expect(required(results.get('x')).data).toBeInstanceOf(kind);
      }
    }
  });

  test('of nothing are nothing', () => {
    const b = new GraphBuilder();
    const x = b.parameter('x', tensor('float', [dim('B'), dim('T'), fixed(2)]), 'input');
    const squared = mul(b, x, x);
    const sums = b.emit('reduceSum', [squared], { axes: [1] });
    const graph = b.finish('test', [{ name: 'sums', value: sums }]);
    const evaluate = (batch: number, time: number): number[] => {
      const inputs = new Map([['x', zeros(batch, time, 2)]]);
      return [...required(interpret(graph, inputs, { precision: 'f64' }).get('sums')).data];
    };
    expect(evaluate(0, 3)).toEqual([]);
    expect(evaluate(2, 0)).toEqual([0, 0, 0, 0]);
  });
});

test('the executable rejects with the fault', async () => {
  const executable = new Interpreter(identityOver({ x: [fixed(1)] }), { precision: 'f64' });
  await expect(executable.run(new Map())).rejects.toThrow('there is no input x');
  const results = await executable.run(new Map([['x', floats([1], [4])]]));
  expect([...required(results.get('x')).data]).toEqual([4]);
});
