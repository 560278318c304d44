/**
 * Programs for processors: what weights alone decide is done once and stays where it is, a step is
 * one kernel of single workgroups, and a user's own cell takes as many as ours. Counted exactly:
 * better numbers are welcome here, worse ones need a reason.
 */
import { describe, expect, it } from 'vitest';
import { present } from '../../../compiler/base/bug.ts';
import { trainingProgram } from '../../../compiler/cli/training/program.ts';
import { inferenceGraph, kernelProgram, trainingGraph } from '../../../compiler/pipeline.ts';
import { allSteps, type Program, type ProgramStep } from '../../../runtime/artifact/program.ts';
import { stepFeeds } from '../../../runtime/train/step.ts';
import { compiled } from '../../support/models.ts';

function inference(layers: string, prepare: boolean): Program {
  const model = compiled(`model m { input x: float[T, 40]\n output y = x -> ${layers} }`);
  return kernelProgram(inferenceGraph(model, 'kernels'), { device: 'simd', prepare });
}

const own = `cell mine(n) {
  state a: [n], c: [n]
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  Γu = σ(Wu[a<t-1>, x<t>] + bu)
  Γf = σ(Wf[a<t-1>, x<t>] + bf)
  Γo = σ(Wo[a<t-1>, x<t>] + bo)
  c<t> = Γu * c̃ + Γf * c<t-1>
  a<t> = Γo * tanh(c<t>)
  emit a<t>
}
`;

function training(layer: string, cells = ''): Program {
  const text = `${cells}model m(V = 65) {
    input text: ids(V)[T]
    input next: class(V)[T]
    output y = text -> oneHot -> ${layer} -> softmax(V)
    loss crossEntropy(y, next)
    train adam(rate = 0.005), clipNorm = 5
  }`;
  const model = compiled(text, { mode: 'training' });
  const optimizer = present(model.training.optimizer, 'adam');
  const graph = trainingGraph(model, { optimizer, clipNorm: 5 }, 'kernels');
  const feeds = stepFeeds(trainingProgram(model, new Map(), 'f32'), false);
  return kernelProgram(graph, { device: 'simd', feeds });
}

const dispatchesOf = (steps: readonly ProgramStep[]): number[] =>
  steps.map((step) => (step.kind === 'repeat' ? step.body.length : 1));

function loopsOf({ steps }: Program): number[] {
  return steps.flatMap((step) => (step.kind === 'repeat' ? [step.body.length] : []));
}

describe('what weights alone decide', () => {
  const program = inference('lstm(64)', true);

  it('is done apart, and a call is few kernels and one a time step', () => {
    expect(dispatchesOf(program.prepare)).toEqual([1, 1]);
    expect(dispatchesOf(program.steps)).toEqual([1, 1, 1, 1]);
    expect(loopsOf(program)).toEqual([1]);
  });

  it('speaks of no batch and no time', () => {
    expect(program.symbols).toEqual(['B', 'T']);
    for (const step of program.prepare) {
      if (step.kind === 'repeat') throw new Error('a loop');
      expect(step.sizes).toEqual([]);
      expect(step.groups.every((count) => count.kind === 'number')).toBe(true);
    }
  });

  it('and weights lie at fixed places', () => {
    const read = program.prepare.flatMap((s) => (s.kind === 'repeat' ? [] : s.tensors));
    const places = read.map((at) => present(program.tensors[at], 'a tensor').offset);
    expect(places.length).toBeGreaterThan(8);
    expect(places.every((offset) => offset.kind === 'number')).toBe(true);
  });

  it('is among the steps where nobody asks', () => {
    const whole = inference('lstm(64)', false);
    expect(whole.prepare).toEqual([]);
    expect(whole.steps.length).toBeGreaterThan(program.steps.length);
  });
});

describe('kernels', () => {
  it('have workgroups of one invocation, along one axis', () => {
    for (const program of [training('lstm(16)'), inference('bidirectional(gru(6))', true)]) {
      expect(program.kernels.every(({ workgroup }) => workgroup.join() === '1,1,1')).toBe(true);
      const dispatches = allSteps(program).flatMap((s) => (s.kind === 'repeat' ? s.body : [s]));
      for (const { groups } of dispatches) {
        expect(groups.slice(1).map((e) => e.kind === 'number' && e.value)).toEqual([1, 1]);
      }
    }
  });

  it('of a training step are as few for a cell of one’s own', () => {
    const [standard, mine] = [
      training('lstm(256, depth = 2)'),
      training('mine(256, depth = 2)', own),
    ];
    expect(loopsOf(standard)).toEqual([1, 1, 2, 2]);
    expect(mine.kernels.length).toBe(standard.kernels.length);
    expect(dispatchesOf(mine.steps)).toEqual(dispatchesOf(standard.steps));
    expect(standard.kernels.length).toBe(32);
    expect(standard.steps.length).toBe(34);
  });

  it('of both directions are one', () => {
    expect(loopsOf(inference('bidirectional(lstm(16), depth = 2)', true))).toEqual([1, 1]);
  });
});
