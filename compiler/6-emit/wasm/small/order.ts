/**
 * Numbers locals anew: those of one type one after another, which takes the fewest bytes to say,
 * and among them those first that are first met.
 */
import { op, type WasmType } from '../opcodes.ts';
import { localOf, visit, writesLocal, type FunctionTree } from './tree.ts';

export function orderLocals(f: FunctionTree): void {
  const met = new Set<number>();
  visit(f.body, (tree) => {
    if (tree.code === op.localGet || writesLocal(tree)) met.add(localOf(tree));
  });
  const ordered = [...met].filter((local) => local >= f.parameters);
  const types: readonly WasmType[] = ['i32', 'f32', 'v128'];
  const inOrder = types.flatMap((type) => ordered.filter((local) => f.types[local] === type));
  const numbers = new Map(inOrder.map((local, i) => [local, f.parameters + i]));
  visit(f.body, (tree) => {
    if (tree.code !== op.localGet && !writesLocal(tree)) return;
    tree.immediates = [numbers.get(localOf(tree)) ?? localOf(tree)];
  });
  f.types = [...f.types.slice(0, f.parameters), ...inOrder.map((local) => f.types[local] ?? 'i32')];
}
