/** What a check is: one statement about a backend, tried on a case at a time. */
import { multipleOf, type Judgement } from '../accuracy.ts';
import type { Arrays } from '../arrays.ts';
import { mapped } from '../batches.ts';
import type { CasePoint } from '../case-point.ts';
import { smallestNormal } from '../nudge.ts';
import type { GraphRunner } from '../runner.ts';
import type { KernelRunnerOptions } from '../runners/kernel-runner.ts';
import type { GraphKind, VerifySubject } from '../subject.ts';
import type { CaseData } from '../verify-case.ts';

/** The columns of the table. */
export type CheckGroup = 'values' | 'gradients' | 'training' | 'laws' | 'bits' | 'non-finite';

export interface Backend {
  readonly runner: GraphRunner;
  /** Computes in f64: judged by laws alone, to the rounding of f64. */
  readonly isOracle: boolean;
  /** Must give the same bits: the same form on one thread. */
  readonly twin?: GraphRunner;
  /** What it runs, where that is kernels, for whoever looks for the culprit. */
  readonly kernels?: KernelRunnerOptions;
  /** Where NaN and infinities stay what they are; WGSL lets a device assume that there are none. */
  readonly keepsNonFinite: boolean;
  /** Where numbers below the normal ones stay; WGSL lets a device flush them to 0. */
  readonly keepsDenormals: boolean;
}

export interface Check {
  /** `batch = rows`. */
  readonly name: string;
  readonly group: CheckGroup;
  /** What it runs, and what the oracle must be asked about first. */
  readonly graph: GraphKind;
  /** What it says, in a sentence. */
  readonly says: string;
  /** Whether it says anything about this model on this backend. */
  suits(subject: VerifySubject, backend: Backend): boolean;
  /** Whether it says anything about this case. */
  takes(data: CaseData): boolean;
  /** Whether it compares with the backend's twin, not with the oracle. */
  readonly comparesTwins?: boolean;
  run(point: CasePoint, backend: Backend): Promise<CheckResult>;
}

export interface CheckResult {
  /** The largest error as a multiple of what is allowed; the check holds up to 1. */
  readonly worst: number;
  /** The result and element that it is at: `d/lstm.Wc[3, 17]`. */
  readonly where: string;
  /** The multiple of each result, for histograms. */
  readonly multiples: readonly number[];
  /** What is wrong, in words; empty where the check holds. */
  readonly wrong: readonly string[];
}

/**
 * What a backend gave, judged; and where it falls, judged once more by a point that has been told
 * more exactly what may be off. The backend is not asked again: a fault that comes and goes would
 * be gone by then.
 */
export async function judgedByPoint(
  point: CasePoint,
  judge: (point: CasePoint) => Promise<CheckResult>,
): Promise<CheckResult> {
  const result = await judge(point);
  return result.wrong.length === 0 ? result : judge(point.thorough());
}

export function resultOf(
  judgements: readonly Judgement[],
  shapes: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): CheckResult {
  const multiples = judgements.map(multipleOf);
  const worst = Math.max(0, ...multiples);
  const at = judgements[multiples.indexOf(worst)];
  return {
    worst,
    where: at === undefined ? '' : placeOf(at, shapes.get(at.name)?.shape ?? []),
    multiples,
    wrong: judgements.flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong])),
  };
}

/**
 * What kernels, which sum in another order, may add to what the f32 interpreter loses where numbers
 * below the normal ones are 0: sums of some dozens of products, with weights that are not huge.
 */
export function floorOf({ keepsDenormals }: Backend): number {
  return keepsDenormals ? 0 : 64 * smallestNormal;
}

/**
 * Results as they are to be judged: on a device that may assume that there are no infinities and no
 * NaN, what is no number in the oracle counts as found. So does a loss that overflows by itself.
 */
export function asJudged({ keepsNonFinite }: Backend, found: Arrays, exact: Arrays): Arrays {
  if (keepsNonFinite) return found;
  return mapped(found, (array, name) => {
    const wanted = exact.get(name)?.data;
    if (array.dtype !== 'float' || wanted === undefined) return array;
    const data = Float64Array.from(array.data, (value, i) => {
      const other = wanted[i] ?? NaN;
      return Number.isFinite(other) ? value : other;
    });
    return { ...array, data };
  });
}

/** Of finite numbers that stay so: what laws and bits are about. */
export function isOrdinary({ numbers, weightScale }: CaseData): boolean {
  return !['nonFinite', 'huge', 'tiny'].includes(numbers) && weightScale > 1e-30;
}

function placeOf({ name, at }: Judgement, shape: readonly number[]): string {
  if (at === undefined) return name;
  let rest = at;
  const indices = shape.toReversed().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return index;
  });
  return indices.length === 0 ? name : `${name}[${indices.reverse().join(', ')}]`;
}
