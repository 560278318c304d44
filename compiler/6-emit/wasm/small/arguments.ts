/**
 * Takes out parameters of functions that are not asked for, or are given the same number by every
 * call: the first workgroup where there is one thread, sizes that a kernel does not need.
 */
import { op, type WasmType } from '../opcodes.ts';
import { effectsOf } from './effects.ts';
import {
  become,
  localOf,
  node,
  visit,
  writesLocal,
  type SignatureOf,
  type FunctionTree,
  type Tree,
} from './tree.ts';

/** `functions` by number; those of `fixed` are called from outside, and stay as they are. */
export function dropParameters(
  functions: ReadonlyMap<number, FunctionTree>,
  fixed: ReadonlySet<number>,
  signatureOf: SignatureOf,
): void {
  const calls = callsIn(functions.values());
  for (const [at, f] of functions) {
    if (fixed.has(at)) continue;
    const dropped = droppedOf(f, calls.get(at) ?? [], signatureOf);
    if (dropped.size === 0) continue;
    for (const call of calls.get(at) ?? []) {
      call.operands = call.operands.filter((_, i) => !dropped.has(i));
    }
    renumber(f, dropped);
  }
}

function callsIn(functions: Iterable<FunctionTree>): ReadonlyMap<number, readonly Tree[]> {
  const calls = new Map<number, Tree[]>();
  for (const { body } of functions) {
    visit(body, (tree) => {
      if (tree.code !== op.call) return;
      const known = calls.get(localOf(tree));
      if (known === undefined) calls.set(localOf(tree), [tree]);
      else known.push(tree);
    });
  }
  return calls;
}

/** By parameter: the number that it always is, or undefined if nobody asks. */
function droppedOf(
  f: FunctionTree,
  calls: readonly Tree[],
  signatureOf: SignatureOf,
): ReadonlyMap<number, number | undefined> {
  const [read, written] = [new Set<number>(), new Set<number>()];
  visit(f.body, (tree) => {
    if (tree.code === op.localGet) read.add(localOf(tree));
    if (writesLocal(tree)) written.add(localOf(tree));
  });
  const dropped = new Map<number, number | undefined>();
  for (let parameter = 0; parameter < f.parameters; parameter++) {
    if (written.has(parameter)) continue;
    const given = calls.flatMap(({ operands }) => operands[parameter] ?? []);
    if (!read.has(parameter)) {
      if (given.every((value) => isPure(value, signatureOf))) dropped.set(parameter, undefined);
      continue;
    }
    const numbers = new Set(given.map(({ code, immediates }) => numberOf(code, immediates)));
    const [number] = numbers;
    if (numbers.size === 1 && number !== undefined) dropped.set(parameter, number);
  }
  return dropped;
}

function numberOf(code: number, [value]: readonly number[]): number | undefined {
  return code === op.i32Const ? value : undefined;
}

function isPure(value: Tree, signatureOf: SignatureOf): boolean {
  const { stays, reads, writesLocals } = effectsOf(value, signatureOf);
  return !stays && !reads && writesLocals.size === 0;
}

function renumber(f: FunctionTree, dropped: ReadonlyMap<number, number | undefined>): void {
  const to: number[] = [];
  const types: WasmType[] = [];
  f.types.forEach((type, local) => {
    to[local] = types.length;
    if (!dropped.has(local)) types.push(type);
  });
  visit(f.body, (tree) => {
    if (tree.code !== op.localGet && !writesLocal(tree)) return;
    const number = dropped.get(localOf(tree));
    if (number !== undefined) become(tree, node(op.i32Const, [number]));
    else tree.immediates = [to[localOf(tree)] ?? 0];
  });
  f.types = types;
  f.parameters -= dropped.size;
}
