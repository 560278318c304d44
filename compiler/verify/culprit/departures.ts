/**
 * Which of some values are off, where, and which of them was so first: in the order of the graph,
 * and inside a scan turn by turn, since a value that is wrong in one turn makes others wrong in the
 * next.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Room } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import { scanParts } from '../../graph/scan.ts';
import type { Probe } from './probes.ts';

/** What values are compared with, and how far off they may be; nothing where nothing is known. */
export interface Reference {
  room(name: string): Room | undefined;
}

/** A value that is off; the element is the first one that is, in the order of time. */
export interface Departure {
  readonly probe: Probe;
  readonly element: readonly number[];
  readonly found: number;
  readonly expected: number;
  readonly allowed: number;
  /** Of its loop; 0 outside. */
  readonly turn: number;
}

export function firstOf(departures: readonly Departure[]): Departure | undefined {
  return departures.toSorted(inOrder)[0];
}

/** Of all that were given out. */
export function departuresOf(
  probes: readonly Probe[],
  found: Arrays,
  reference: Reference,
): readonly Departure[] {
  return probes.flatMap((probe) => {
    const [here, room] = [found.get(probe.name), reference.room(probe.name)];
    if (here === undefined || room === undefined) return [];
    return departureOf(probe, here, room) ?? [];
  });
}

function inOrder(a: Departure, b: Departure): number {
  const [before, after] = [a.probe, b.probe];
  const turns = before.within === after.within ? 0 : a.turn - b.turn;
  return before.position - after.position || turns || before.within - after.within || 0;
}

function departureOf(
  probe: Probe,
  found: NdArray,
  { exact, allowed, exempt }: Room,
): Departure | undefined {
  const same = found.shape.join() === exact.shape.join();
  let first: { at: number; turn: number } | undefined;
  exact.data.forEach((expected, at) => {
    if (exempt?.[at] === 1 || (same && isWithin(found.data[at] ?? NaN, expected, allowed))) return;
    const turn = turnOf(probe, at, exact.shape);
    if (first === undefined || turn < first.turn) first = { at, turn };
  });
  if (first === undefined) return undefined;
  const { at, turn } = first;
  const [here = NaN, expected = NaN] = [found.data[at], exact.data[at]];
  const element = elementAt(at, exact.shape);
  return { probe, element, found: here, expected, allowed, turn };
}

/** Infinities and NaN must agree. */
function isWithin(found: number, expected: number, allowed: number): boolean {
  return Object.is(found, expected) || found === expected || Math.abs(found - expected) <= allowed;
}

/** At which turn of its loop an element of a value [B, T, …] is computed. */
function turnOf({ loop, within }: Probe, at: number, shape: readonly number[]): number {
  if (loop === undefined) return within === Infinity ? Infinity : 0;
  const [, steps = 1] = shape;
  const step = elementAt(at, shape)[1] ?? 0;
  return scanParts(loop).reverse ? steps - 1 - step : step;
}

function elementAt(at: number, shape: readonly number[]): readonly number[] {
  const element: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    element.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return element;
}
