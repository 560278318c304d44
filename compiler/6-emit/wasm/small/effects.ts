/** What the evaluation of a tree reads and changes. */
import { op } from '../opcodes.ts';
import { leavesOff, reads, writes } from './shapes.ts';
import { localOf, visit, writesLocal, type SignatureOf, type Tree } from './tree.ts';

export interface Effects {
  readonly readsLocals: Set<number>;
  readonly writesLocals: Set<number>;
  /** Whether it has to keep its order with what writes memory. */
  reads: boolean;
  /** Whether it may be neither left out nor put elsewhere. */
  stays: boolean;
  /** How many instructions it is. */
  size: number;
}

export function effectsOf(tree: Tree, signatureOf: SignatureOf): Effects {
  const effects: Effects = {
    readsLocals: new Set(),
    writesLocals: new Set(),
    reads: false,
    stays: false,
    size: 0,
  };
  visit([tree], (part) => {
    effects.size++;
    if (part.code === op.localGet) effects.readsLocals.add(localOf(part));
    if (writesLocal(part)) effects.writesLocals.add(localOf(part));
    if (reads.has(part.code)) effects.reads = true;
    if (stays(part, signatureOf)) effects.stays = true;
  });
  return effects;
}

/** A function that gives a value does nothing else: it knows no memory. */
export function writesMemory(tree: Tree, signatureOf: SignatureOf): boolean {
  if (tree.code === op.call) return signatureOf(localOf(tree)).result === undefined;
  return writes.has(tree.code);
}

function stays(tree: Tree, signatureOf: SignatureOf): boolean {
  const { code } = tree;
  return (
    writesMemory(tree, signatureOf) ||
    leavesOff.has(code) ||
    code === op.globalSet ||
    code === op.loop
  );
}
