/**
 * Puts copies and numbers in place of the locals that hold them, where both are written once and
 * before they are read: what is read is then always what was copied.
 */
import { op } from '../opcodes.ts';
import { exposedIn } from './exposed.ts';
import { become, localOf, node, visit, writesLocal, type FunctionTree, type Tree } from './tree.ts';

export function propagate(f: FunctionTree): void {
  const isFixed = fixedLocals(f);
  const stands = new Map<number, Tree>();
  visit(f.body, (tree) => {
    const [value] = tree.operands;
    if (tree.code === op.localGet) {
      const found = stands.get(localOf(tree));
      if (found !== undefined) become(tree, node(found.code, found.immediates));
    } else if (writesLocal(tree) && value !== undefined && isFixed(localOf(tree))) {
      const copies = value.code === op.localGet && isFixed(localOf(value));
      if (copies || value.code === op.i32Const || value.code === op.f32Const) {
        stands.set(localOf(tree), value);
      }
    }
  });
}

/** Which locals, parameters among them, hold the same value wherever they can be read. */
function fixedLocals(f: FunctionTree): (local: number) => boolean {
  const written = new Map<number, number>();
  visit(f.body, (tree) => {
    if (!writesLocal(tree)) return;
    written.set(localOf(tree), (written.get(localOf(tree)) ?? 0) + 1);
  });
  const { ofAll } = exposedIn(f.body);
  return (local) => {
    const times = written.get(local) ?? 0;
    return local < f.parameters ? times === 0 : times === 1 && !ofAll.has(local);
  };
}
