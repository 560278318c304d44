/** Takes out what is never done, where a condition is a number. */
import { op } from '../opcodes.ts';
import { become, node, remove, visit, type Tree } from './tree.ts';

export function decideChoices(body: readonly Tree[]): void {
  visit(body, (tree) => {
    if (tree.code === op.select) decideSelect(tree);
    if (tree.code === op.if) decideIf(tree);
  });
}

/** Only between numbers and locals, which may be left out. */
function decideSelect(tree: Tree): void {
  const [yes, no, condition] = tree.operands;
  const number = numberOf(condition);
  if (number === undefined || yes === undefined || no === undefined) return;
  const [taken, left] = number === 0 ? [no, yes] : [yes, no];
  if (left.code === op.localGet || left.code === op.i32Const) become(tree, taken);
}

function decideIf(tree: Tree): void {
  const number = numberOf(tree.operands[0]);
  if (number === undefined || isIdleLoop(tree)) return;
  const taken = number === 0 ? tree.otherwise : tree.body;
  if (taken.length === 0) return remove(tree);
  // As a block it has the label that an `if` has.
  const block = node(op.block, tree.immediates);
  block.body = taken;
  become(tree, block);
}

/** It is written for engines that look at it: Note [loops of many sums] in `sums.ts`. */
function isIdleLoop({ body }: Tree): boolean {
  const [loop] = body;
  return loop?.code === op.loop && loop.body.length === 0;
}

function numberOf(tree: Tree | undefined): number | undefined {
  return tree?.code === op.i32Const ? tree.immediates[0] : undefined;
}

/** Puts what stands in blocks that nothing leaves early into what is around them. */
export function openBlocks(trees: Tree[]): void {
  const opened = trees.flatMap((tree) => {
    forBodies(tree, openBlocks);
    const opens = tree.code === op.block && tree.operands.length === 0 && !isLeft(tree.body, 0);
    return opens ? tree.body : [tree];
  });
  trees.splice(0, trees.length, ...opened);
}

/** The lists of instructions inside, also those of operands. */
function forBodies(tree: Tree, each: (body: Tree[]) => void): void {
  for (const operand of tree.operands) forBodies(operand, each);
  each(tree.body);
  each(tree.otherwise);
}

/** Whether there is a branch to the label `depth` labels out, or further. */
function isLeft(trees: readonly Tree[], depth: number): boolean {
  return trees.some((tree) => {
    const { code, immediates, operands, body, otherwise } = tree;
    if ((code === op.br || code === op.brIf) && (immediates[0] ?? 0) >= depth) return true;
    const labels = code === op.block || code === op.loop || code === op.if ? 1 : 0;
    return (
      isLeft(operands, depth) || isLeft(body, depth + labels) || isLeft(otherwise, depth + labels)
    );
  });
}
