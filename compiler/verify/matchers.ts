/**
 * Matchers for vitest and jest: `expect.extend(verifyMatchers)`, then
 * `await expect('lstm(4) -> softmax').toAgree()`. Neither is imported here.
 */
import type { VerifyOutcome } from './outcome.ts';
import { verifyText, type VerifyTextOptions } from './verify-text.ts';

export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

export const verifyMatchers = {
  /** A spec's text: every check holds on every backend. */
  async toAgree(spec: unknown, options: VerifyTextOptions = {}): Promise<MatcherResult> {
    if (typeof spec !== 'string') {
      return { pass: false, message: () => 'expected the text of a spec' };
    }
    const outcome = await verifyText(spec, options);
    return { pass: outcome.failures.length === 0, message: () => describe(spec, outcome) };
  },
};

/** For when the matcher fails: that something fell, or with `not`, that nothing did. */
function describe(spec: string, { failures, cases, seed }: VerifyOutcome): string {
  if (failures.length === 0) {
    return `expected backends to disagree on ${spec}, and ${cases} cases of seed ${seed} held`;
  }
  const told = failures.map(({ backend, check, case: fallen, messages }) => {
    const data = JSON.stringify(fallen.data);
    return [`${backend}: ${check} does not hold, ${fallen.name} ${data}`, ...messages].join('\n  ');
  });
  return [`expected backends to agree on ${spec}`, ...told].join('\n');
}
