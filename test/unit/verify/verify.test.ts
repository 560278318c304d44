/** The loop: what it counts, what it does with backends that are wrong, fault or hang, its end. */
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../compiler/verify/checks/check.ts';
import { backendOf, localOracle } from '../../../compiler/verify/local-backends.ts';
import type { VerifyOutcome } from '../../../compiler/verify/outcome.ts';
import type { Clock } from '../../../compiler/verify/patience.ts';
import { verify, type VerifyRequest } from '../../../compiler/verify/verify.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { changed, spoiltBackend, subjectOf } from '../../support/verify-subjects.ts';

const clock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const right = spoiltBackend('right', (r) => r);

function run(
  lanes: readonly (readonly Backend[])[],
  about: Partial<VerifyRequest> = {},
): Promise<VerifyOutcome> {
  const subject = subjectOf('rnn(2)');
  const limits = { runs: 3, seed: 1, timeMs: 60_000, patienceMs: 30_000 };
  return verify({ subject, lanes, oracle: localOracle(), clock, ...limits, ...about });
}

function failing(name: string, fail: () => Promise<never>): Backend {
  return backendOf({ name, use: 'kernels', run: fail });
}

describe('verify', () => {
  it('counts what held, the same for the same seed', async () => {
    const [first, second] = [await run([[right]]), await run([[right]])];
    expect(first.failures).toEqual([]);
    expect(first.tallies).toEqual(second.tallies);
    expect(first.cases).toBe(3);
    const values = first.tallies.find((t) => t.check === 'values');
    expect(values?.runs).toBeGreaterThan(0);
    expect(values?.histogram.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  });

  it('tells what fell, once, and goes on with the rest', async () => {
    const wrong = spoiltBackend('wrong', (r) =>
      changed(
        r,
        (n) => n === 'y',
        (x) => x + 0.1,
      ),
    );
    const { failures, tallies } = await run([[wrong, right]], { runs: 6 });
    const values = failures.filter((f) => f.check === 'values');
    expect(values).toHaveLength(1);
    expect(values[0]).toMatchObject({ kind: 'wrong', backend: 'wrong' });
    expect(values[0]?.case.name).toBe('case 1 of seed 1');
    expect(tallies.find((t) => t.backend === 'right' && t.check === 'values')?.runs).toBe(5);
  });

  it('cuts off what hangs, and counts it as a failure', async () => {
    let closed = false;
    const hanging = backendOf({
      name: 'hanging',
      use: 'kernels',
      run: () => new Promise(() => undefined),
      close: () => {
        closed = true;
      },
    });
    const { failures, tallies } = await run([[hanging], [right]], { patienceMs: 200 });
    expect(failures).toMatchObject([{ kind: 'hung', backend: 'hanging', check: 'values' }]);
    expect(closed).toBe(true);
    expect(tallies.find((t) => t.backend === 'right')?.runs).toBeGreaterThan(0);
  });

  it('says nothing of a backend where the oracle itself hangs, and ends it', async () => {
    let closed = 0;
    const hanging = {
      ...localOracle().f64,
      run: () => new Promise<never>(() => undefined),
      close: () => {
        closed++;
      },
    };
    const oracle = { f64: hanging, f32: localOracle().f32 };
    const { failures, skipped } = await run([[right]], { oracle, patienceMs: 200 });
    expect(failures).toEqual([]);
    expect(skipped).toMatchObject([{ backend: 'right' }]);
    expect(skipped[0]?.reason).toContain('the oracle needs more than 0.2 s');
    expect(closed).toBe(1);
  });

  it('skips what the machine is too small for, and fails what is damaged', async () => {
    const small = failing('small', () => Promise.reject(new RuntimeFault('T6401', 'too large')));
    const damaged = failing('damaged', () => Promise.reject(new RuntimeFault('T6408', 'a trap')));
    const { failures, skipped } = await run([[small, damaged]]);
    expect(skipped).toEqual([{ backend: 'small', reason: 'too large' }]);
    expect(failures).toMatchObject([{ kind: 'fault', backend: 'damaged', messages: ['a trap'] }]);
  });

  it('ends when it is told to, with what is known so far', async () => {
    const controller = new AbortController();
    const progress = ({ index }: { readonly index: number }): void => {
      if (index === 1) controller.abort();
    };
    const outcome = await run([[right]], { runs: 50, signal: controller.signal, progress });
    expect(outcome.aborted).toBe(true);
    expect(outcome.cases).toBeLessThanOrEqual(2);
    expect(outcome.tallies.find((t) => t.check === 'values')?.runs).toBe(1);
    expect(outcome.skipped).toEqual([]);
  });

  it('ends when the time is over, and names whom it was too short for', async () => {
    const slow = backendOf({
      name: 'slow',
      use: 'kernels',
      run: () => new Promise(() => undefined),
    });
    const outcome = await run([[slow]], { timeMs: 100 });
    expect(outcome.failures).toEqual([]);
    expect(outcome.skipped.map((s) => s.backend)).toEqual(['slow']);
  });
});
