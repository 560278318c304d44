/** Which locals may be read before anything is written to them in the code that is looked at. */
import { op } from '../opcodes.ts';
import { leavesOff } from './shapes.ts';
import { localOf, writesLocal, type Tree } from './tree.ts';

/** Also tells, for each loop, which locals it may read as they were before the turn. */
export function exposedIn(body: readonly Tree[]): {
  readonly ofAll: ReadonlySet<number>;
  readonly ofLoops: ReadonlyMap<Tree, ReadonlySet<number>>;
} {
  const ofLoops = new Map<Tree, ReadonlySet<number>>();
  const { exposed } = look(body, ofLoops);
  return { ofAll: exposed, ofLoops };
}

interface Found {
  /** Read before it is surely written. */
  readonly exposed: Set<number>;
  /** Surely written, if the end is come to. */
  readonly written: Set<number>;
  /** Whether what follows a place here may not be come to. */
  leaves: boolean;
}

function look(trees: readonly Tree[], ofLoops: Map<Tree, ReadonlySet<number>>): Found {
  const found: Found = { exposed: new Set(), written: new Set(), leaves: false };
  const expose = (locals: Iterable<number>): void => {
    for (const local of locals) if (!found.written.has(local)) found.exposed.add(local);
  };
  const lookAt = (tree: Tree): void => {
    tree.operands.forEach(lookAt);
    const { code, body, otherwise } = tree;
    if (code === op.localGet) expose([localOf(tree)]);
    if (writesLocal(tree)) found.written.add(localOf(tree));
    if (leavesOff.has(code)) found.leaves = true;
    if (code !== op.block && code !== op.loop && code !== op.if) return;
    const [first, second] = [look(body, ofLoops), look(otherwise, ofLoops)];
    if (code === op.loop) ofLoops.set(tree, first.exposed);
    expose(first.exposed);
    expose(second.exposed);
    found.leaves ||= first.leaves || second.leaves;
    // Who leaves a block in its middle has not written what comes behind.
    if (code === op.block && first.leaves) return;
    for (const local of first.written) {
      if (code !== op.if || second.written.has(local)) found.written.add(local);
    }
  };
  trees.forEach(lookAt);
  return found;
}
