/**
 * Makes the code of a module small: the fewer instructions and locals, the fewer bytes, and the
 * more alike these are, the better they are compressed. What it computes stays the same bit for
 * bit.
 */
import { present } from '../../../base/bug.ts';
import type { Code } from '../code.ts';
import { op } from '../opcodes.ts';
import type { Signature } from '../signature.ts';
import { dropParameters } from './arguments.ts';
import { decideChoices, openBlocks } from './choices.ts';
import { colorLocals } from './color.ts';
import { removeDead } from './dead.ts';
import { fold } from './fold.ts';
import { putInPlace } from './in-place.ts';
import { orderLocals } from './order.ts';
import { mergeEqual } from './merge.ts';
import { propagate } from './propagate.ts';
import { sinkSets } from './sink.ts';
import { toTree } from './to-tree.ts';
import { localOf, visit, type FunctionTree, type SignatureOf } from './tree.ts';

export interface Shrinkable {
  readonly signature: Signature;
  readonly code: Code;
  /** Whether most of the time is spent here, so that calls of small functions are too slow. */
  readonly hot: boolean;
  /** Whether the host calls it, so that its parameters stay. */
  readonly exported: boolean;
}

/** The functions that are left, by their numbers, which follow those of the imports. */
export function shrink(
  given: readonly Shrinkable[],
  imports: readonly Signature[],
): ReadonlyMap<number, FunctionTree> {
  const signatures = [...imports, ...given.map(({ signature }) => signature)];
  const signatureOf: SignatureOf = (at) => present(signatures[at], `function ${at}`);
  const functions = new Map<number, FunctionTree>();
  const [exported, hot] = [new Set<number>(), new Set<number>()];
  given.forEach((one, i) => {
    const at = imports.length + i;
    functions.set(at, toTree(one.code, one.signature, signatureOf));
    if (one.exported) exported.add(at);
    if (one.hot) hot.add(at);
  });
  for (const f of functions.values()) simplify(f, signatureOf);
  dropParameters(functions, exported, signatureOf);
  for (const f of functions.values()) {
    simplify(f, signatureOf);
    // What has been put somewhere makes way for what stood before it.
    for (const _ of [1, 2]) {
      sinkSets(f, signatureOf);
      removeDead(f, signatureOf);
    }
    colorLocals(f);
  }
  for (const [at, f] of functions) if (hot.has(at)) putInPlace(f, functions);
  for (const f of functions.values()) orderLocals(f);
  return withoutIdle(mergeEqual(functions, exported), exported);
}

function simplify(f: FunctionTree, signatureOf: SignatureOf): void {
  propagate(f);
  fold(f.body);
  decideChoices(f.body);
  openBlocks(f.body);
  removeDead(f, signatureOf);
}

/** Those that are called, be it from outside. */
function withoutIdle(
  functions: ReadonlyMap<number, FunctionTree>,
  exported: ReadonlySet<number>,
): ReadonlyMap<number, FunctionTree> {
  const called = new Set<number>();
  const call = (at: number): void => {
    if (called.has(at)) return;
    called.add(at);
    visit(functions.get(at)?.body ?? [], (tree) => {
      if (tree.code === op.call) call(localOf(tree));
    });
  };
  for (const at of exported) call(at);
  return new Map([...functions].filter(([at]) => called.has(at)));
}
