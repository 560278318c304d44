/** What a failure prints and which status it gives. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CompilerBug } from '../../../compiler/base/bug.ts';
import { InputRejected, reportFailure, UsageError } from '../../../compiler/cli/failure.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';

async function report(error: unknown, json = false) {
  const written = { stderr: '', stdout: '' };
  for (const stream of ['stderr', 'stdout'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
  return { status: await reportFailure(error, json), ...written };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('reportFailure', () => {
  it('shows a fault with its code and hint', async () => {
    const { status, stderr } = await report(new RuntimeFault('R7001', 'x does not fit', 'mend x'));
    expect(status).toBe(1);
    expect(stderr).toBe('error[R7001]: x does not fit\n  = hint: mend x\n');
  });

  it('gives 3 for what this machine cannot do', async () => {
    expect((await report(new RuntimeFault('T6403', 'no GPU'))).status).toBe(3);
    expect((await report(new RangeError('Array buffer allocation failed'))).status).toBe(3);
  });

  it('gives 2 for the wrong use of options', async () => {
    expect(await report(new UsageError('no such thing'))).toMatchObject({
      status: 2,
      stderr: 'error: no such thing\n',
    });
  });

  it('puts all diagnostics into one document', async () => {
    const d = { severity: 'error' as const, message: 'm', secondary: [] };
    const error = new InputRejected([
      { ...d, code: 'N3001' },
      { ...d, code: 'S4003' },
    ]);
    const { status, stdout } = await report(error, true);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'N3001' }, { code: 'S4003' }],
    });
  });

  it('says three lines about a bug and keeps the rest in a file', async () => {
    const bug = new CompilerBug('foldConstants', 'lost a value', 'graph g() {}');
    const { status, stderr } = await report(bug);
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    const file = /details: (.+)/.exec(stderr)?.[1] ?? '';
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('graph g() {}');
    rmSync(dirname(file), { recursive: true });
  });
});
