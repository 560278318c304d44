/**
 * What does not wait for one another runs side by side: kernels of one dispatch, workgroup by
 * workgroup, and loops over the same time turn by turn, such as the two directions of a layer. The
 * number of dispatches then is the length of the longest chain, not the number of kernels.
 */
import type { Expression, KernelArray, Statement } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import * as k from '../kernel/build.ts';
import { mapStatements, visitStatements } from '../kernel/walk.ts';
import { keyOf } from './emitter.ts';
import { group, KernelDraft, renameMemory } from './kernel-draft.ts';
import type { Tensor } from './node.ts';
import { accessOf, type KernelUnit, type LoopUnit, type Unit } from './units.ts';

/** Statements of one kernel, at most: a device takes long over a long text. */
const mostStatements = 600;
/** Kernels in one, at most: they stand in a chain of conditions, and WGSL bounds how deep. */
const mostTogether = 60;

export function mergeUnits(units: readonly Unit[]): Unit[] {
  const levels = levelsOf(units);
  const merged: Unit[] = [];
  const height = Math.max(-1, ...levels);
  for (let level = 0; level <= height; level++) {
    const here = units.filter((_, i) => levels[i] === level);
    const kernels = here.filter((u): u is KernelUnit => u.kind === 'kernel');
    const loops = here.filter((u): u is LoopUnit => u.kind === 'loop');
    for (const drafts of packed(kernels.map((u) => u.draft))) {
      merged.push({ kind: 'kernel', draft: mergeDrafts(drafts) });
    }
    for (const same of groupedBy(loops, (loop) => keyOf(loop.count))) merged.push(mergeLoops(same));
  }
  return merged;
}

/** The level of a unit is one above that of all that it has to wait for. */
function levelsOf(units: readonly Unit[]): number[] {
  // Of each tensor, the first level that is above all who read it so far, and all who write it.
  const afterReads = new Map<Tensor, number>();
  const afterWrites = new Map<Tensor, number>();
  const raise = (levels: Map<Tensor, number>, tensor: Tensor, to: number): void => {
    levels.set(tensor, Math.max(levels.get(tensor) ?? 0, to));
  };
  return units.map((unit) => {
    const { reads, writes } = accessOf(unit);
    let level = 0;
    for (const tensor of reads) level = Math.max(level, afterWrites.get(tensor) ?? 0);
    for (const tensor of writes) {
      level = Math.max(level, afterWrites.get(tensor) ?? 0, afterReads.get(tensor) ?? 0);
    }
    for (const tensor of reads) raise(afterReads, tensor, level + 1);
    for (const tensor of writes) raise(afterWrites, tensor, level + 1);
    return level;
  });
}

/**
 * Drafts of as many invocations each, together as long as the text stays short. Those that write
 * by fours stay among themselves: one single number that is written makes a target see all memory
 * as single numbers.
 */
function packed(drafts: readonly KernelDraft[]): KernelDraft[][] {
  const packs: KernelDraft[][] = [];
  for (const same of groupedBy(drafts, (draft) => `${draft.lanes} ${writesByFours(draft)}`)) {
    let pack: KernelDraft[] = [];
    let length = 0;
    for (const draft of same) {
      const own = lengthOf(draft.statements);
      const full = length + own > mostStatements || pack.length === mostTogether;
      if (pack.length > 0 && full) {
        packs.push(pack);
        pack = [];
        length = 0;
      }
      pack.push(draft);
      length += own;
    }
    packs.push(pack);
  }
  return packs;
}

function writesByFours({ statements, buffers }: KernelDraft): boolean {
  const memories = new Set([...buffers.values()].map((b) => b.name));
  let [fours, ones] = [false, false];
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind !== 'store' || !memories.has(s.memory)) return;
      if (k.typeOf(s.value) === 'f32x4') fours = true;
      if (k.typeOf(s.value) === 'f32') ones = true;
    },
  });
  return fours && !ones;
}

function lengthOf(statements: readonly Statement[]): number {
  let length = 0;
  visitStatements(statements, { statement: () => length++ });
  return length;
}

/** The first kernels of all bodies together, then the second ones, and so on. */
function mergeLoops(loops: readonly LoopUnit[]): LoopUnit {
  const [first] = loops;
  if (first === undefined || loops.length === 1) return present(first, 'a loop');
  const turns = Math.max(...loops.map((loop) => loop.drafts.length));
  const drafts = Array.from({ length: turns }, (_, i) => {
    const here = loops.map((loop) => loop.drafts[i]).filter((d) => d !== undefined);
    return packed(here).map(mergeDrafts);
  });
  return { kind: 'loop', count: first.count, drafts: drafts.flat() };
}

function mergeDrafts(drafts: readonly KernelDraft[]): KernelDraft {
  const [first] = drafts;
  if (first === undefined || drafts.length === 1) return present(first, 'a kernel');
  const merged = new KernelDraft(mergedName(drafts), first.lanes, first.symbols);
  const bodies = drafts.map((draft) => bodyIn(merged, draft));
  let end: Expression = k.int(0);
  const parts = bodies.map((body, i) => {
    const start = end;
    end = k.add(end, present(drafts[i], 'a kernel').groups);
    return { start, end, body };
  });
  merged.groups = end;
  merged.origin = first.origin;
  merged.statements.push(...chain(parts));
  return merged;
}

interface Part {
  readonly start: Expression;
  readonly end: Expression;
  readonly body: readonly Statement[];
}

function chain([part, ...rest]: readonly Part[]): readonly Statement[] {
  if (part === undefined) return [];
  const own: Statement = { kind: 'let', name: 'part', value: k.sub(group, part.start) };
  const here = [own, ...part.body];
  if (rest.length === 0) return here;
  const condition = k.less(group, part.end);
  return [{ kind: 'if', condition, then: here, otherwise: chain(rest) }];
}

/** The draft's statements with the merged kernel's names for memory, and a count of its own. */
function bodyIn(merged: KernelDraft, draft: KernelDraft): readonly Statement[] {
  const names = new Map<string, string>();
  for (const [tensor, { name, read, written }] of draft.buffers) {
    if (read) names.set(name, merged.reads(tensor));
    if (written) names.set(name, merged.writes(tensor));
  }
  for (const list of ['shared', 'registers'] as const) {
    for (const array of draft[list]) names.set(array.name, hold(merged, list, array));
  }
  const counted = mapStatements(draft.statements, (e) =>
    e.kind === 'local' && e.name === 'group' ? k.local('part', 'i32') : e,
  );
  return renameMemory(counted, names);
}

/** The name of an array that the parts of a kernel share: as long as the longest of them needs. */
function hold(merged: KernelDraft, list: 'shared' | 'registers', wanted: KernelArray): string {
  const arrays = merged[list];
  const { element, length } = wanted;
  let { name } = wanted;
  for (let i = 2; ; i++) {
    const at = arrays.findIndex((a) => a.name === name);
    const known = arrays[at];
    if (known?.element === element) {
      arrays[at] = { name, element, length: Math.max(length, known.length) };
      return name;
    }
    if (!merged.memoryNames.includes(name)) {
      arrays.push(wanted.name === name ? wanted : { name, element, length });
      return name;
    }
    name = `${wanted.name}_${i}`;
  }
}

function mergedName(drafts: readonly KernelDraft[]): string {
  const names = [...new Set(drafts.map((d) => d.name))];
  const [first = 'kernel', second] = names;
  if (second === undefined) return first;
  return names.length === 2 ? `${first}+${second}` : `${first}+${names.length - 1}`;
}

function groupedBy<T>(items: readonly T[], keyOfItem: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}
