/**
 * The cotangent of an invariant operand, formed outside the backward scan: the instruction is
 * written once more for all time steps at once (the op's `stack` form), and reverse accumulation
 * runs over that. A weight's gradient thus is one product over batch and time.
 */
import { present } from '../base/bug.ts';
import { reshape } from '../graph/build.ts';
import type { Dim } from '../graph/dim.ts';
import { Recorder } from '../graph/recorder.ts';
import type { Builder, Instruction, Value } from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';
import { accumulate, type CotangentList, type ScanRule } from './accumulate.ts';
import { Cotangents } from './cotangents.ts';
import { dependents } from './tape.ts';

export interface StackedInstruction {
  /** Of the scan's body. */
  readonly instruction: Instruction;
  /** Invariant ones as they are, varying ones for all time steps [B, T, …]. */
  readonly operands: readonly Value[];
  readonly varying: readonly boolean[];
  /** Of the results, for all time steps. */
  readonly cotangents: CotangentList;
  readonly wanted: readonly boolean[];
  readonly time: Dim;
  readonly scanRule: ScanRule;
}

/** Cotangents of the wanted operands; where one value is several of them, at the first. */
export function stackedCotangents(builder: Builder, stacked: StackedInstruction): CotangentList {
  const { instruction, varying, wanted, time, scanRule } = stacked;
  const recorder = new Recorder(builder);
  const ids = new Set(stacked.operands.filter((_, i) => wanted[i] === true).map((v) => v.id));
  // One value may be constant here and, elsewhere in this instruction, an x of the scan. The x has
  // its cotangent already, so it takes part under another name.
  const operands = stacked.operands.map((v, i) =>
    varying[i] === true && ids.has(v.id) ? reshape(builder, v, v.type.shape) : v,
  );
  const { attributes, op } = instruction;
  const stack = present(opNamed(op).stack, `the stacked form of ${op}`);
  return builder.withOrigin(instruction.origin, () => {
    const results = stack({ builder: recorder, operands, varying, attributes, time });
    const cotangents = new Cotangents(builder);
    results.forEach((v, i) => {
      const cotangent = stacked.cotangents[i];
      if (cotangent !== undefined) cotangents.add(v, cotangent);
    });
    const entries = recorder.instructions.map((recorded) => ({ instruction: recorded }));
    accumulate({ builder, entries, cotangents, wanted: dependents(entries, ids), scanRule });
    return operands.map((v, i) =>
      wanted[i] === true && operands.findIndex((o) => o.id === v.id) === i
        ? cotangents.get(v)
        : undefined,
    );
  });
}
