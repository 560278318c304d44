/** The matcher: holds for a model of ours, and tells of a backend that is wrong. */
import { describe, expect, it } from 'vitest';
import { localBackends, localOracle } from '../../../compiler/verify/local-backends.ts';
import { verifyMatchers } from '../../../compiler/verify/matchers.ts';
import { changed, spoiltBackend } from '../../support/verify-subjects.ts';

expect.extend(verifyMatchers);

interface Agreeing {
  toAgree(options?: Parameters<typeof verifyMatchers.toAgree>[1]): Promise<void>;
  readonly not: Agreeing;
}

/** `expect` as `extend` has left it; its types say so only where a project declares them. */
function expected(spec: string): Agreeing {
  const assertion: unknown = expect(spec);
  if (!isAgreeing(assertion)) throw new Error('the matcher is not there');
  return assertion;
}

function isAgreeing(assertion: unknown): assertion is Agreeing {
  return typeof assertion === 'object' && assertion !== null && 'toAgree' in assertion;
}

const wrong = spoiltBackend('wrong', (r) =>
  changed(
    r,
    (name) => name === 'y',
    (x) => x + 0.1,
  ),
);

describe('toAgree', () => {
  it('holds on every backend that any host has', async () => {
    await expected('gru(2) -> softmax(3)').toAgree({ runs: 3 });
    const names = localBackends(localOracle()).map(({ runner }) => runner.name);
    expect(names).toContain('kernels simd');
    expect(names).toContain('wasm scalar');
  });

  it('falls for a backend that is wrong, and names the check', async () => {
    await expected('rnn(2)').not.toAgree({ runs: 1, backends: [wrong] });
    const result = await verifyMatchers.toAgree('rnn(2)', { runs: 1, backends: [wrong] });
    expect(result.message()).toContain('wrong: values does not hold, case 1 of seed 1');
  });

  it('says what is wrong with a spec', async () => {
    await expect(verifyMatchers.toAgree('lstn(2)')).rejects.toThrow(/lstm/);
  });
});
