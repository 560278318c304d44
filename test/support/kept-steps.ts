/**
 * Training steps in a row: by the graph interpreter, which is handed its own results, and by a
 * program whose parameters stay where it runs. Results come out under the same names, step by step.
 */
import { present } from '../../compiler/base/bug.ts';
import type { Bindings } from '../../compiler/graph/dim.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import { roundedToF32, type Arrays } from '../../compiler/verify/arrays.ts';
import { mapped } from '../../compiler/verify/batches.ts';

export interface Training {
  /** The first step's parameters, all of them. */
  readonly first: Arrays;
  /** Results that become parameters of the next step, by parameter. */
  readonly feeds: ReadonlyMap<string, string>;
  readonly bindings: Bindings;
  readonly steps: number;
}

/** What f32 holds, for a first step: states of the optimizer are 0. */
export function firstArrays(drawn: Arrays): Map<string, NdArray> {
  return mapped(roundedToF32(drawn), (array, name) =>
    name.startsWith('optimizer/') ? { ...array, data: array.data.slice().fill(0) } : array,
  );
}

/** With the step's own inputs: its number, from 1, and what dropout draws from. */
export function atStep(arrays: Arrays, step: number): Map<string, NdArray> {
  return mapped(arrays, (array, name) => {
    if (name === 'step') return { ...array, data: Float64Array.of(step) };
    return name === 'random' ? { ...array, data: Int32Array.of(array.data[0] ?? 0, step) } : array;
  });
}

export function oracleSteps(
  graph: Graph,
  { first, feeds, bindings, steps }: Training,
  precision: 'f32' | 'f64',
): readonly Arrays[] {
  let arrays = first;
  return Array.from({ length: steps }, (_, i) => {
    const results = interpret(graph, atStep(arrays, i + 1), { precision, bindings });
    const next = [...feeds].map(([name, result]): [string, NdArray] => {
      return [name, present(results.get(result), result)];
    });
    arrays = new Map([...arrays, ...next]);
    return results;
  });
}

/** Results that feed the next step are there for the last step alone. */
export async function keptSteps(
  executable: Executable,
  results: readonly string[],
  { first, feeds, steps }: Training,
): Promise<readonly Arrays[]> {
  const kept = await present(executable.keep?.(feeds), 'parameters that stay');
  kept.write(new Map([...first].filter(([name]) => feeds.has(name))));
  const fed = new Set(feeds.values());
  const wanted = results.filter((name) => !fed.has(name));
  const others = new Map([...first].filter(([name]) => !feeds.has(name)));
  const runs = Array.from({ length: steps }, (_, i) => kept.run(atStep(others, i + 1), wanted));
  const found = await Promise.all(runs);
  const last = await kept.read();
  kept.close();
  const next = [...feeds].map(([name, result]): [string, NdArray] => {
    return [result, present(last.get(name), name)];
  });
  return found.map((run, i) => (i < steps - 1 ? run : new Map([...run, ...next])));
}

/** `inaccuracies` of steps; what the next one was fed counts in the last step. */
export function inaccurateSteps(
  found: readonly Arrays[],
  f32: readonly (readonly Arrays[])[],
  f64: readonly Arrays[],
): string[] {
  return f64.flatMap((exact, i) => {
    const here = present(found[i], 'a step');
    const last = i === f64.length - 1;
    const wanted = new Map([...exact].filter(([name]) => last || here.has(name)));
    const references = f32.map((steps) => present(steps[i], 'a step'));
    return inaccuracies(here, references, wanted).map((message) => `step ${i + 1}: ${message}`);
  });
}
