/**
 * Reverse accumulation over a tape: from the cotangents of some values to those of all that they
 * depend on, through each op's own vjp. Instructions without a cotangent, and operands for which
 * none is wanted, cost nothing.
 */
import type { Builder, Value } from '../graph/types.ts';
import { opNamed } from '../ops/all.ts';
import type { Cotangents } from './cotangents.ts';
import type { TapeEntry } from './tape.ts';

/** Cotangents by position: of the results in, of the operands out. */
export type CotangentList = readonly (Value | undefined)[];

export interface Accumulation {
  readonly builder: Builder;
  /** Their values are the builder's. */
  readonly entries: readonly TapeEntry[];
  /** Holds the seeds at first and everything that was reached afterwards. */
  readonly cotangents: Cotangents;
  /** Ids of the values whose cotangents are wanted, those in between included. */
  readonly wanted: ReadonlySet<number>;
  /** The rule of scan, which needs more than its operands. */
  readonly scanRule: ScanRule;
  /**
   * Offered each instruction that is reached; tells which operands' cotangents it sees to itself.
   * Within a scan these are the invariant ones.
   */
  readonly defer?: (
    entry: TapeEntry,
    results: CotangentList,
    wanted: readonly boolean[],
  ) => readonly boolean[];
}

export type ScanRule = (
  builder: Builder,
  entry: TapeEntry,
  cotangents: CotangentList,
  wanted: readonly boolean[],
) => CotangentList;

export function accumulate(accumulation: Accumulation): void {
  const { builder, entries } = accumulation;
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry === undefined) continue;
    builder.withOrigin(entry.instruction.origin, () => passBack(accumulation, entry));
  }
}

function passBack(accumulation: Accumulation, entry: TapeEntry): void {
  const { builder, cotangents, wanted: wantedIds, scanRule, defer } = accumulation;
  const { instruction } = entry;
  const incoming = instruction.results.map((v) => cotangents.get(v));
  if (incoming.every((c) => c === undefined)) return;
  let wanted = instruction.operands.map((v) => wantedIds.has(v.id) && v.type.dtype === 'float');
  if (!wanted.includes(true)) return;
  const deferred = defer?.(entry, incoming, wanted) ?? [];
  wanted = wanted.map((is, i) => is && deferred[i] !== true);
  if (!wanted.includes(true)) return;
  const { operands, results, attributes } = instruction;
  const outgoing =
    entry.scan !== undefined
      ? scanRule(builder, entry, incoming, wanted)
      : opNamed(instruction.op).vjp?.({
          builder,
          operands,
          results,
          attributes,
          cotangents: incoming,
          wanted,
        });
  operands.forEach((v, i) => {
    const cotangent = outgoing?.[i];
    if (cotangent !== undefined && wanted[i] === true) cotangents.add(v, cotangent);
  });
}
