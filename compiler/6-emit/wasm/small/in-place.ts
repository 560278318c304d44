/**
 * Puts functions of one number in place of their calls, where time counts: an engine makes all
 * constants anew at each call. All copies of a function use the same locals, so that they are the
 * same bytes, which is nearly nothing to a compressor.
 */
import { op, valueType } from '../opcodes.ts';
import { exposedIn } from './exposed.ts';
import { become, localOf, node, visit, writesLocal, type FunctionTree, type Tree } from './tree.ts';

export function putInPlace(f: FunctionTree, functions: ReadonlyMap<number, FunctionTree>): void {
  // Where the locals of each function that is put in place begin.
  const bases = new Map<number, number>();
  const replace = (call: Tree): void => {
    const callee = functions.get(localOf(call));
    const [operand] = call.operands;
    if (callee?.result === undefined || callee.parameters !== 1 || operand === undefined) return;
    if (needsZeros(callee)) return;
    const base = bases.get(localOf(call)) ?? f.types.length;
    if (!bases.has(localOf(call))) f.types.push(...callee.types);
    bases.set(localOf(call), base);
    const block = node(op.block, [valueType[callee.result]]);
    const body = callee.body.map((tree) => copy(tree, base));
    inside(body);
    block.body = [node(op.localSet, [base], [operand]), ...body];
    become(call, block);
  };
  const inside = (trees: readonly Tree[]): void =>
    visit(trees, (tree) => {
      if (tree.code === op.call) replace(tree);
    });
  inside(f.body);
}

/** Whether it reads locals that it has not written, which are 0 at a call and only there. */
function needsZeros({ body, parameters }: FunctionTree): boolean {
  return [...exposedIn(body).ofAll].some((local) => local >= parameters);
}

function copy(tree: Tree, base: number): Tree {
  const each = (trees: readonly Tree[]): Tree[] => trees.map((part) => copy(part, base));
  const isOfLocal = tree.code === op.localGet || writesLocal(tree);
  return {
    code: tree.code,
    immediates: isOfLocal ? [base + localOf(tree)] : tree.immediates,
    operands: each(tree.operands),
    body: each(tree.body),
    otherwise: each(tree.otherwise),
  };
}
