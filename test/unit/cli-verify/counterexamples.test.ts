/**
 * A fault planted in one backend, from the command line to the files and back: a small
 * counterexample that names the culprit, which falls again with the fault and holds without it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainTraining } from '../../support/verify-subjects.ts';
import { storeCounterexample } from '../../../compiler/cli/verify/counterexample-files.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { readSafetensors, writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { faultyVerify, gatework, type Finished } from '../../support/command-line.ts';
import { gpuUnavailable } from '../../support/gpu.ts';

interface Found {
  readonly check: string;
  readonly spec: string;
  readonly case: { readonly time: number; readonly lengths: readonly number[] };
  readonly blame: string;
  readonly file?: string;
  readonly command?: string;
  readonly unwritten?: string;
}

const data: CaseData = {
  ...{ seed: 5, time: 1, lengths: [1], widths: [1, 1, 1], weightScale: 1 },
  ...{ numbers: 'ordinary', states: false, training: plainTraining },
};

interface Document {
  readonly ok: boolean;
  readonly unwritten: readonly string[];
  readonly counterexamples: readonly Found[];
}

const once = ['--runs', '1', '--time', '100s'];
const folder = mkdtempSync(join(tmpdir(), 'gatework-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function counterexamples({ stdout }: Finished): readonly Found[] {
  return (JSON.parse(stdout) as Document).counterexamples;
}

/** The words of the printed command after `gatework verify`. */
function wordsOf({ command = '' }: Found): readonly string[] {
  const words = command.match(/'[^']*'|\S+/g) ?? [];
  return words.slice(2).map((word) => word.replaceAll("'", ''));
}

interface Planted {
  readonly fault: string;
  readonly spec: string;
  readonly smallest: RegExp;
  readonly first: string;
}

const planted: readonly Planted[] = [
  {
    fault: 'wasm sums',
    spec: 'dense(3) -> softmax',
    smallest: /^softmax$/m,
    first: 'reduceSum',
  },
  {
    fault: 'kernel barriers',
    spec: 'bidirectional(rnn(3)) -> dense(2)',
    smallest: /^rnn\(2\)$/m,
    first: 'dot',
  },
];

/** Invocations go four by four there, so that two units need no barrier; a sum of rows does. */
const onDevice: Planted = {
  fault: 'wgsl barriers',
  spec: 'dense(3) -> softmax',
  smallest: /^(softmax|dense\([12]\))$/m,
  first: 'reduceSum',
};

describe('a planted fault', { timeout: 300_000 }, () => {
  it.each(planted)('$fault', expectSmall);
  const note = gpuUnavailable === undefined ? '' : ` (${gpuUnavailable})`;
  it.skipIf(gpuUnavailable !== undefined)(`wgsl barriers${note}`, () => expectSmall(onDevice));
});

function expectSmall({ fault, spec, smallest, first }: Planted): void {
  const run = faultyVerify(fault, spec, ...once, '--json', '--out', join(folder, fault));
  expect(run.status).toBe(1);
  const found = counterexamples(run).find((c) => smallest.test(c.spec));
  if (found === undefined) throw new Error(run.stdout + run.stderr);
  expectBlame(found, first);
  const again = faultyVerify(fault, ...wordsOf(found));
  expect(again.stdout).toContain('the counterexample falls again');
  expect(again.status).toBe(1);
}

function expectBlame(found: Found, first: string): void {
  expect(found.case.time).toBeLessThanOrEqual(2);
  expect(found.case.lengths.length).toBeLessThanOrEqual(2);
  expect(found.blame).toContain('The emitter is at fault');
  expect(found.blame).toContain(`The first to depart is ${first}`);
}

