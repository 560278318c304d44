/** Time step after time step, with the states that the one before it left. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { DirectEngine, NamedNumbers, Numbers } from './engine.ts';
import { batchOf, elementsOf, type Encode, type Example } from './examples.ts';
import { outputsOf, statesOf, type Output } from './results.ts';
import type { BundleDescription } from '../artifact/bundle.ts';

export interface Stream {
  /** What the model answers to one time step of each input; `shape` has no time. */
  step(example: Example): Record<string, Output>;
  /** What it has seen, as plain numbers by name: goes into a new stream, or into storage. */
  readonly state: Record<string, Numbers>;
}

/** Faults: R7801 for states of other names or sizes. */
export function openStream(
  description: BundleDescription,
  engine: DirectEngine,
  encode: Encode,
  from: Readonly<Record<string, unknown>> = {},
): Stream {
  const states = beginAt(description, from);
  const timed = new Set(description.outputs.flatMap(({ name, time }) => (time ? [name] : [])));
  return {
    step(example) {
      const batch = batchOf(description, [example], encode);
      for (const [time, [steps]] of batch.lengths) {
        if (steps === 1) continue;
        throw new RuntimeFault('R7801', `a step of ${time} is one time step, not ${String(steps)}`);
      }
      for (const [name, numbers] of states) batch.inputs.set(name, numbers);
      const results = engine.runNow(batch.sizes, batch.inputs);
      carry(description, states, results);
      const outputs = Object.entries(outputsOf(description, batch, results, 0));
      return Object.fromEntries(
        outputs.map(([name, output]) => [
          name,
          timed.has(name) ? { ...output, shape: output.shape.slice(1) } : output,
        ]),
      );
    },
    get state() {
      const finals = description.states.map(({ initial, final }): [string, Numbers] => {
        return [final, states.get(initial) ?? new Float32Array()];
      });
      return statesOf(description, new Map(finals), 0);
    },
  };
}

/** Results become the next step's states. */
export function carry(
  { states }: BundleDescription,
  held: Map<string, Numbers>,
  results: NamedNumbers,
): void {
  for (const { initial, final } of states) {
    const next = results.get(final);
    if (next !== undefined) held.set(initial, next);
  }
}

/** All states of one row: those that are given, zeros for the rest. */
export function beginAt(
  { states }: BundleDescription,
  from: Readonly<Record<string, unknown>>,
): Map<string, Numbers> {
  const known = new Set(states.map(({ name }) => name));
  for (const name of Object.keys(from)) {
    if (!known.has(name)) throw new RuntimeFault('R7801', `the model has no state ${name}`);
  }
  return new Map(
    states.map(({ name, initial, sizes, dtype }) => {
      const count = elementsOf(sizes);
      const numbers = dtype === 'int' ? new Int32Array(count) : new Float32Array(count);
      const given = Object.hasOwn(from, name) ? from[name] : undefined;
      if (given === undefined) return [initial, numbers];
      if (!isNumbersOf(given, count)) {
        throw new RuntimeFault('R7801', `the state ${name} is not ${count} numbers`);
      }
      numbers.set(given);
      return [initial, numbers];
    }),
  );
}

function isNumbersOf(value: unknown, count: number): value is ArrayLike<number> {
  return (
    (Array.isArray(value) || ArrayBuffer.isView(value)) &&
    (value as ArrayLike<unknown>).length === count
  );
}
