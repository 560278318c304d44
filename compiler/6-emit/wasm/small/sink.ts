/**
 * Puts what is computed for a local where the local is first asked for: in its place if that is the
 * only time, or else as a `tee`. What is moved passes nothing that would make it another value, nor
 * anything that it does before.
 */
import { op } from '../opcodes.ts';
import { effectsOf, writesMemory, type Effects } from './effects.ts';
import { leavesOff } from './shapes.ts';
import {
  become,
  localOf,
  node,
  remove,
  visit,
  writesLocal,
  type SignatureOf,
  type FunctionTree,
  type Tree,
} from './tree.ts';

/** Values of more instructions stay, so that none is looked at again and again. */
const mostInstructions = 200;

export function sinkSets(f: FunctionTree, signatureOf: SignatureOf): void {
  const asked = new Map<number, number>();
  visit(f.body, (tree) => {
    if (tree.code === op.localGet) asked.set(localOf(tree), (asked.get(localOf(tree)) ?? 0) + 1);
  });
  new Sinking(asked, signatureOf).block(f.body);
}

interface Waiting {
  /** The `set`, still at its place. */
  readonly set: Tree;
  readonly effects: Effects;
}

class Sinking {
  private readonly asked: ReadonlyMap<number, number>;
  private readonly signatureOf: SignatureOf;
  /** By local: what may still be put where it is asked for. */
  private readonly waiting = new Map<number, Waiting>();
  /** The locals whose values read, or write, a local; and those whose values read memory. */
  private readonly readers = new Map<number, Set<number>>();
  private readonly writers = new Map<number, Set<number>>();
  private readonly ofMemory = new Set<number>();

  constructor(asked: ReadonlyMap<number, number>, signatureOf: SignatureOf) {
    this.asked = asked;
    this.signatureOf = signatureOf;
  }

  block(trees: readonly Tree[]): void {
    for (const tree of trees) {
      this.visit(tree);
      if (tree.code === op.localSet) this.begin(tree);
    }
  }

  private visit(tree: Tree): void {
    for (const operand of tree.operands) this.visit(operand);
    const { code } = tree;
    if (code === op.localGet) return this.ask(tree);
    if (writesLocal(tree)) {
      this.end(localOf(tree));
      this.endAll(this.readers.get(localOf(tree)));
      this.endAll(this.writers.get(localOf(tree)));
    }
    if (writesMemory(tree, this.signatureOf)) this.endAll(this.ofMemory);
    if (leavesOff.has(code)) this.endEverything();
    if (code !== op.if && code !== op.loop && code !== op.block) return;
    for (const body of [tree.body, tree.otherwise]) {
      this.endEverything();
      this.block(body);
    }
    this.endEverything();
  }

  private ask(get: Tree): void {
    const local = localOf(get);
    const found = this.waiting.get(local);
    if (found === undefined) return this.endAll(this.writers.get(local));
    const value = found.set.operands[0];
    if (value === undefined) return;
    if (this.asked.get(local) === 1) become(get, value);
    else become(get, node(op.localTee, [local], [value]));
    remove(found.set);
    this.end(local);
  }

  private begin(set: Tree): void {
    const [value] = set.operands;
    if (value === undefined) return;
    const effects = effectsOf(value, this.signatureOf);
    if (effects.stays || effects.size > mostInstructions) return;
    const local = localOf(set);
    this.waiting.set(local, { set, effects });
    for (const read of effects.readsLocals) note(this.readers, read, local);
    for (const written of effects.writesLocals) note(this.writers, written, local);
    if (effects.reads) this.ofMemory.add(local);
  }

  private end(local: number): void {
    const found = this.waiting.get(local);
    if (found === undefined) return;
    this.waiting.delete(local);
    for (const read of found.effects.readsLocals) this.readers.get(read)?.delete(local);
    for (const written of found.effects.writesLocals) this.writers.get(written)?.delete(local);
    this.ofMemory.delete(local);
  }

  private endEverything(): void {
    for (const one of [this.waiting, this.readers, this.writers, this.ofMemory]) one.clear();
  }

  private endAll(locals: ReadonlySet<number> | undefined): void {
    for (const local of [...(locals ?? [])]) this.end(local);
  }
}

function note(sets: Map<number, Set<number>>, of: number, local: number): void {
  const set = sets.get(of);
  if (set === undefined) sets.set(of, new Set([local]));
  else set.add(local);
}
