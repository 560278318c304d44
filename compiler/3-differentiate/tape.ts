/**
 * What reverse accumulation walks backwards: the instructions of a graph under construction, those
 * of a scan together with the tape of its body. A tape speaks of values by identity; `renamed`
 * moves an entry to another graph in which copies stand for them.
 */
import { present } from '../base/bug.ts';
import type { Instruction, Value } from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';

export interface TapeEntry {
  readonly instruction: Instruction;
  /** For a scan. */
  readonly scan?: ScanTape;
}

/** A scan that was emitted with residuals as extra ys. */
export interface ScanTape {
  /** Of the body as emitted. */
  readonly entries: readonly TapeEntry[];
  /** By the id of a body value: which of the scan's ys holds it for all time steps. */
  readonly stored: ReadonlyMap<number, number>;
}

/** The entry with each operand and result replaced; all must be known to `names`. */
export function renamed(entry: TapeEntry, names: ReadonlyMap<number, Value>): TapeEntry {
  const rename = (v: Value): Value => present(names.get(v.id), `a copy of %${v.id}`);
  const { instruction } = entry;
  const operands = instruction.operands.map(rename);
  return {
    ...entry,
    instruction: { ...instruction, operands, results: instruction.results.map(rename) },
  };
}

/** `seeds`, and the ids of all float values that depend on them in a differentiable way. */
export function dependents(entries: readonly TapeEntry[], seeds: Iterable<number>): Set<number> {
  const reached = new Set(seeds);
  for (const { instruction } of entries) {
    if (!instruction.operands.some((v) => reached.has(v.id))) continue;
    if (instruction.op !== 'scan' && opNamed(instruction.op).vjp === undefined) continue;
    for (const result of instruction.results) {
      if (result.type.dtype === 'float') reached.add(result.id);
    }
  }
  return reached;
}
