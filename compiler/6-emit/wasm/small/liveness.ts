/** Finds what is put into locals from which nobody reads it, in one walk from the end. */
import { op } from '../opcodes.ts';
import { exposedIn } from './exposed.ts';
import { localOf, writesLocal, type Tree } from './tree.ts';

type Locals = ReadonlySet<number>;

/** All `set` and `tee` whose local is written anew, or not read any more, whatever comes. */
export function unreadWrites(body: readonly Tree[]): ReadonlySet<Tree> {
  const { ofLoops } = exposedIn(body);
  const walk = new Backwards(ofLoops);
  walk.block(body, new Set(), []);
  return walk.unread;
}

class Backwards {
  readonly unread = new Set<Tree>();
  private readonly ofLoops: ReadonlyMap<Tree, Locals>;

  constructor(ofLoops: ReadonlyMap<Tree, Locals>) {
    this.ofLoops = ofLoops;
  }

  /** Changes `live` from what is asked for behind the code to what is asked for before it. */
  block(trees: readonly Tree[], live: Set<number>, labels: readonly Locals[]): Set<number> {
    for (const tree of trees.toReversed()) this.tree(tree, live, labels);
    return live;
  }

  private tree(tree: Tree, live: Set<number>, labels: readonly Locals[]): void {
    const { code, immediates } = tree;
    if (code === op.localGet) live.add(localOf(tree));
    if (writesLocal(tree) && !live.delete(localOf(tree))) this.unread.add(tree);
    if (code === op.br || code === op.return || code === op.unreachable) live.clear();
    if (code === op.br || code === op.brIf) add(live, labels.at(-1 - (immediates[0] ?? 0)));
    if (code === op.block || code === op.loop || code === op.if) this.bodies(tree, live, labels);
    this.block(tree.operands, live, labels);
  }

  private bodies(tree: Tree, live: Set<number>, labels: readonly Locals[]): void {
    const after = new Set(live);
    // Who goes back asks for what a turn reads, and for what is read behind the loop.
    const label = tree.code === op.loop ? add(new Set(after), this.ofLoops.get(tree)) : after;
    const inside = [...labels, label];
    this.block(tree.body, live, inside);
    if (tree.code === op.if) add(live, this.block(tree.otherwise, new Set(after), inside));
  }
}

function add(to: Set<number>, from: Locals | undefined): Set<number> {
  for (const local of from ?? []) to.add(local);
  return to;
}
