/** Expressions too deep for a compiler of shaders, and what a loop runs to. */
import { expect, test } from 'vitest';
import { kernelWgsl } from '../../../compiler/6-emit/wgsl/emit.ts';
import { shallowFunction, shallowKernel } from '../../../compiler/6-emit/wgsl/shallow.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { partsOf, visitStatements } from '../../../compiler/kernel/walk.ts';
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';

const x = k.local('x', 'f32');

function deep(levels: number): Expression {
  let e: Expression = x;
  for (let i = 0; i < levels; i++) e = i % 2 === 0 ? k.sub(k.float(1), e) : k.unary('neg', e);
  return e;
}

function kernelOf(...body: Statement[]): Kernel {
  const declared: Statement = { kind: 'var', name: 'x', value: k.float(1) };
  const head = { name: 'k', sizes: [], workgroup: [1, 1, 1], shared: [], registers: [] } as const;
  return { ...head, buffers: [], body: [declared, ...body] };
}

function depth(e: Expression): number {
  return 1 + Math.max(0, ...partsOf(e).map(depth));
}

function deepest({ body }: Kernel): number {
  let most = 0;
  visitStatements(body, { expression: (e) => (most = Math.max(most, depth(e))) });
  return most;
}

test('what is shallow stays the same', () => {
  const kernel = kernelOf({ kind: 'assign', name: 'x', value: deep(31) });
  expect(shallowKernel(kernel)).toEqual(kernel);
});

test('deep parts get names, which no other local has', () => {
  const kernel = kernelOf(
    { kind: 'let', name: 'part 1', value: deep(200) },
    { kind: 'if', condition: k.less(deep(90), x), then: [], otherwise: [] },
  );
  expect(deepest(kernel)).toBe(201);
  const shallow = shallowKernel(kernel);
  expect(deepest(shallow)).toBe(33);
  const names = shallow.body.map((s) => ('name' in s ? s.name : s.kind));
  expect(names.slice(0, 3)).toEqual(['x', 'part 2', 'part 3']);
  expect(new Set(names).size).toBe(names.length);
  expect(names.at(-1)).toBe('if');
});

test('functions too', () => {
  const parameters = [{ name: 'x', type: 'f32' }] as const;
  const f = shallowFunction({ name: 'f', parameters, lets: [], result: deep(100) });
  expect(f.lets.length).toBe(3);
  expect(Math.max(...[f.result, ...f.lets.map(({ value }) => value)].map(depth))).toBe(33);
});

test('a condition is worked out anew at every turn', () => {
  const body: Statement[] = [{ kind: 'assign', name: 'x', value: k.add(x, k.float(1)) }];
  const kernel = kernelOf({ kind: 'while', condition: k.less(deep(40), k.float(9)), body });
  const lines = kernelWgsl(kernel, []).split('\n').slice(4);
  const part = /^ *let (part_\d+) = .*x/;
  const shape = lines.map((line) => line.replace(/ = -?(?:\(|1).*;/, ' = …;'));
  expect(lines.filter((line) => part.test(line)).length).toBe(2);
  expect(shape).toEqual([
    '  var x = …;',
    '  let part_1 = …;',
    '  var part_3 = …;',
    '  while (part_3) {',
    '    if (true) {',
    '      x = x + 1.0;',
    '    }',
    '    let part_2 = …;',
    '    part_3 = …;',
    '  }',
    '}',
    '',
  ]);
});

test('what a loop runs to is loaded once', () => {
  const kernel = readKernel(`
    kernel k workgroup(1, 1, 1) {
      buffer lengths: i32 read
      buffer y: i32 write
      for t = lengths[1] to min(lengths[0], 9) {
        y[t] = t
      }
    }`);
  expect(kernelWgsl(kernel, [])).toContain(`
  let part_1 = min(ints[lengths_at], 9);
  for (var t = ints[lengths_at + 1]; t < part_1; t++) {
    ints[y_at + t] = t;
  }
`);
});
