/**
 * A y of a scan that is part of another y, a concat, is cut out of that one after the scan instead
 * of being written at each step once more. So it is with the cotangents of merged products: some
 * gates' alone for one weight, all gates' for another.
 */
import { present } from '../base/bug.ts';
import { slice } from '../graph/build.ts';
import { addDims, fixed, type Dim } from '../graph/dim.ts';
import { emitScan, scanParts, type ScanParts } from '../graph/scan.ts';
import type { Graph, Value } from '../graph/types.ts';
import { editScans } from './edit-scans.ts';
import { scopeOf, type Scope } from './scope.ts';

export function joinYields(graph: Graph): Graph {
  return editScans(graph, (scan, editor) => {
    const parts = scanParts(scan);
    const places = placesOf(parts);
    if (places.every((place) => place === undefined)) return undefined;
    const kept = parts.yields.filter((_, i) => places[i] === undefined);
    const body: Graph = { ...parts.body, results: [...parts.nexts, ...kept] };
    const { finals, ys } = emitScan(editor, { ...parts, body });
    let next = 0;
    const whole = places.map((place) => (place === undefined ? ys[next++] : undefined));
    const all = places.map((place, i) => {
      if (place === undefined) return present(whole[i], 'a y that stays');
      const host = present(whole[place.host], 'a y that stays');
      return slice(editor, host, place.axis + 1, place.start, place.length);
    });
    return [...finals, ...all];
  });
}

/** Where in another y a y lies. */
interface Place {
  /** Which y; it stays. */
  readonly host: number;
  /** In the body, where there is no time axis. */
  readonly axis: number;
  readonly start: Dim;
  readonly length: Dim;
}

/** One a y; undefined for those that stay. */
function placesOf(parts: ScanParts): readonly (Place | undefined)[] {
  const scope = scopeOf(parts.body, parts);
  const ys = parts.yields.map((r) => r.value);
  const all = ys.map((_, i) => placeOf(scope, ys, i));
  // A host that has a host itself is a part of that one, and what it hosts lies there as well.
  return all.map((place) => {
    let found = place;
    for (let outer = found && all[found.host]; found && outer; outer = all[found.host]) {
      if (outer.axis !== found.axis) return undefined;
      found = { ...found, host: outer.host, start: addDims(outer.start, found.start) };
    }
    return found;
  });
}

function placeOf(scope: Scope, ys: readonly Value[], at: number): Place | undefined {
  const own = present(ys[at], 'a y');
  for (const [host, y] of ys.entries()) {
    const joined = scope.definition(y);
    const axis = joined?.attributes.axis;
    if (joined?.op !== 'concat' || typeof axis !== 'number' || y.id === own.id) continue;
    const place = placeAmong(partsOf(scope, own, axis), joined.operands, axis);
    if (place !== undefined) return { host, axis, ...place };
  }
  return undefined;
}

/** The parts of a concat along the axis; the value alone if it is none. */
function partsOf(scope: Scope, value: Value, axis: number): readonly Value[] {
  const definition = scope.definition(value);
  const isConcat = definition?.op === 'concat' && definition.attributes.axis === axis;
  return isConcat ? definition.operands : [value];
}

/** Where `some` stand in a row among others, more of them; undefined if they do not. */
function placeAmong(
  some: readonly Value[],
  all: readonly Value[],
  axis: number,
): Pick<Place, 'start' | 'length'> | undefined {
  if (some.length >= all.length) return undefined;
  const first = all.findIndex((_, i) => some.every((v, k) => all[i + k]?.id === v.id));
  if (first === -1) return undefined;
  return { start: extent(all.slice(0, first), axis), length: extent(some, axis) };
}

function extent(values: readonly Value[], axis: number): Dim {
  return values.reduce<Dim>(
    (sum, v) => addDims(sum, present(v.type.shape[axis], 'the axis of a concat')),
    fixed(0),
  );
}
