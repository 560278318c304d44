/**
 * What a random program goes through: its text and its graphs there and back, the laws of the
 * oracle, and, by lot, one of: passes left out; nothing fused; the checks of `gatework verify` on
 * kernels as plain JS in poisoned memory, or as WebAssembly. Backends of the caller's come on top.
 */
import { CasePoint } from '../../compiler/verify/case-point.ts';
import { localOracle } from '../../compiler/verify/local-backends.ts';
import { subjectOfText } from '../../compiler/verify/verify-text.ts';
import { furtherAttacks, kernelAttacks, oracleAttacks, wasmAttacks } from './attacks/backends.ts';
import { passAttacks } from './attacks/passes.ts';
import { probeAttacks } from './attacks/probes.ts';
import { textAttacks } from './attacks/texts.ts';
import type { RandomProgram } from './program.ts';
import type { Attack, Attempt, OpenBackends, Target } from './types.ts';

/** By `how.part`. */
const parts: readonly Attack[] = [
  passAttacks,
  probeAttacks,
  kernelAttacks,
  wasmAttacks,
  kernelAttacks,
  wasmAttacks,
];

/** What was tried; a compiler that throws is an attempt that failed. */
export async function attack(
  program: RandomProgram,
  further: OpenBackends = () => [],
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  try {
    const target = targetOf(program, further);
    const part = parts[program.how.part % parts.length] ?? passAttacks;
    for (const one of [textAttacks, oracleAttacks, part, furtherAttacks]) {
      for await (const attempt of one(target)) attempts.push(attempt);
    }
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const last = attempts.at(-1)?.name ?? 'nothing';
    attempts.push({ name: 'no exception', wrong: [`after '${last}': ${message}`] });
  }
  return attempts;
}

function targetOf(program: RandomProgram, further: OpenBackends): Target {
  const subject = subjectOfText(program.text);
  return { program, subject, point: new CasePoint(subject, program.data, localOracle()), further };
}
