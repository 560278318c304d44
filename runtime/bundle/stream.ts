/** Time step after time step, with the states that the one before it left. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Description } from './description.ts';
import type { NamedNumbers, Numbers } from './engine.ts';
import { batchOf, elementsOf, isNumbers, numbers, type Example } from './examples.ts';
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
  { described, engine, encode, tell }: OpenedBundle,
  from: Readonly<Record<string, unknown>> = {},
): Stream {
  const held = beginAt(described, from);
  return {
    step(example) {
      const batch = batchOf(described, [example], encode, held);
      for (const [time, [steps]] of batch.lengths) {
        if (steps === 1) continue;
        throw new RuntimeFault('R7801', `a step of ${time} is one time step, not ${steps}`);
      }
      const results = engine.runNow(batch.sizes, batch.inputs);
      carry(described, held, results);
      return outputsOf(described, tell, batch, results, { row: 0, isStep: true });
    },
    get state() {
      return Object.fromEntries(
        described.states.map(({ name, initialName }) => [name, held.get(initialName)?.slice()]),
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
  for (const { initialName, finalName } of states)
    held.get(initialName)?.set(results.get(finalName) ?? []);
}

/** All states of one row: those that are given, zeros for the rest. */
export function beginAt(
  { states }: Pick<Description, 'states'>,
  from: Readonly<Record<string, unknown>>,
): NamedNumbers {
  const held = new Map<string, Numbers>();
  const rest = new Map(Object.entries(from));
  const wrong = (what: string): RuntimeFault => new RuntimeFault('R7801', `the ${what}`);
  for (const { name, initialName, sizes, dtype } of states) {
    const state = numbers(dtype, elementsOf(sizes));
    const given = rest.get(name) ?? state;
    const { length } = state;
    if (!isNumbers(given) || given.length !== length) {
      throw wrong(`state ${name} is not ${length} numbers`);
    }
    state.set(given);
    held.set(initialName, state);
    rest.delete(name);
  }
  for (const name of rest.keys()) throw wrong(`model has no state ${name}`);
  return held;
}
