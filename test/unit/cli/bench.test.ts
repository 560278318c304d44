/** `bench`: what it prints, and the sizes, losses and numbers behind it. */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quartiles } from '../../../compiler/cli/bench/measure.ts';
import {
  flopsOfRound,
  peakProgram,
  threadsSize,
} from '../../../compiler/cli/bench/peak-program.ts';
import { openSubject, type BenchMode, type Subject } from '../../../compiler/cli/bench/subject.ts';
import { flopsOf, workload } from '../../../compiler/cli/bench/workload.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { gatework, inTemporaryFolder } from '../../support/command-line.ts';
import { gpuUnavailable } from '../../support/gpu.ts';

const spec = 'lstm(4) -> softmax(3)';
const sizes = ['--dim', 'B=2', '--dim', 'T=5', '--dim', 'D=3', '--reps', '2'];

describe('bench --json', () => {
  it.each([
    [[], 'interpreter', 'run', 10] as const,
    [['--train'], 'interpreter', 'train', 10] as const,
    [['--train'], 'javascript', 'train', 10] as const,
  ])('is one document, %j of %s', (flags, backend, mode, tokens) => {
    const args = [spec, ...sizes, '--backend', backend, ...flags, '--json'];
    const { status, stdout } = gatework('bench', ...args);
    expect(status).toBe(0);
    const document: unknown = JSON.parse(stdout);
    const number: unknown = expect.any(Number);
    expect(document).toEqual({
      ok: true,
      results: [
        {
          backend,
          mode,
          median_ms: number,
          p25_ms: number,
          p75_ms: number,
          reps: 2,
          gflops: number,
          peak_gflops: null,
          tokens_per_s: number,
          dispatches: null,
          kernels: null,
          bytes: null,
        },
      ],
      skipped: [],
    });
    const [result] = (document as { results: { median_ms: number; tokens_per_s: number }[] })
      .results;
    const { median_ms: ms = 0, tokens_per_s: speed = 0 } = result ?? {};
    expect((speed * ms) / 1000).toBeCloseTo(tokens, 6);
  });

  it.each([['run'], ['train'], ['stream']])(
    'tells of kernels, memory and the peak of wasm, %s',
    (mode) => {
      const flags = mode === 'run' ? [] : [`--${mode}`];
      const sized = mode === 'stream' ? sizes.filter((_, i) => i < 2 || i > 3) : sizes;
      const args = [spec, ...sized, '--backend', 'wasm', ...flags, '--profile', '--json'];
      const { status, stdout, stderr } = gatework('bench', ...args, '--threads', '2');
      expect(status, stderr).toBe(0);
      const { results } = JSON.parse(stdout) as { results: Record<string, unknown>[] };
      expect(results).toMatchObject([{ backend: 'wasm', mode, reps: 2 }]);
      for (const name of ['gflops', 'peak_gflops', 'dispatches', 'kernels', 'bytes']) {
        expect(results[0]?.[name], name).toBeGreaterThan(0);
      }
      const profile = results[0]?.profile as { kernel: string; ms: number }[];
      expect(profile.length).toBeGreaterThan(0);
      expect(profile.map(({ ms }) => ms)).toEqual(
        profile.map(({ ms }) => ms).toSorted((a, b) => b - a),
      );
    },
  );

  it('says what was not run, and that nothing was', () => {
    const large = ['--dim', 'B=2000', '--dim', 'T=2000', '--dim', 'D=1'];
    const { status, stdout } = gatework(
      'bench',
      'lstm(512)',
      ...large,
      '--backend',
      'wasm',
      '--json',
    );
    expect(status).toBe(3);
    const reason: unknown = expect.stringMatching(/^main needs \d+ bytes of memory at/);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      results: [],
      skipped: [{ backend: 'wasm', reason }],
    });
  });
});

describe('bench on a GPU', () => {
  it.skipIf(gpuUnavailable !== undefined)('tells of kernels, memory and the peak', () => {
    const args = [spec, ...sizes, '--backend', 'webgpu', '--stream', '--dim', 'T=1', '--profile'];
    const { status, stdout } = gatework('bench', ...args, '--json');
    expect(status).toBe(0);
    const { results } = JSON.parse(stdout) as { results: Record<string, unknown>[] };
    expect(results).toMatchObject([{ backend: 'webgpu', mode: 'stream', reps: 2 }]);
    for (const name of ['gflops', 'peak_gflops', 'dispatches', 'kernels', 'bytes']) {
      expect(results[0]?.[name], name).toBeGreaterThan(0);
    }
    // A device need not tell the time of kernels.
    const { profile, kernels } = results[0] ?? {};
    if (profile !== undefined) expect(profile).toHaveLength(Number(kernels));
  });
});

