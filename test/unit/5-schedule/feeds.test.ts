/**
 * Results that become parameters: what else reads the parameter sees its old value, whatever the
 * order is in which kernels run and store.
 */
import { expect, test } from 'vitest';
import { present } from '../../../compiler/base/bug.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { inferenceGraph, kernelProgram } from '../../../compiler/pipeline.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { drawer, drawFloats, roundedToF32 } from '../../../compiler/verify/arrays.ts';
import { keptSteps, oracleSteps } from '../../support/kept-steps.ts';
import { compiled, expectSameResults } from '../../support/models.ts';

interface Case {
  readonly what: string;
  readonly lines: string;
  readonly feeds: Readonly<Record<string, string>>;
  /** Of what is fed; 4 if not said. */
  readonly width?: number;
}

const cases: readonly Case[] = [
  { what: 'element by element', lines: 'output u = 2 * a', feeds: { a: 'u' } },
  { what: 'as it is', lines: 'output u = a', feeds: { a: 'u' } },
  { what: 'where each reads all', lines: 'output u = a -> dense(4)', feeds: { a: 'u' } },
  {
    what: 'where several invocations each read all',
    lines: 'output u = a -> dense(70)',
    feeds: { a: 'u' },
    width: 70,
  },
  {
    what: 'where another reads all of the old one',
    lines: 'output u = 2 * a\noutput v = a -> dense(4)',
    feeds: { a: 'u' },
  },
  {
    what: 'where another does so by way of a sum',
    lines: 'output u = a + 1\noutput v = softmax(a)\noutput w = a * v',
    feeds: { a: 'u' },
  },
  {
    what: 'crosswise, element by element',
    lines: 'output u = b + 1\noutput v = a * 2',
    feeds: { a: 'u', b: 'v' },
  },
  {
    what: 'crosswise, as they are',
    lines: 'output u = b\noutput v = a',
    feeds: { a: 'u', b: 'v' },
  },
  {
    what: 'one after the other',
    lines: 'output u = b * a\noutput v = u + a',
    feeds: { a: 'u', b: 'v' },
  },
  {
    what: 'crosswise, where each reads all',
    lines: 'output u = b -> dense(4)\noutput v = a -> dense(4)',
    feeds: { a: 'u', b: 'v' },
  },
  {
    what: 'where the result is read later',
    lines: 'output u = a * b\noutput v = u -> dense(4)\noutput w = a + v',
    feeds: { a: 'u' },
  },
  { what: 'twice', lines: 'output u = a + b', feeds: { a: 'u', b: 'u' } },
];

test.each(cases)('$what', async ({ lines, feeds: fed, width = 4 }) => {
  const text = `model m {\ninput a: float[${width}]\ninput b: float[${width}]\n${lines}\n}`;
  const graph = inferenceGraph(compiled(text), 'kernels');
  const feeds = new Map(Object.entries(fed));
  const bindings = new Map([['B', 3]]);
  const first = roundedToF32(
    new Map(
      graph.parameters.map(({ name, value }, i): [string, NdArray] => {
        const shape = value.type.shape.map((d) => (d.terms.length > 0 ? 3 : d.constant));
        return [name, drawFloats(drawer(i + 1), shape)];
      }),
    ),
  );
  const training = { first, feeds, bindings, steps: 3 };
  const program = kernelProgram(graph, { feeds });
  const executable = new KernelInterpreter(program, bindings, { poison: true });
  const found = await keptSteps(
    executable,
    graph.results.map((r) => r.name),
    training,
  );
  const exact = oracleSteps(graph, training, 'f64');
  exact.forEach((results, i) => {
    const here = present(found[i], 'a step');
    const known = new Map([...results].filter(([name]) => here.has(name)));
    expect(known.size).toBeGreaterThan(i === 2 ? 0 : -1);
    expectSameResults(here, known, 1e-5);
  });
  // A run that keeps nothing gives the same as the first step.
  const once = await new KernelInterpreter(program, bindings).run(first);
  expectSameResults(once, interpret(graph, first, { precision: 'f64', bindings }), 1e-5);
});
