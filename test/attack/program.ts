/**
 * A random program: a whole model as text, numbers for it, and how it is to be compiled and run.
 * Program `i` of a seed is always the same one, whoever asks for it and in whatever order.
 */
import fc from 'fast-check';
import type { DeviceKind, ScheduleMode } from '../../compiler/5-schedule/forms.ts';
import { spec } from '../../compiler/verify/arbitraries/models.ts';
import { caseArbitrary, type CaseData } from '../../compiler/verify/verify-case.ts';
import type { WasmForm } from '../../runtime/wasm/features.ts';

export interface RandomProgram {
  readonly text: string;
  readonly data: CaseData;
  readonly how: How;
}

/** One of everything that can be chosen: thousands of programs go through all of it. */
export interface How {
  /** Which of the attacks that take long. */
  readonly part: number;
  readonly device: DeviceKind;
  readonly schedule: ScheduleMode;
  readonly form: WasmForm;
  /** Which passes are left out, as bits: the first one's is 1. */
  readonly without: number;
  /** Where in the list of laws to begin. */
  readonly law: number;
}

const how: fc.Arbitrary<How> = fc.record({
  part: fc.nat(59),
  device: fc.constantFrom('simd', 'software', 'parallel'),
  schedule: fc.constantFrom('steps', 'persistent'),
  form: fc.constantFrom('scalar', 'simd', 'relaxed'),
  without: fc.nat(2 ** 14 - 1),
  law: fc.nat(99),
});

/** Of widths that are no multiple of 4, or that are: kernels then go by four elements at once. */
const specs = fc.oneof(spec({ dropout: true }), spec({ dropout: true, widths: 4 }));

const programs: fc.Arbitrary<RandomProgram> = fc.record({
  text: specs.map(({ text }) => text),
  data: caseArbitrary({ rows: 4, time: 5, width: 5, steps: 3 }),
  how,
});

/** Odd, so that no two programs of a run have one seed. */
const stride = 0x9e3779b1;

function seedOf(seed: number, index: number): number {
  return (Math.imul(index, stride) ^ Math.imul(seed, 0x85ebca6b)) | 0;
}

export function programAt(seed: number, index: number): RandomProgram {
  const [drawn] = fc.sample(programs, { seed: seedOf(seed, index), numRuns: 1 });
  if (drawn === undefined) throw new Error('nothing was drawn');
  return drawn;
}

/** The smallest program that falls as program `index` does, by fast-check's own shrinking. */
export async function smallestLike(
  seed: number,
  index: number,
  falls: (program: RandomProgram) => Promise<boolean>,
): Promise<RandomProgram | undefined> {
  const law = fc.asyncProperty(programs, async (program) => !(await falls(program)));
  const { counterexample } = await fc.check(law, { seed: seedOf(seed, index), numRuns: 1 });
  return counterexample?.[0];
}
