/** Takes out what nobody asks for: values that are kept in locals which are not read any more. */
import { op } from '../opcodes.ts';
import { effectsOf } from './effects.ts';
import { unreadWrites } from './liveness.ts';
import {
  become,
  isRemoved,
  node,
  remove,
  visit,
  type SignatureOf,
  type FunctionTree,
  type Tree,
} from './tree.ts';

export function removeDead(f: FunctionTree, signatureOf: SignatureOf): void {
  // What is taken out may have been the last that asked for something else.
  while (removeUnread(f, signatureOf));
  sweep(f.body);
}

function removeUnread(f: FunctionTree, signatureOf: SignatureOf): boolean {
  const unread = unreadWrites(f.body);
  let changed = false;
  visit(f.body, (tree) => {
    const [value] = tree.operands;
    if (value === undefined) return;
    if (tree.code === op.drop && canGo(value, signatureOf)) remove(tree);
    else if (!unread.has(tree)) return;
    else if (tree.code === op.localTee) become(tree, value);
    else if (canGo(value, signatureOf)) remove(tree);
    else become(tree, node(op.drop, [], [value]));
    changed = true;
  });
  return changed;
}

/** Whether it does nothing but give a value. */
function canGo(value: Tree, signatureOf: SignatureOf): boolean {
  const { stays, reads, writesLocals } = effectsOf(value, signatureOf);
  return !stays && !reads && writesLocals.size === 0;
}

function sweep(trees: Tree[]): void {
  let kept = 0;
  for (const tree of trees) {
    if (isRemoved(tree)) continue;
    sweep(tree.body);
    sweep(tree.otherwise);
    for (const operand of tree.operands) {
      sweep(operand.body);
      sweep(operand.otherwise);
    }
    trees[kept++] = tree;
  }
  trees.length = kept;
}
