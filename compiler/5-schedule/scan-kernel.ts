/**
 * A loop over time as one kernel: a workgroup for each row carries it through all time steps. Rows
 * know nothing of one another, so nobody has to wait for another workgroup; within one, a barrier
 * after each kernel of the step makes what was stored seen by all.
 */
import * as k from '../kernel/build.ts';
import { Emitter } from './emitter.ts';
import { Evaluator } from './evaluate.ts';
import type { LoopItem } from './fuse.ts';
import { joinLoops } from './join-loops.ts';
import { group, KernelDraft } from './kernel-draft.ts';
import { storeRoots } from './point-kernel.ts';
import { dimSize, shapeSize, unflatten } from './sizes.ts';

/** Invocations that share a row. */
const lanes = 64;

/** Undefined where a kernel of the step has no rows to share out. */
export function scanKernel({ loop, body }: LoopItem, name: string): KernelDraft | undefined {
  const [batch] = body[0]?.domain ?? [];
  if (batch === undefined) return undefined;
  const draft = new KernelDraft(name, lanes, loop.region.symbols);
  draft.groups = dimSize(batch);
  const emitter = new Emitter(draft.symbols);
  emitter.loop('turn', dimSize(loop.parts.time), (turn) => {
    emitter.keepLoadsHere();
    for (const item of body) {
      const evaluator = new Evaluator(emitter, draft, item.members, turn);
      const [, ...rest] = item.domain;
      const range = { from: k.invocation(0), to: shapeSize(rest), step: k.int(lanes) };
      emitter.loopBy('element', range, (element) => {
        const index = unflatten(element, rest).map((i) => emitter.named(i, 'at'));
        storeRoots(evaluator, draft, item.roots, [group, ...index]);
      });
      emitter.push({ kind: 'barrier' });
      emitter.forgetLoads();
    }
  });
  draft.statements.push(...joinLoops(emitter.statements));
  return draft;
}
