/** What a spec holds is quoted in what is said about it, and must not harm who reads that. */
import { describe, expect, it } from 'vitest';
import { Diagnostics } from '../../../compiler/diagnostics/diagnostic.ts';
import { compile } from '../../../compiler/pipeline.ts';

describe('a diagnostic', () => {
  it('is one line of bearable length', () => {
    const text = 'a'.repeat(900_000);
    const { diagnostics } = compile({ name: '<pipeline>', text }, { mode: 'inference' });
    expect(diagnostics.map((d) => d.code)).toEqual(['N3001']);
    expect(diagnostics[0]?.message).toHaveLength(401);
  });

  it('holds no signs that a terminal obeys', () => {
    const diagnostics = new Diagnostics();
    const nasty = 'red \u001b[31m, \u202e right to left,\nnext line';
    diagnostics.error('N3001', nasty, undefined, { hint: nasty });
    const shown = 'red \ufffd[31m, \ufffd right to left,\ufffdnext line';
    expect(diagnostics.all).toMatchObject([{ message: shown, hint: shown }]);
  });

  it('is not one of thousands', () => {
    const text = `model m { input x: float[T, 3] output y = x -> ${'lstn(3) -> '.repeat(4000)}relu }`;
    const started = process.cpuUsage();
    const { diagnostics } = compile({ name: 'm.gate', text }, { mode: 'inference' });
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(2);
    expect(diagnostics).toHaveLength(51);
    expect(diagnostics.at(-1)?.code).toBe('P2012');
  });
});
