/**
 * The accuracy record is of the formulas that there are, is what the page says, and holds: none of
 * the errors that are found when some numbers are measured again is above it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allOps } from '../../compiler/ops/all.ts';
import { required } from '../support/op-runs.ts';
import { onWasm } from './backends.ts';
import { drawnPairs, everyWord, newOperands, type Inputs } from './inputs.ts';
import { measure, newProgress } from './measurement.ts';
import { exactOps, pageOf } from './page.ts';
import { pageFile, readRecord, readSums, type SubjectRecord } from './record.ts';
import { binarySubjects, formulaHash, unarySubjects, type Subject } from './subjects.ts';
import { measureSums, sumOps } from './sums.ts';
import { textOf, type Finding, type Tally } from './tally.ts';

const subjects = [...unarySubjects, ...binarySubjects];
const again = 'npx tsx test/numerics/measure.ts';

/** Another one than that of WebGPU, and odd: some 262,000 numbers. */
const stride = 16369;

function inputsOf({ arity }: Subject): Inputs {
  return arity === 1 ? everyWord(stride, 2 ** 19) : drawnPairs(1, 2 ** 18);
}

test('specs/numerics.md is what the record says', () => {
  expect(readFileSync(pageFile, 'utf8')).toBe(pageOf());
});

test('every op is on the page', () => {
  const named = new Set([...subjects.map(({ op }) => op), ...sumOps, ...Object.keys(exactOps)]);
  expect(allOps.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

describe.each(subjects.map((s) => [s.name, s] as const))('%s', (_, subject) => {
  const record = readRecord(subject);

  test('its formula is the one that was measured', () => {
    const message = `the formula of ${subject.name} has changed: run ${again}`;
    expect(record?.formula, message).toBe(formulaHash(subject));
  });

  test.each(['simd', 'relaxed'] as const)('no error above the recorded worst: %s', async (form) => {
    const inputs = inputsOf(subject);
    const progress = newProgress([form]);
    const run = await onWasm(subject, inputs.length, form);
    await measure(subject, inputs, new Map([[form, run]]), progress);
    const found = required(progress.tallies[form]);
    const allowed = talliesOf(required(record), form);
    for (const kind of ['worst', 'worstSubnormal'] as const) {
      const finding = found[kind];
      const message = `${subject.name}(${finding?.operands.join(', ') ?? ''})`;
      const most = Math.max(...allowed.map((tally) => tally[kind]?.error ?? 0));
      expect(finding?.error ?? 0, message).toBeLessThanOrEqual(most);
    }
    for (const kind of ['flushed', 'zeroSigns', 'disagreements', 'misrounded'] as const) {
      expect(found[kind], kind).toBeLessThanOrEqual(Math.max(...allowed.map((t) => t[kind])));
    }
  });

  test('the recorded worst is found again', async () => {
    const run = await onWasm(subject, 4, 'simd');
    for (const { operands, found } of findingsOf(required(record).wasm.simd)) {
      const fours = newOperands(subject, 4);
      operands.forEach((operand, i) => required(fours[i]).fill(Number(operand)));
      const [first = NaN] = await run(fours);
      expect(textOf(first), `${subject.name}(${operands.join(', ')})`).toBe(found);
    }
  });
});

test('sums are as they were measured', async () => {
  const upTo = 4096;
  const { rows } = await measureSums(undefined, { upTo });
  const recorded = required(readSums()).rows.filter(({ n }) => n <= upTo);
  expect(rows.map(({ op, signs, n }) => [op, signs, n])).toEqual(
    recorded.map(({ op, signs, n }) => [op, signs, n]),
  );
  rows.forEach(({ op, n, errors }, i) => {
    const wanted = required(recorded[i]).errors;
    for (const backend of ['wasm simd', 'interpreter f32']) {
      const message = `${op} of ${n}, ${backend}: if its order has changed, run ${again} --only sums`;
      expect(errors[backend], message).toBe(wanted[backend]);
    }
    const either = [wanted['wasm simd'], wanted['wasm relaxed']];
    expect(either, `${op} of ${n}, relaxed`).toContain(errors['wasm relaxed']);
  });
});

/** Where the machine has no fused multiply-adds, the relaxed form gives what the plain one does. */
function talliesOf({ wasm }: SubjectRecord, form: 'simd' | 'relaxed'): readonly Tally[] {
  return form === 'simd' ? [wasm.simd] : [wasm.simd, wasm.relaxed];
}

function findingsOf({ worst, worstSubnormal, listed }: Tally): readonly Finding[] {
  return [worst, worstSubnormal, ...listed].filter((finding) => finding !== undefined);
}
