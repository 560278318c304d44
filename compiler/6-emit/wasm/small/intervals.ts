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
  readonly start: number;
  readonly end: number;
}

export function intervalsOf(f: FunctionTree): ReadonlyMap<number, Interval> {
  const { ofAll, ofLoops } = exposedIn(f.body);
  const intervals = new Map<number, Interval>();
  let position = 0;
  const include = (local: number, from: number, to: number): void => {
    const { start, end } = intervals.get(local) ?? { start: from, end: to };
    const interval = { local, start: Math.min(start, from), end: Math.max(end, to) };
    intervals.set(local, interval);
  };
  for (let local = 0; local < f.parameters; local++) include(local, 0, 0);
  for (const local of ofAll) include(local, 0, 0);
  const look = (tree: Tree): void => {
    tree.operands.forEach(look);
    const at = ++position;
    if (tree.code === op.localGet || writesLocal(tree)) include(localOf(tree), at, at);
    tree.body.forEach(look);
    tree.otherwise.forEach(look);
    if (tree.code !== op.loop) return;
    const end = ++position;
    for (const local of ofLoops.get(tree) ?? []) include(local, at, end);
  };
  f.body.forEach(look);
  return intervals;
}
