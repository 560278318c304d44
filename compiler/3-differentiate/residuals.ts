/**
 * Which values of a scan's body the backward scan reads from memory (residuals: extra ys of the
 * forward scan) and which it computes again. The carry that enters a step is always stored, for
 * nothing else gives it. `store` keeps what costs something to compute; `recompute` keeps nothing
 * more, and the backward scan runs each step forward once again: memory for the carries alone.
 */
import type { Value } from '../graph/types.ts';
import type { TapeEntry } from './tape.ts';

export type ResidualMode = 'store' | 'recompute';

/**
 * `fixed` are the body's constants, `entering` its carries. Not all that is stored will be needed:
 * what is not falls to the removal of dead code.
 */
export function residualsOf(
  entries: readonly TapeEntry[],
  fixed: readonly Value[],
  entering: readonly Value[],
  mode: ResidualMode,
): readonly Value[] {
  if (mode === 'recompute') return entering;
  const invariant = new Set(fixed.map((v) => v.id));
  const costly: Value[] = [];
  for (const { instruction } of entries) {
    const varying = new Set(
      instruction.operands.map((v) => v.id).filter((id) => !invariant.has(id)),
    );
    if (varying.size === 0) {
      for (const result of instruction.results) invariant.add(result.id);
    } else if (!isCheap(instruction.op, varying.size)) {
      costly.push(...instruction.results);
    }
  }
  return [...entering, ...costly];
}

/** Ops whose result is a view of an operand, or one plain arithmetic operation away from it. */
const cheapOps: ReadonlySet<string> = new Set(
  [
    'reshape transpose broadcast slice pad cast neg not abs sign floor stopGradient',
    'add sub mul max min less lessEqual equal and or select',
  ].flatMap((names) => names.split(' ')),
);

/**
 * Computed from one varying operand, it needs no more memory than that operand; from two, storing
 * the result may save one. A concat is mostly of carry and input, which are at hand.
 */
function isCheap(op: string, varying: number): boolean {
  return op === 'concat' || (varying === 1 && cheapOps.has(op));
}
