/**
 * Gives locals that are not needed at the same time one number (linear scan; Poletto and Sarkar,
 * Linear scan register allocation, 1999). A copy within one number is none. Of the numbers that are
 * free the lowest is taken: code that is alike then has like numbers, which compresses best.
 */
import { op, type WasmType } from '../opcodes.ts';
import { intervalsOf, type Interval } from './intervals.ts';
import { become, localOf, remove, visit, writesLocal, type FunctionTree } from './tree.ts';

export function colorLocals(f: FunctionTree): void {
  const intervals = intervalsOf(f);
  const types = f.types.slice(0, f.parameters);
  const places = assign(f, intervals, types);
  visit(f.body, (tree) => {
    if (tree.code !== op.localGet && !writesLocal(tree)) return;
    const place = places.get(localOf(tree)) ?? 0;
    tree.immediates = [place];
    const [value] = tree.operands;
    // What is copied has its place by now.
    if (value?.code !== op.localGet || localOf(value) !== place) return;
    if (tree.code === op.localSet) remove(tree);
    else become(tree, value);
  });
  f.types = types;
}

function assign(
  f: FunctionTree,
  intervals: ReadonlyMap<number, Interval>,
  types: WasmType[],
): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  const free = new Map<WasmType, number[]>();
  let active: Interval[] = [];
  const inOrder = [...intervals.values()].sort((x, y) => x.start - y.start || x.local - y.local);
  for (const interval of inOrder) {
    const still: Interval[] = [];
    for (const one of active) {
      const place = places.get(one.local) ?? 0;
      if (one.end > interval.start) still.push(one);
      else listOf(free, types[place]).push(place);
    }
    active = still;
    const { local, start } = interval;
    const type = f.types[local] ?? 'i32';
    // What is read before it is written is 0, which the place of a parameter is not.
    const given = start === 0 ? undefined : takeLowest(listOf(free, type));
    places.set(local, local < f.parameters ? local : (given ?? types.push(type) - 1));
    active.push(interval);
  }
  return places;
}

function takeLowest(free: number[]): number | undefined {
  return free.length === 0 ? undefined : free.splice(free.indexOf(Math.min(...free)), 1)[0];
}

function listOf(free: Map<WasmType, number[]>, type: WasmType | undefined): number[] {
  const key = type ?? 'i32';
  const list = free.get(key) ?? [];
  free.set(key, list);
  return list;
}
