/** Law: a graph that is printed and read back is the same graph. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDims, fixed, scaleDim, symbol, type Dim } from '../../compiler/graph/dim.ts';
import { printGraph } from '../../compiler/graph/print.ts';
import { readGraph } from '../../compiler/graph/read.ts';
import type {
  AttributeValue,
  Graph,
  Instruction,
  Origin,
  TensorType,
  Value,
} from '../../compiler/graph/types.ts';

const name = fc.oneof(
  fc.constantFrom('x', 'lstm.Wu', 'Γu', 'c̃', 'T/2', 'true', 'graph', 'input'),
  fc.string({ unit: 'binary' }),
);

const symbolName = name.filter((text) => text !== '');

const dimension: fc.Arbitrary<Dim> = fc
  .tuple(
    fc.integer({ min: -50, max: 4096 }),
    fc.array(fc.tuple(symbolName, fc.integer({ min: -3, max: 9 })), { maxLength: 3 }),
  )
  .map(([constant, terms]) =>
    terms.reduce(
      (sum, [term, factor]) => addDims(sum, scaleDim(symbol(term), factor)),
      fixed(constant),
    ),
  );

const type: fc.Arbitrary<TensorType> = fc.record({
  dtype: fc.constantFrom('float', 'int', 'bool'),
  shape: fc.array(dimension, { maxLength: 3 }),
});

const origin: fc.Arbitrary<Origin> = fc
  .tuple(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), fc.option(name))
  .map(([source, line, column, layer]) => ({
    source,
    line,
    column,
    ...(layer === null || layer === '' ? {} : { layer }),
  }));

const plainAttribute: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  dimension,
  fc.array(fc.double()),
  fc.array(dimension),
);

interface Draft {
  readonly op: string;
  readonly operands: readonly number[];
  readonly attributes: readonly (readonly [string, AttributeValue])[];
  readonly results: readonly TensorType[];
  readonly origin: Origin | null;
}

function graph(depth: number): fc.Arbitrary<Graph> {
  const attribute = depth === 0 ? plainAttribute : fc.oneof(plainAttribute, graph(depth - 1));
  const draft: fc.Arbitrary<Draft> = fc.record({
    op: fc.constantFrom('dot', 'stopGradient', 'scan'),
    operands: fc.array(fc.nat(), { maxLength: 3 }),
    attributes: fc.uniqueArray(fc.tuple(name, attribute), {
      selector: ([key]) => key,
      maxLength: 4,
    }),
    results: fc.array(type, { maxLength: 2 }),
    origin: fc.option(origin),
  });
  const role = fc.constantFrom('input', 'weight', 'state', 'control', 'local' as const);
  return fc
    .record({
      name,
      parameters: fc.array(fc.record({ name, role, type }), { minLength: 1, maxLength: 3 }),
      drafts: fc.array(draft, { maxLength: 5 }),
      results: fc.array(fc.record({ name, index: fc.nat() }), { maxLength: 3 }),
      stride: fc.integer({ min: 1, max: 9 }),
    })
    .map(assemble);
}

/** Operands and results are picked among the values there are; ids have gaps of `stride`. */
function assemble(parts: {
  readonly name: string;
  readonly parameters: readonly {
    name: string;
    role: Graph['parameters'][0]['role'];
    type: TensorType;
  }[];
  readonly drafts: readonly Draft[];
  readonly results: readonly { name: string; index: number }[];
  readonly stride: number;
}): Graph {
  const values: Value[] = [];
  const define = (of: TensorType): Value => {
    const value = { id: values.length * parts.stride, type: of };
    values.push(value);
    return value;
  };
  const pick = (index: number): Value => {
    const value = values[index % values.length];
    if (value === undefined) throw new Error('no values yet');
    return value;
  };
  const parameters = parts.parameters.map((parameter) => ({
    name: parameter.name,
    role: parameter.role,
    value: define(parameter.type),
  }));
  const instructions = parts.drafts.map((draft): Instruction => {
    const operands = draft.operands.map(pick);
    return {
      op: draft.op,
      operands,
      attributes: Object.fromEntries(draft.attributes),
      results: draft.results.map(define),
      ...(draft.origin === null ? {} : { origin: draft.origin }),
    };
  });
  const results = parts.results.map((result) => ({ name: result.name, value: pick(result.index) }));
  return { name: parts.name, parameters, instructions, results };
}

test('print then read is identity', () => {
  const law = fc.property(graph(2), (drawn) => {
    const text = printGraph(drawn);
    const back = readGraph(text);
    expect(back).toEqual(drawn);
    expect(printGraph(back)).toBe(text);
  });
  fc.assert(law, { numRuns: 300, seed: 20242 });
});
