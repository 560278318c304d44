/**
 * From where to where each local holds a value that may still be asked for: one stretch of the
 * code, in which it may also lie idle.
 */
import { op } from '../opcodes.ts';
import { exposedIn } from './exposed.ts';
import { localOf, writesLocal, type FunctionTree, type Tree } from './tree.ts';

export interface Interval {
  readonly local: number;
  /** Positions in the order of evaluation: of the first write, or 0, and of the last read. */
  start: number;
  end: number;
  /** Of what it is a copy at its first write. */
  copyOf: number | undefined;
}

export function intervalsOf(f: FunctionTree): ReadonlyMap<number, Interval> {
  const { ofAll, ofLoops } = exposedIn(f.body);
  const intervals = new Map<number, Interval>();
  let position = 0;
  const include = (local: number, from: number, to: number): Interval => {
    const known = intervals.get(local);
    if (known === undefined) {
      const made = { local, start: from, end: to, copyOf: undefined };
      intervals.set(local, made);
      return made;
    }
    known.start = Math.min(known.start, from);
    known.end = Math.max(known.end, to);
    return known;
  };
  for (let local = 0; local < f.parameters; local++) include(local, 0, 0);
  for (const local of ofAll) include(local, 0, 0);
  const look = (tree: Tree): void => {
    tree.operands.forEach(look);
    const at = ++position;
    if (tree.code === op.localGet) include(localOf(tree), at, at);
    if (writesLocal(tree)) {
      const isFirst = !intervals.has(localOf(tree));
      const interval = include(localOf(tree), at, at);
      const [value] = tree.operands;
      if (isFirst && value?.code === op.localGet) interval.copyOf = localOf(value);
    }
    tree.body.forEach(look);
    tree.otherwise.forEach(look);
    if (tree.code !== op.loop) return;
    const end = ++position;
    for (const local of ofLoops.get(tree) ?? []) include(local, at, end);
  };
  f.body.forEach(look);
  return intervals;
}
