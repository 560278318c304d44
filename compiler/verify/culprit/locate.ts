/**
 * The first value of a graph that a runner gets wrong. Intermediate values are given out as further
 * results, all at once if the fault then still shows. Since that changes what is computed together,
 * it may hide the fault: then in halves, down to one at a time.
 */
import type { Arrays } from '../arrays.ts';
import type { Graph } from '../../graph/types.ts';
import { departuresOf, firstOf, type Departure, type Reference } from './departures.ts';
import { probesOf, withProbes, type Probe } from './probes.ts';

export interface Search {
  readonly graph: Graph;
  /** Results of a graph that has those of `graph` and more. */
  readonly run: (graph: Graph) => Promise<Arrays>;
  readonly referenceFor: (graph: Graph) => Promise<Reference>;
  /** Graphs that are run at most. */
  readonly runs: number;
}

export interface Located {
  /** Undefined where no value is off. */
  readonly first: Departure | undefined;
  /** Values that come before it, and that could not be seen without hiding the fault. */
  readonly hidden: readonly Probe[];
}

export async function locate(search: Search): Promise<Located> {
  const probes = probesOf(search.graph);
  const results = new Set(search.graph.results.map((r) => r.name));
  const given = probes.filter((p) => results.has(p.name));
  const found: Departure[] = [];
  const hidden: Probe[] = [];
  const base = await examine(search, given, []);
  if (base.length === 0) return { first: undefined, hidden };
  const groups: (readonly Probe[])[] = [probes.filter((p) => !results.has(p.name))];
  for (let runs = 1; ; runs++) {
    const group = groups.shift();
    if (group === undefined) break;
    const seen = runs < search.runs ? await examine(search, given, group) : [];
    found.push(...seen);
    if (seen.length > 0) continue;
    const half = Math.ceil(group.length / 2);
    if (group.length < 2 || runs >= search.runs) hidden.push(...group);
    else groups.push(group.slice(0, half), group.slice(half));
  }
  const first = firstOf([...base, ...found]);
  const before = hidden.filter((p) => first !== undefined && !isAfter(p, first.probe));
  return { first, hidden: before };
}

/** What is off with these given out; nothing where such a graph can't be run. */
async function examine(
  { graph, run, referenceFor }: Search,
  given: readonly Probe[],
  group: readonly Probe[],
): Promise<readonly Departure[]> {
  const probed = withProbes(graph, group);
  const found = await run(probed).catch((error: unknown) => {
    if (group.length === 0) throw error;
    return new Map<string, never>();
  });
  return departuresOf([...given, ...group], found, await referenceFor(probed));
}

function isAfter(one: Probe, other: Probe): boolean {
  if (one.position !== other.position) return one.position > other.position;
  // Of a loop's values, each may be the cause of any other, a turn later.
  return one.loop === undefined && other.loop !== undefined;
}
