/** Specs as text, run on arrays given by name; everything else is filled in. */
import { evaluateShape, type Bindings } from '../../compiler/graph/dim.ts';
import type { Graph, GraphParameter } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { gradientGraph, optimized, type CompileOptions } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { countOf, drawer, drawFloats, ints, type Arrays } from '../../compiler/verify/arrays.ts';
import { compiled } from './models.ts';

/** Sizes of symbols, and arrays that matter; other floats are drawn, ids and states are 0. */
export interface Given {
  readonly sizes: Readonly<Record<string, number>>;
  readonly arrays?: Readonly<Record<string, NdArray>>;
  readonly options?: Partial<CompileOptions>;
}

/** Every result of the model's graph. */
export function runModel(text: string, given: Given): Arrays {
  return runGraph(optimized(compiled(text, given.options).graph), given);
}

/** What `grad` gives: outputs, final states, `loss` and `d/NAME`. */
export function runGradients(text: string, given: Given): Arrays {
  return runGraph(gradientGraph(compiled(text, given.options)), given);
}

function runGraph(graph: Graph, { sizes, arrays = {} }: Given): Arrays {
  const bindings: Bindings = new Map(Object.entries(sizes));
  const inputs = graph.parameters.map((p, i): [string, NdArray] => {
    return [p.name, arrays[p.name] ?? filled(p, bindings, i)];
  });
  return interpret(graph, new Map(inputs), { precision: 'f64', bindings });
}

function filled(
  { name, role, value: { type } }: GraphParameter,
  sizes: Bindings,
  i: number,
): NdArray {
  const shape = evaluateShape(type.shape, sizes);
  if (type.dtype === 'float') return drawFloats(drawer(i + 1), shape, role === 'state' ? 0 : 1);
  if (!name.startsWith('lengths')) return ints(shape, new Array<number>(countOf(shape)).fill(0));
  const time = sizes.get(name === 'lengths' ? 'T' : name.slice('lengths/'.length)) ?? 0;
  return ints(shape, new Array<number>(countOf(shape)).fill(time));
}