describe('bench without --json', () => {
  it('is a table, with the chosen sizes on stderr', () => {
    const { stdout, stderr } = gatework('bench', spec, '--backend', 'interpreter', '--reps', '1');
    expect(stdout).toMatch(
      /^interpreter {3}run\n─+ {3}─+\nms per call {3}[\d.]+ {2}\(.*, 1 call\)/,
    );
    expect(stdout).toMatch(/\ntokens\/s {6}[\d.,]+\nGFLOP\/s {7}[\d.]+\n$/);
    expect(stderr).toContain('note: B=1, T=32, D=32; --dim NAME=N sets another size');
  });

  it.each([
    [['bidirectional(lstm(4))', '--stream'], 2, 'reads its input backwards'],
    [['lstm(4)', '--backend', 'cuda'], 2, 'expected one of wasm, javascript, interpreter, webgpu'],
  ])('refuses %j', (args, expected, message) => {
    const { status, stderr } = gatework('bench', ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(expected);
  });
});

const dims = new Map([
  ['B', 2],
  ['T', 5],
]);

function subject(text: string, mode: BenchMode): Promise<Subject> {
  return openSubject(text, mode === 'stream' ? new Map([['B', 2]]) : dims, mode);
}

describe('what is timed', () => {
  it('is a product of B · T rows for a dense layer', async () => {
    // 2 · 10 · 32 · 7 for the product, 10 · 7 for the bias.
    expect(flopsOf(await subject('dense(7)', 'run'))).toBe(2 * 10 * 32 * 7 + 10 * 7);
  });

  it('carries the state in a stream, and one time step', async () => {
    const streamed = await subject('lstm(4)', 'stream');
    expect(streamed.tokens).toBe(2);
    const { feeds, inputs } = await workload(streamed, 'interpreter');
    expect(feeds.get('lstm.c0')).toBe('lstm.cn');
    expect(inputs(1).get('x')?.shape).toEqual([2, 1, 32]);
    expect(inputs(1).get('lengths')?.data).toEqual(Int32Array.of(1, 1));
  });

  it.each<[string, BenchMode, string]>([
    ['lstm(4)', 'train', 'main has no loss, and no output is a softmax'],
    ['dense(4)', 'stream', 'has no state to carry'],
  ])('is nothing for %s, %s', async (text, mode, message) => {
    await expect(subject(text, mode)).rejects.toThrow(message);
  });

  it('is no stream of several time steps', async () => {
    await expect(openSubject('lstm(4)', dims, 'stream')).rejects.toThrow('leave --dim T=5 out');
  });

  it.each([
    'embed(3) -> lstm(4) -> softmax(6)',
    'x -> lstm(4) -> last -> softmax(6)',
    'model m {\n  input a: [T, 3]\n  hidden = a -> rnn(4)\n  output p = hidden -> softmax(6)\n}',
  ])('trains on cross entropy where a spec has no loss: %s', async (text) => {
    const { model } = await subject(text, 'train');
    expect(model.graph.results.map((r) => r.name)).toContain('loss');
    const target = model.inputs.find((i) => i.name === 'benchTarget');
    expect(target?.size).toEqual({ constant: 6, terms: [] });
  });

  it('gives a spec in YAML a loss too', () => {
    inTemporaryFolder((folder) => {
      const file = join(folder, 'm.yaml');
      writeFileSync(
        file,
        'model: m\ninput: { x: "[T, D]" }\noutput: { y: x -> rnn(2) -> softmax(3) }\n',
      );
      const args = [file, '--train', '--backend', 'interpreter', '--reps', '1'];
      expect(gatework('bench', ...args).status).toBe(0);
    });
  });

  it('draws ids below their number, the same ones each time', async () => {
    const text = 'model m {\n  input a: ids(3)[T]\n  output y = a -> embed(2) -> rnn(2)\n}';
    const [one, two] = await Promise.all(
      [1, 2].map(async () => workload(await subject(text, 'run'), 'kernels')),
    );
    const ids = [...(one?.inputs(1).get('a')?.data ?? [])];
    expect(ids).toHaveLength(10);
    expect(ids.every((id) => id >= 0 && id < 3)).toBe(true);
    expect(new Set(ids).size).toBeGreaterThan(1);
    expect(two?.inputs(1)).toEqual(one?.inputs(1));
    expect(two?.kept).toEqual(one?.kept);
  });
});

describe('numbers', () => {
  it('has quartiles between two values where they fall there', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual({ p25: 1.75, median: 2.5, p75: 3.25 });
    expect(quartiles([7])).toEqual({ p25: 7, median: 7, p75: 7 });
  });

  it('measures the peak by a program that does what it says', async () => {
    const size = { groups: 1, width: 64, turns: 64 };
    const executable = new KernelInterpreter(peakProgram(size));
    const x = { dtype: 'float', shape: [1], data: new Float32Array(1) } as const;
    const y = (await executable.run(new Map([['x', x]]))).get('y');
    // Each of eight chains has gone to 1.
    expect(y?.data).toEqual(new Float32Array(64).fill(8));
    expect(flopsOfRound(size)).toBe(64 * 64 * 8 * 8);
    const threads = new KernelInterpreter(peakProgram({ ...threadsSize(3), turns: 64 }));
    expect((await threads.run(new Map([['x', x]]))).get('y')?.data).toEqual(
      Float32Array.of(8, 8, 8),
    );
  });
});
