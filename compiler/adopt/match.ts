/**
 * Which prefix of a state_dict belongs to which stage of the model. A prefix that is a stage's path
 * wins; the rest must fit by kind, names and shapes in one way only. Layers that differ only in a
 * number in their prefix (`fc1.`, `fc2.`) come in the order of the numbers.
 */
import { bindShapes } from './bind.ts';
import { parseForeignName, type ForeignStage, type StageKind } from './foreign.ts';

/** The tensors under one prefix. */
export interface PrefixGroup {
  readonly prefix: string;
  readonly kind: StageKind;
  /** Shapes by leaf. */
  readonly leaves: ReadonlyMap<string, readonly number[]>;
}

export interface StageMatch {
  readonly pairs: readonly { readonly stage: ForeignStage; readonly group: PrefixGroup }[];
  readonly unmatchedStages: readonly ForeignStage[];
  readonly unmatchedGroups: readonly PrefixGroup[];
  /** Groups that fit the stages in more than one way, with those stages. */
  readonly ambiguous?: {
    readonly groups: readonly PrefixGroup[];
    readonly stages: readonly ForeignStage[];
  };
}

export function prefixGroups(
  tensors: ReadonlyMap<string, readonly number[]>,
): readonly PrefixGroup[] {
  const groups = new Map<
    string,
    { prefix: string; kind: StageKind; leaves: Map<string, readonly number[]> }
  >();
  for (const [name, shape] of tensors) {
    const parsed = parseForeignName(name);
    if (parsed === undefined) continue;
    const key = `${parsed.kind} ${parsed.prefix}`;
    const group = groups.get(key) ?? { ...parsed, leaves: new Map() };
    group.leaves.set(parsed.leaf, shape);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function matchStages(
  stages: readonly ForeignStage[],
  groups: readonly PrefixGroup[],
): StageMatch {
  const parts = (['recurrent', 'plain'] as const).map((kind) =>
    matchKind(
      stages.filter((s) => s.kind === kind),
      groups.filter((g) => g.kind === kind),
    ),
  );
  const ambiguous = parts.find((p) => p.ambiguous !== undefined)?.ambiguous;
  return {
    pairs: parts.flatMap((p) => p.pairs),
    unmatchedStages: parts.flatMap((p) => p.unmatchedStages),
    unmatchedGroups: parts.flatMap((p) => p.unmatchedGroups),
    ...(ambiguous === undefined ? {} : { ambiguous }),
  };
}

function matchKind(stages: readonly ForeignStage[], groups: readonly PrefixGroup[]): StageMatch {
  const exact = stages.flatMap((stage) => {
    const group = groups.find((g) => g.prefix === `${stage.path}.`);
    return group === undefined ? [] : [{ stage, group }];
  });
  const openStages = stages.filter((s) => !exact.some((p) => p.stage === s));
  const openGroups = groups.filter((g) => !exact.some((p) => p.group === g)).sort(byNumber);
  const rest = matchByShape(openStages, openGroups);
  return { ...rest, pairs: [...exact, ...rest.pairs] };
}

function matchByShape(stages: readonly ForeignStage[], groups: readonly PrefixGroup[]): StageMatch {
  const assignments = assign(stages, groups, 2);
  const [first] = assignments;
  if (first === undefined) return nearestMatch(stages, groups);
  const complete = { unmatchedStages: [], unmatchedGroups: [] };
  if (assignments.length === 1) return { ...complete, pairs: paired(stages, first) };
  if (numbered(groups) && stages.every((s, i) => suits(s, groups[i]))) {
    return { ...complete, pairs: paired(stages, groups) };
  }
  return { ...complete, pairs: paired(stages, first), ambiguous: { groups, stages } };
}

/** What fits is paired first, the rest in order, so that faults can be told tensor by tensor. */
function nearestMatch(stages: readonly ForeignStage[], groups: readonly PrefixGroup[]): StageMatch {
  const openGroups = [...groups];
  const openStages: ForeignStage[] = [];
  const pairs: { stage: ForeignStage; group: PrefixGroup }[] = [];
  for (const stage of stages) {
    const at = openGroups.findIndex((g) => suits(stage, g));
    const [group] = at < 0 ? [] : openGroups.splice(at, 1);
    if (group === undefined) openStages.push(stage);
    else pairs.push({ stage, group });
  }
  const count = Math.min(openStages.length, openGroups.length);
  return {
    pairs: [...pairs, ...paired(openStages.slice(0, count), openGroups.slice(0, count))],
    unmatchedStages: openStages.slice(count),
    unmatchedGroups: openGroups.slice(count),
  };
}

function paired(
  stages: readonly ForeignStage[],
  groups: readonly PrefixGroup[],
): StageMatch['pairs'] {
  return stages.flatMap((stage, i) => {
    const group = groups[i];
    return group === undefined ? [] : [{ stage, group }];
  });
}

/** Up to `wanted` ways to give each stage a group of its own that fits; none if counts differ. */
function assign(
  stages: readonly ForeignStage[],
  groups: readonly PrefixGroup[],
  wanted: number,
): PrefixGroup[][] {
  const found: PrefixGroup[][] = [];
  if (stages.length !== groups.length) return found;
  const candidates = stages.map((s) => groups.filter((g) => suits(s, g)));
  let steps = 0;
  const extend = (chosen: readonly PrefixGroup[]): void => {
    const next = candidates[chosen.length];
    if (next === undefined) {
      found.push([...chosen]);
      return;
    }
    for (const group of next) {
      if (found.length >= wanted || ++steps > 10_000) return;
      if (!chosen.includes(group)) extend([...chosen, group]);
    }
  };
  extend([]);
  return found;
}

/** The same leaves, of shapes that the stage's can be. */
function suits(stage: ForeignStage, group: PrefixGroup | undefined): boolean {
  if (group?.leaves.size !== stage.weights.length) return false;
  const measured = stage.weights.map((w) => ({
    name: w.leaf,
    expected: w.shape,
    found: group.leaves.get(w.leaf) ?? [],
  }));
  return bindShapes(measured).clashes.length === 0;
}

/** True when the prefixes are alike but for one number: `layers.0.`, `layers.1.`. */
function numbered(groups: readonly PrefixGroup[]): boolean {
  return new Set(groups.map((g) => g.prefix.replace(/\d+/, '#'))).size === 1;
}

function byNumber(left: PrefixGroup, right: PrefixGroup): number {
  const number = (g: PrefixGroup) => Number(/\d+/.exec(g.prefix)?.[0] ?? 0);
  return number(left) - number(right) || (left.prefix < right.prefix ? -1 : 1);
}
