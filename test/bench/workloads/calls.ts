/** A workload on any of Gatework's backends, through what all of them offer. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { CompiledWorkload, Given } from './graph.ts';

/** Each call runs the program once, carries over what stays, and gives the wanted result. */
export function callsOf(
  executable: Executable,
  { feeds, wanted }: CompiledWorkload,
  given: Given,
): () => Promise<ArrayLike<number>> {
  const held = new Map<string, NdArray>(given.kept);
  let calls = 0;
  return async () => {
    const results = await executable.run(new Map([...given.inputs(calls++), ...held]));
    for (const [name, from] of feeds) {
      const next = results.get(from);
      if (next !== undefined) held.set(name, next);
    }
    return dataOf(results, wanted);
  };
}

export function dataOf(results: ReadonlyMap<string, NdArray>, name: string): NdArray['data'] {
  const array = results.get(name);
  if (array === undefined) throw new Error(`the program gave no ${name}`);
  return array.data;
}