describe('a counterexample', { timeout: 300_000 }, () => {
  let found: Found;
  const place = join(folder, "a folder with spaces, it's");

  beforeAll(() => {
    const text =
      'model m(width = 2) {\n  input x: float[T, 3]\n  output y = x -> bidirectional(lstm(width), depth = 2) -> softmax\n}\n';
    const file = join(folder, 'own.gate');
    writeFileSync(file, text);
    const dims = ['--dim', 'width=5', '--dim', 'T=3'];
    const run = faultyVerify('wasm columns', file, ...dims, ...once, '--json', '--out', place);
    const [first] = counterexamples(run);
    if (first === undefined) throw new Error(run.stdout + run.stderr);
    found = first;
  }, 300_000);

  const [tensors, damaged] = [join(place, 'wasm-simd-values.safetensors'), join(folder, 'damaged')];
  const replay = (...words: readonly string[]): Finished =>
    gatework('verify', ...words.slice(0, -1), '--replay', words.at(-1) ?? '');

  it('is one layer of one unit, and names the culprit', () => {
    expect(found.spec).toMatch(/lstm\(1\)/);
    expect(found.spec).not.toMatch(/bidirectional|softmax/);
    expectBlame(found, 'dot');
  });

  it('is a spec with the reason above it, and its arrays', () => {
    const text = readFileSync(join(place, 'wasm-simd-values.gate'), 'utf8');
    expect(text).toMatch(/^# wasm simd: values\n# .* is off by/);
    expect(text).toMatch(/# The first to depart is dot/);
    expect([...readSafetensors(readFileSync(tensors), 'it').tensors.keys()]).toContain('lstm.Wc');
    expect(readdirSync(place).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('holds once the fault is gone', () => {
    const run = gatework('verify', join(place, 'wasm-simd-values.gate'), '--replay', tensors);
    expect(run.stdout).toContain('the counterexample holds now');
    expect(run.status).toBe(0);
    expect(found.command).toContain("it'\\''s");
  });

  it('is refused on another spec, and cut off, and damaged', () => {
    const other = replay('rnn(1)', tensors);
    expect([other.status, other.stdout]).toEqual([1, '']);
    expect(other.stderr).toMatch(/R7002.*is not of this spec: there is no input rnn\.Wa/);
    const wider = replay('lstm(2)', tensors);
    expect(wider.stderr).toMatch(/R7001.*is not of this spec: .* is 1, expected 2/);

    const bytes = readFileSync(tensors);
    writeFileSync(damaged, bytes.subarray(0, bytes.length - 3));
    expect(replay('lstm(1)', damaged).stderr).toMatch(/R7102.*cut off/);
    expect(replay('lstm(1)', join(folder, 'nowhere')).stderr).toMatch(/R7401.*no such file/);
  });

  it.each([
    ['its case is damaged', (text: string) => text.slice(0, 20)],
    ['its case is damaged', (text: string) => text.replace('"time":1', '"time":-1')],
    ['there is no check', (text: string) => text.replace('"values"', '"valves"')],
    ['there is no backend', (text: string) => text.replace('wasm simd', 'wasm simt')],
    ['its case says nothing', (text: string) => text.replace('"ordinary"', '"nonFinite"')],
    ['its case is of 1000000 steps', (text: string) => text.replace('"time":1', '"time":1000000')],
    ['its case is of 2 rows', (text: string) => text.replace('"lengths":[', '"lengths":[1,')],
  ])('is refused where %s', (why, change) => {
    const { tensors: arrays, metadata } = readSafetensors(readFileSync(tensors), 'it');
    const text = metadata.get('gatework-case') ?? '';
    expect(change(text)).not.toBe(text);
    const changed = new Map([...metadata, ['gatework-case', change(text)] as const]);
    writeFileSync(damaged, writeSafetensors(arrays, changed));
    const run = replay('lstm(1)', damaged);
    expect(run.stderr).toContain('R7401');
    expect(run.stderr).toContain(why);
    expect([run.status, run.stdout]).toEqual([1, '']);
  });

  it('is told of though the disk does not take it, nor the reports', () => {
    const file = join(folder, 'own.gate');
    const reports = ['--junit', join(file, 'j.xml'), '--html', join(file, 'h.html')];
    const run = faultyVerify('wasm columns', 'lstm(1)', ...once, '--out', file, ...reports);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^backend/);
    expect(run.stdout).toMatch(
      /not kept: .*own\.gate cannot be made: there is a file of that name/,
    );
    expect(run.stderr).toMatch(/R7402.*j\.xml cannot be written/);
    expect(run.stderr).toMatch(/R7402.*h\.html cannot be written/);
  });
});

describe('the files of a counterexample', () => {
  const about = { backend: 'wasm simd', check: 'values', messages: [] };
  const failure = { kind: 'wrong', ...about, case: { text: '', name: 'case 1', data } } as const;
  const found = { failure, data, inputs: new Map(), messages: ['y is off'], blame: '', tries: 1 };
  const store = { folder: join(folder, 'stored'), dims: new Map(), weights: [] };

  it('are both there or neither', () => {
    mkdirSync(join(store.folder, 'wasm-simd-values.gate'), { recursive: true });
    const original = { source: { name: '<pipeline>', text: 'rnn(1)' }, load: () => undefined };
    const stored = storeCounterexample({ ...found, text: 'rnn(1)' }, { ...store, original });
    expect(stored.stored).toBeUndefined();
    expect(stored.unwritten).toContain('it is a folder');
    expect(readdirSync(store.folder)).toEqual(['wasm-simd-values.gate']);
    rmSync(store.folder, { recursive: true });
  });

  it('hold what a spec imports, where nothing could be left out of it', () => {
    const text = 'import { own } from "cells.gate"\nmodel m {\n  output y = x -> own(2)\n}\n';
    const source = { name: '/somewhere/spec.gate', text };
    const cells = 'cell own(n) {\n  state c: [n]\n  c<t> = tanh(W[c<t-1>, x<t>])\n  emit c<t>\n}\n';
    const load = (path: string): { name: string; text: string } => ({ name: path, text: cells });
    const original = { source, load };
    const { stored } = storeCounterexample({ ...found, text }, { ...store, original });
    const written = readFileSync(stored?.file ?? '', 'utf8');
    expect(written).toContain('cell own(n)');
    expect(written).not.toContain('import');
  });

  it('keep the language of a spec that stays as it is', () => {
    const text = 'layers:\n  - rnn: 1\n';
    const original = { source: { name: 'spec.yaml', text }, load: () => undefined };
    const { stored } = storeCounterexample({ ...found, text }, { ...store, original });
    expect(stored?.file).toMatch(/\.yaml$/);
    expect(stored?.command).toContain('.yaml --replay ');
  });
});
