/**
 * A `scan` instruction taken apart by name, and put together again. The order of its operands,
 * results and body parameters (see ScanAttributes) is known to this file, so that rules and passes
 * speak of carries and xs instead of indices.
 */
import { CompilerBug } from '../base/bug.ts';
import type { Dim } from './dim.ts';
import {
  isDim,
  isGraph,
  type Builder,
  type Graph,
  type GraphParameter,
  type GraphResult,
  type Instruction,
  type Value,
} from './types.ts';

export interface ScanParts {
  readonly constants: readonly Value[];
  /** Initial carries. */
  readonly carries: readonly Value[];
  readonly xs: readonly Value[];
  readonly lengths: Value | undefined;
  readonly finals: readonly Value[];
  readonly ys: readonly Value[];
  readonly reverse: boolean;
  readonly time: Dim;
  readonly body: Graph;
  /** Parameters and results of the body. */
  readonly bodyConstants: readonly GraphParameter[];
  readonly bodyCarries: readonly GraphParameter[];
  readonly bodyXs: readonly GraphParameter[];
  readonly nexts: readonly GraphResult[];
  readonly yields: readonly GraphResult[];
}

/** What a new scan is made of; the body must have its parameters and results in the usual order. */
export interface ScanInputs {
  readonly constants: readonly Value[];
  readonly carries: readonly Value[];
  readonly xs: readonly Value[];
  readonly lengths: Value | undefined;
  readonly reverse: boolean;
  readonly time: Dim;
  readonly body: Graph;
}

/** Which constants, carries, xs and ys of a scan stay; by position. */
export interface ScanSelection {
  readonly constants: readonly boolean[];
  readonly carries: readonly boolean[];
  readonly xs: readonly boolean[];
  readonly ys: readonly boolean[];
}

/** Instructions are never changed: one is taken apart once. */
const takenApart = new WeakMap<Instruction, ScanParts>();

export function scanParts(scan: Instruction): ScanParts {
  const known = takenApart.get(scan);
  if (known !== undefined) return known;
  const parts = takeApart(scan);
  takenApart.set(scan, parts);
  return parts;
}

function takeApart(scan: Instruction): ScanParts {
  const { constants, carries, xs, lengths, reverse, time, body } = scan.attributes;
  if (
    typeof constants !== 'number' ||
    typeof carries !== 'number' ||
    typeof xs !== 'number' ||
    !isDim(time) ||
    !isGraph(body)
  ) {
    throw new CompilerBug('scan', `${scan.op} lacks the attributes of a scan`);
  }
  const afterCarries = constants + carries;
  const afterXs = afterCarries + xs;
  return {
    constants: scan.operands.slice(0, constants),
    carries: scan.operands.slice(constants, afterCarries),
    xs: scan.operands.slice(afterCarries, afterXs),
    lengths: lengths === true ? scan.operands[afterXs] : undefined,
    finals: scan.results.slice(0, carries),
    ys: scan.results.slice(carries),
    reverse: reverse === true,
    time,
    body,
    bodyConstants: body.parameters.slice(0, constants),
    bodyCarries: body.parameters.slice(constants, afterCarries),
    bodyXs: body.parameters.slice(afterCarries),
    nexts: body.results.slice(0, carries),
    yields: body.results.slice(carries),
  };
}

/** Emits a scan; gives final carries and ys. */
export function emitScan(
  builder: Builder,
  scan: ScanInputs,
): { finals: readonly Value[]; ys: readonly Value[] } {
  const results = builder.emitMany('scan', scanOperands(scan), scanAttributes(scan));
  return {
    finals: results.slice(0, scan.carries.length),
    ys: results.slice(scan.carries.length),
  };
}

/** The same instruction over other inputs; `results` must be final carries, then ys. */
export function scanInstruction(
  from: Instruction,
  scan: ScanInputs,
  results: readonly Value[],
): Instruction {
  return { ...from, operands: scanOperands(scan), attributes: scanAttributes(scan), results };
}

/** The scan with another body of the same parameters and results. */
export function withBody(scan: Instruction, body: Graph): Instruction {
  if (scan.attributes.body === body) return scan;
  return { ...scan, attributes: { ...scan.attributes, body } };
}

/**
 * Drops what is not selected, from operands, results and body alike. The scan itself where all is
 * selected.
 */
export function restrictScan(scan: Instruction, keep: ScanSelection): Instruction {
  const { constants, carries, xs, ys } = keep;
  if ([constants, carries, xs, ys].every((kept) => !kept.includes(false))) return scan;
  const parts = scanParts(scan);
  const body: Graph = {
    ...parts.body,
    parameters: [
      ...selected(parts.bodyConstants, keep.constants),
      ...selected(parts.bodyCarries, keep.carries),
      ...selected(parts.bodyXs, keep.xs),
    ],
    results: [...selected(parts.nexts, keep.carries), ...selected(parts.yields, keep.ys)],
  };
  const inputs: ScanInputs = {
    ...parts,
    constants: selected(parts.constants, keep.constants),
    carries: selected(parts.carries, keep.carries),
    xs: selected(parts.xs, keep.xs),
    body,
  };
  const results = [...selected(parts.finals, keep.carries), ...selected(parts.ys, keep.ys)];
  return scanInstruction(scan, inputs, results);
}

function scanOperands(scan: ScanInputs): readonly Value[] {
  const lengths = scan.lengths === undefined ? [] : [scan.lengths];
  return [...scan.constants, ...scan.carries, ...scan.xs, ...lengths];
}

function scanAttributes(scan: ScanInputs): Instruction['attributes'] {
  return {
    constants: scan.constants.length,
    carries: scan.carries.length,
    xs: scan.xs.length,
    lengths: scan.lengths !== undefined,
    reverse: scan.reverse,
    time: scan.time,
    body: scan.body,
  };
}

function selected<T>(items: readonly T[], keep: readonly boolean[]): T[] {
  return items.filter((_, i) => keep[i] === true);
}
