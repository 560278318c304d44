/**
 * What the oracle says of training, step after step. Each step is judged by itself: all backends
 * begin it with the same numbers, those of the oracle, so that what one step may be off by is not
 * multiplied by those after it. That steps in a row are these steps is a law of bits
 * (checks/training.ts).
 *
 * A step is ill-conditioned where its update is steep in the gradient: Adam's is nearly ±rate
 * where a gradient is 0 but for rounding. So whatever the accuracy rule allows of a gradient is
 * allowed of what the update makes of it: `spread` is how far the exact update goes where each
 * gradient is moved by all that it may be off, up, down and towards 0. What is beyond that is
 * judged like everything else.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { roomsOf, type Room } from '../accuracy.ts';
import { roundedToF32, type Arrays } from '../arrays.ts';
import { mapped } from '../batches.ts';
import { flushed } from '../nudge.ts';

export interface StepReference {
  /** What every backend begins with: all parameters of the step. */
  readonly inputs: Arrays;
  readonly f64: Arrays;
  readonly rooms: ReadonlyMap<string, Room>;
}

export interface StepOracle {
  /** Parameters of step `k`, from 1, those that are fed excepted from the second on. */
  inputs(k: number): Arrays;
  readonly feeds: ReadonlyMap<string, string>;
  /** Of the step with its gradients as results. */
  exact(inputs: Arrays): Promise<Arrays>;
  /** The same in f32, in all the ways that make a room. */
  rounded(inputs: Arrays): Promise<readonly Arrays[]>;
  /** Exactly what an update makes of the gradients that are among its parameters. */
  update(inputs: Arrays): Promise<Arrays>;
}

/** Fewer steps where numbers have left f32. */
export async function stepReferences(oracle: StepOracle, steps: number): Promise<StepReference[]> {
  const references: StepReference[] = [];
  let fed: Arrays = new Map();
  for (let k = 1; k <= steps; k++) {
    const inputs = new Map([...oracle.inputs(k), ...fed]);
    const f64 = await oracle.exact(inputs);
    const rounded = await oracle.rounded(inputs);
    const gradients = filtered(f64, isGradient);
    const spread = await spreadOf(oracle, inputs, gradients, roomsOf(rounded, gradients));
    const judged = filtered(f64, (name) => !isGradient(name));
    references.push({ inputs, f64: judged, rooms: roomsOf(rounded, judged, spread) });
    fed = fedBy(oracle.feeds, f64);
    if (![...fed.values(), ...f64.values()].every(isFinite)) break;
  }
  return references;
}

const isGradient = (name: string): boolean => name.startsWith('d/');

function filtered(arrays: Arrays, keeps: (name: string) => boolean): Arrays {
  return new Map([...arrays].filter(([name]) => keeps(name)));
}

/** The next step's parameters in f32; numbers below the normal ones are not every device's. */
function fedBy(feeds: ReadonlyMap<string, string>, results: Arrays): Arrays {
  const fed = [...feeds].flatMap(([parameter, result]): [string, NdArray][] => {
    const value = results.get(result);
    return value === undefined ? [] : [[parameter, value]];
  });
  return flushed(roundedToF32(new Map(fed)));
}

function isFinite({ data }: NdArray): boolean {
  return data.every((value) => Number.isFinite(Math.fround(value)));
}

/** How a gradient is moved by so much: where an update is steepest lies between these. */
const moves: readonly ((gradient: number, room: number) => number)[] = [
  (gradient, room) => gradient + room,
  (gradient, room) => gradient - room,
  (gradient, room) => gradient - Math.min(Math.max(gradient, -room), room),
];

/** By result of the update, of each element. */
async function spreadOf(
  oracle: StepOracle,
  inputs: Arrays,
  gradients: Arrays,
  rooms: ReadonlyMap<string, Room>,
): Promise<ReadonlyMap<string, Float64Array>> {
  const still = await oracle.update(new Map([...inputs, ...gradients]));
  const spread = new Map(
    [...still].map(([name, { data }]) => [name, new Float64Array(data.length)]),
  );
  for (const move of moves) {
    const moved = mapped(gradients, (array, name) => {
      const room = rooms.get(name)?.allowed ?? 0;
      return { ...array, data: Float64Array.from(array.data, (value) => move(value, room)) };
    });
    for (const [name, { data }] of await oracle.update(new Map([...inputs, ...moved]))) {
      const [widest, exact] = [spread.get(name), still.get(name)?.data];
      for (let i = 0; i < data.length; i++) {
        const distance = Math.abs((data[i] ?? NaN) - (exact?.[i] ?? NaN));
        // Where an update leaves the numbers it excuses nothing.
        if (widest === undefined || !Number.isFinite(distance)) continue;
        widest[i] = Math.max(widest[i] ?? 0, distance);
      }
    }
  }
  return spread;
}
