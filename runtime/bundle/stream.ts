/** Time step after time step, with the states that the one before it left. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Description } from './description.ts';
import type { NamedNumbers, Numbers } from './engine.ts';
import { batchOf, elementsOf, numbers, type Example } from './examples.ts';
import type { OpenedBundle } from './load.ts';
import { outputsOf, type Output } from './results.ts';

export interface Stream {
  /** What the model answers to one time step of each input; `shape` has no time. */
  step(example: Example): Record<string, Output>;
  /** What it has seen, as plain numbers by name: goes into a new stream, or into storage. */
  readonly state: Record<string, Numbers>;
}

/** Faults: R7801 for states of other names or sizes. */
export function openStream(
  { description, engine, encode, tell }: OpenedBundle,
  from: Readonly<Record<string, unknown>> = {},
): Stream {
  const held = beginAt(description, from);
  return {
    step(example) {
      const batch = batchOf(description, [example], encode, held);
      for (const [time, [steps]] of batch.lengths) {
        if (steps === 1) continue;
        throw new RuntimeFault('R7801', `a step of ${time} is one time step, not ${steps}`);
      }
      const results = engine.runNow(batch.sizes, batch.inputs);
      carry(description, held, results);
      return outputsOf(description, tell, batch, results, { row: 0, isStep: true });
    },
    get state() {
      return Object.fromEntries(
        description.states.map(({ name, initial }) => [name, held.get(initial)?.slice()]),
      ) as Record<string, Numbers>;
    },
  };
}

/** Results become the next step's states. */
export function carry(
  { states }: Pick<Description, 'states'>,
  held: NamedNumbers,
  results: NamedNumbers,
): void {
  for (const { initial, final } of states) held.get(initial)?.set(results.get(final) ?? []);
}

/** All states of one row: those that are given, zeros for the rest. */
export function beginAt(
  { states }: Pick<Description, 'states'>,
  from: Readonly<Record<string, unknown>>,
): NamedNumbers {
  for (const given of Object.keys(from)) {
    if (states.some(({ name }) => name === given)) continue;
    throw new RuntimeFault('R7801', `the model has no state ${given}`);
  }
  return new Map(
    states.map(({ name, initial, sizes, dtype }) => {
      const state = numbers(dtype, elementsOf(sizes));
      const given = (Object.hasOwn(from, name) ? from[name] : undefined) ?? state;
      if (!isNumbersOf(given, state.length)) {
        throw new RuntimeFault('R7801', `the state ${name} is not ${state.length} numbers`);
      }
      state.set(given);
      return [initial, state];
    }),
  );
}

function isNumbersOf(value: unknown, count: number): value is ArrayLike<number> {
  const isArray = Array.isArray(value) || ArrayBuffer.isView(value);
  return isArray && (value as unknown as ArrayLike<unknown>).length === count;
}
