/** `show`: kernels and shaders as text, and the memory that they take. */
import { describe, expect, it } from 'vitest';
import { peakMemoryOf, programFor, type Purpose } from '../../../compiler/cli/kernel-programs.ts';
import { peakMemory, sizePolynomial } from '../../../compiler/cli/peak-memory.ts';
import {
  bindPolynomial,
  polynomialValue,
  printPolynomial,
} from '../../../compiler/graph/polynomial.ts';
import type { Model } from '../../../compiler/graph/model.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { printProgram } from '../../../compiler/kernel/print-program.ts';
import { readProgram } from '../../../compiler/kernel/read-program.ts';
import { compile } from '../../../compiler/pipeline.ts';
import { layOut } from '../../../runtime/session/layout.ts';
import { gatework } from '../../support/command-line.ts';

const tagger = `model tagger(classes = 3) {
  input text: words(V)[T]
  input label: class(classes)[T]
  output y = text -> embed(4) -> dropout(0.5) -> bidirectional(gru(5)) -> softmax(classes)
  loss crossEntropy(y, label)
  train adam, clipNorm = 1
}`;

function modelOf(text: string, mode: 'inference' | 'training'): Model {
  const { model } = compile({ name: 'test.gate', text }, { mode });
  if (model === undefined) throw new Error('the spec of the test is wrong');
  return model;
}

describe('peak memory', () => {
  it.each<[Purpose, string]>([
    ['run', tagger],
    ['grad', tagger],
    ['train', tagger],
    ['run', 'lstm(6, depth=2) -> softmax(3)'],
    ['grad', 'lstm(6, depth=2) -> softmax(3)'],
  ])('of %s is what the layout takes at any size', (purpose, text) => {
    const program = programFor(modelOf(text, 'training'), purpose);
    const peak = peakMemory(program);
    for (const sizes of [
      [1, 1, 1],
      [2, 7, 3],
      [33, 5, 64],
    ]) {
      const [b = 0, t = 0, width = 0] = sizes;
      const names = { B: b, T: t, V: width, D: width };
      const bindings = new Map(Object.entries(names));
      const bytes = polynomialValue(bindPolynomial(peak, bindings));
      expect(bytes).toBe(layOut(program, bindings).bytes);
      expect(bytes).toBeGreaterThan(0);
    }
  });

  it('of training is there only where there is a loss', () => {
    const plain = 'lstm(6)';
    expect(
      peakMemoryOf(modelOf(plain, 'inference'), modelOf(plain, 'training')),
    ).not.toHaveProperty('training');
    const { inference, training } = peakMemoryOf(
      modelOf(tagger, 'inference'),
      modelOf(tagger, 'training'),
    );
    expect(training).toEqual(peakMemory(programFor(modelOf(tagger, 'training'), 'train')));
    expect(training).not.toEqual(inference);
  });

  it('reads sums, differences and products of sizes, and nothing else', () => {
    const n = k.size('N');
    const product = k.mul(k.sub(n, k.int(2)), k.add(k.size('M'), n));
    expect(printPolynomial(sizePolynomial(product))).toBe('M*N + N*N - 2*M - 2*N');
    expect(() => sizePolynomial(k.div(n, k.int(2)))).toThrow('div in a size of memory');
    expect(() => sizePolynomial(k.step)).toThrow('step in a size of memory');
  });
});

describe('show', () => {
  const spec = 'lstm(4) -> softmax(3)';

  it('says how much memory a model takes', () => {
    const { stdout } = gatework('show', spec);
    const bytes = /^peak memory {10}(.*) bytes$/m.exec(stdout)?.[1];
    const model = modelOf(spec, 'inference');
    expect(bytes).toBe(printPolynomial(peakMemory(programFor(model, 'run'))));
    expect(bytes).toMatch(/B\*T/);
    expect(stdout).not.toContain('peak in training');
  });

  it('says it as a number in JSON where all is bound, of training too', () => {
    const dims = ['B=2', 'T=7', 'V=30'].flatMap((d) => ['--dim', d]);
    const { stdout } = gatework('show', 'specs/zoo/names.gate', ...dims, '--json');
    const number: unknown = expect.any(Number);
    expect(JSON.parse(stdout)).toMatchObject({
      peakMemory: { inference: number, training: number },
    });
  });

  it('prints kernels that read back', () => {
    const { status, stdout } = gatework('show', spec, '--ir', 'kernels', '--for', 'grad');
    expect(status).toBe(0);
    const program = readProgram(stdout);
    expect(program).toEqual(programFor(modelOf(spec, 'inference'), 'grad'));
    expect(printProgram(program)).toBe(stdout);
  });

  it('prints a shader a kernel', () => {
    const { stdout } = gatework('show', spec, '--ir', 'wgsl', '--json');
    const { ir, text } = JSON.parse(stdout) as { ir: string; text: string };
    expect(ir).toBe('wgsl');
    const { kernels } = programFor(modelOf(spec, 'inference'), 'run');
    expect(text.match(/^@compute/gm)).toHaveLength(kernels.length);
    for (const { name } of kernels) expect(text).toContain(`// ${name}\n`);
  });

  it.each([
    [[spec, '--for', 'grad'], 2, '--for needs --ir kernels or --ir wgsl'],
    [[spec, '--ir', 'kernels', '--for', 'train'], 1, 'R7603'],
  ])('refuses %j', (args, expected, message) => {
    const { status, stderr } = gatework('show', ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(expected);
  });
});
