/** `--weights`: a model with the weights of a file, under our names or PyTorch's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { drawer, drawFloats } from '../../../compiler/verify/arrays.ts';
import { fromNdArray } from '../../../runtime/tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { faultyVerify, gatework } from '../../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatework-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers of f64, which no backend holds as they are. */
function weightFile(name: string, shapes: Readonly<Record<string, readonly number[]>>): string {
  const draw = drawer(3);
  const tensors = Object.entries(shapes).map(
    ([weight, shape]) => [weight, fromNdArray(drawFloats(draw, shape))] as const,
  );
  const file = join(folder, name);
  writeFileSync(file, writeSafetensors(new Map(tensors)));
  return file;
}

const gates = ['c', 'u', 'f', 'o'];
const own = weightFile(
  'own',
  Object.fromEntries(
    gates.flatMap((gate) => [
      [`lstm.W${gate}`, [3, 8]],
      [`lstm.b${gate}`, [3]],
    ]),
  ),
);
const torch = weightFile('torch', {
  ...{ weight_ih_l0: [12, 5], weight_hh_l0: [12, 3] },
  ...{ bias_ih_l0: [12], bias_hh_l0: [12] },
});

const quick = ['--runs', '2', '--time', '100s', '--backends', 'interpreter,wasm scalar'];

describe('given weights', { timeout: 240_000 }, () => {
  it.each([
    ['our names', own],
    ["PyTorch's names", torch],
  ])('hold under %s, and settle open widths', (_, weights) => {
    const run = gatework('verify', 'lstm(3)', '--weights', weights, ...quick);
    expect(run.stdout).toMatch(/all held\n$/);
    expect([run.status, run.stderr]).toEqual([0, '']);
  });

  it('are refused where they are of another model', () => {
    const run = gatework('verify', 'gru(3)', '--weights', own, ...quick);
    expect([run.status, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('error[R7501]: the weights lack gru.W');
    const wider = gatework('verify', 'lstm(4)', '--weights', own, ...quick);
    expect(wider.status).toBe(1);
    expect(wider.stderr).toContain('error[R7503]: lstm.Wc has shape [3, 8]; expected [4, ');
  });

  it('come back with a counterexample, whose spec stays as it is', () => {
    const out = join(folder, 'out');
    const once = ['--runs', '1', '--time', '100s', '--out', out];
    const fault = ['wasm columns', 'lstm(3)', '--weights', torch] as const;
    const run = faultyVerify(...fault, ...once);
    expect(run.status).toBe(1);
    const [spec, tensors] = ['gate', 'safetensors'].map((end) =>
      join(out, `wasm-simd-values.${end}`),
    );
    const stored = readSafetensors(readFileSync(tensors ?? ''), 'it').tensors;
    expect(stored.get('weight_ih_l0')?.shape).toEqual([12, 5]);
    const replay = [spec ?? '', '--replay', tensors ?? ''];
    const again = faultyVerify('wasm columns', ...replay);
    expect(again.stdout).toContain('the counterexample falls again');
    const without = gatework('verify', ...replay);
    expect(without.stdout).toContain('the counterexample holds now');
    expect(without.status).toBe(0);
    const both = gatework('verify', ...replay, '--weights', torch);
    expect(both.status).toBe(2);
  });
});
