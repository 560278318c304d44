/**
 * What a training step costs, counted exactly: dispatches a time step and besides, kernels to
 * compile, bytes. Better numbers are welcome here, worse ones need a reason. And the plan of memory
 * of these programs, checked anew: tensors that are alive together never overlap.
 */
import { describe, expect, it, test } from 'vitest';
import { present } from '../../../compiler/base/bug.ts';
import { trainingProgram } from '../../../compiler/cli/training/program.ts';
import { kernelProgram, trainingGraph } from '../../../compiler/pipeline.ts';
import type { Dispatch, Program, ProgramStep } from '../../../runtime/artifact/program.ts';
import { layOut } from '../../../runtime/session/layout.ts';
import { stepFeeds } from '../../../runtime/train/step.ts';
import { compiled } from '../../support/models.ts';

/** A language model over characters with this layer, as the program of its training step. */
function characterModel(layer: string, cells = ''): Program {
  const text = `${cells}model m(V = 65) {
    input text: characters(V)[T]
    output next = text<t-1> -> oneHot -> ${layer} -> softmax(V)
    loss crossEntropy(next, text)
    train adam(rate = 0.005), clipNorm = 5
  }`;
  const model = compiled(text, { mode: 'training' });
  const optimizer = present(model.training.optimizer, 'adam');
  const graph = trainingGraph(model, { optimizer, clipNorm: 5 }, 'kernels');
  const feeds = stepFeeds(trainingProgram(model, new Map(), 'f32'), false);
  return kernelProgram(graph, { feeds, schedule: 'steps' });
}

interface Counts {
  /** Dispatches a time step, those of the shifted text among them. */
  readonly perStep: number;
  /** Dispatches of any number of time steps. */
  readonly constant: number;
  readonly kernels: number;
  readonly bytes: number;
}

function countsOf(program: Program): Counts {
  const at = (time: number): ReturnType<typeof layOut> => layOut(program, sizes(16, time));
  const perStep = at(11).dispatches.length - at(10).dispatches.length;
  return {
    perStep,
    constant: at(10).dispatches.length - 10 * perStep,
    kernels: program.kernels.length,
    bytes: at(32).bytes,
  };
}

function sizes(batch: number, time: number): Map<string, number> {
  return new Map([
    ['B', batch],
    ['T', time],
  ]);
}

/** Dispatches of each loop over time, in their order. */
function loopsOf({ steps }: Program): number[] {
  return steps.flatMap((step) => (step.kind === 'repeat' ? [step.body.length] : []));
}

const peephole = `cell mine(width) {
  state out: [width], memory: [width]
  weight bForget = constant(1)
  proposal = tanh(Wp[out<t-1>, x<t>] + bp)
  admit = σ(Wa[out<t-1>, x<t>, memory<t-1>] + ba)
  keep = σ(Wk[out<t-1>, x<t>, memory<t-1>] + bForget)
  show = σ(Ws[out<t-1>, x<t>, memory<t-1>] + bs)
  memory<t> = admit * proposal + keep * memory<t-1>
  out<t> = show * tanh(memory<t>)
  emit out<t>
}
`;

const programs = {
  'lstm(256, depth = 2)': characterModel('lstm(256, depth = 2)'),
  'lstm(64)': characterModel('lstm(64)'),
  'bidirectional(lstm(64))': characterModel('bidirectional(lstm(64))'),
  'gru(64)': characterModel('gru(64)'),
  'peephole(64)': characterModel('peephole(64)'),
  'peephole(64) by hand': characterModel('mine(64)', peephole),
};

type Name = keyof typeof programs;

// The first loop of each shifts the text by a step; then come layers forward, and backward.
const expected: readonly (readonly [Name, readonly number[], Counts])[] = [
  [
    'lstm(256, depth = 2)',
    [1, 1, 1, 2, 2],
    { perStep: 7, constant: 30, kernels: 33, bytes: 29_624_768 },
  ],
  ['lstm(64)', [1, 1, 2], { perStep: 4, constant: 24, kernels: 28, bytes: 2_823_392 }],
  [
    'bidirectional(lstm(64))',
    [1, 1, 2],
    { perStep: 4, constant: 24, kernels: 28, bytes: 5_389_264 },
  ],
  ['gru(64)', [1, 2, 3], { perStep: 6, constant: 24, kernels: 30, bytes: 2_194_096 }],
  ['peephole(64)', [1, 1, 3], { perStep: 5, constant: 26, kernels: 31, bytes: 3_220_432 }],
];

describe('a training step of a character model', () => {
  it.each(expected)('with %s', (name, loops, counts) => {
    expect(countsOf(programs[name])).toEqual(counts);
    expect(loopsOf(programs[name])).toEqual(loops);
  });

  it('runs both directions in one dispatch', () => {
    expect(loopsOf(programs['bidirectional(lstm(64))'])).toEqual(loopsOf(programs['lstm(64)']));
  });

  it('costs the same with a cell written by hand', () => {
    const [standard, own] = [programs['peephole(64)'], programs['peephole(64) by hand']];
    expect(countsOf(own)).toEqual(countsOf(standard));
    expect(loopsOf(own)).toEqual(loopsOf(standard));
    expect(own.kernels.map((k) => k.workgroup)).toEqual(standard.kernels.map((k) => k.workgroup));
  });
});

describe('the memory of', () => {
  test.each(Object.entries(programs))('%s holds what is alive, apart', (_, program) => {
    for (const [batch, time] of [
      [1, 1],
      [3, 7],
      [16, 32],
    ] as const) {
      expect(overlaps(program, sizes(batch, time))).toEqual([]);
    }
  });

  test('is checked: a tensor that is moved onto another shows', () => {
    const { tensors, ...rest } = programs['gru(64)'];
    const zero = present(tensors[0], 'a tensor').offset;
    const moved = tensors.map((tensor) => ({ ...tensor, offset: zero }));
    expect(overlaps({ ...rest, tensors: moved }, sizes(3, 7)).length).toBeGreaterThan(9);
  });
});

interface Life {
  first: number;
  last: number;
}

/** Tensors outside of memory, and pairs of tensors that meet there while both are needed. */
function overlaps(program: Program, bindings: ReadonlyMap<string, number>): string[] {
  const { offsets, lengths, memory } = layOut(program, bindings);
  const lives = livesOf(program);
  const places = program.tensors.map(({ name, element }, i) => {
    const start = present(offsets[i], name);
    return { name, element, start, end: start + present(lengths[i], name), ...lives[i] };
  });
  const outside = places.filter((p) => p.start < 0 || p.start % 4 > 0 || p.end > memory[p.element]);
  const pairs = places.flatMap((p, i) =>
    places
      .slice(i + 1)
      .filter((q) => p.element === q.element && p.start < q.end && q.start < p.end)
      .filter((q) => areBothAlive(p, q))
      .map((q) => `${p.name} and ${q.name}`),
  );
  return [...outside.map((p) => p.name), ...pairs];
}

function areBothAlive(p: Partial<Life>, q: Partial<Life>): boolean {
  if (p.first === undefined || p.last === undefined) return false;
  if (q.first === undefined || q.last === undefined) return false;
  return p.first <= q.last && q.first <= p.last;
}

/** By tensor; undefined for one that nothing touches. A loop is one moment: it comes around. */
function livesOf({ tensors, parameters, results, steps }: Program): (Life | undefined)[] {
  const lives: (Life | undefined)[] = tensors.map(() => undefined);
  const touch = (tensor: number, at: number): void => {
    const life = (lives[tensor] ??= { first: at, last: at });
    life.first = Math.min(life.first, at);
    life.last = Math.max(life.last, at);
  };
  // Written before the first step; and kept for the next run, whatever happens in between.
  for (const { tensor } of parameters) {
    touch(tensor, -1);
    touch(tensor, steps.length);
  }
  steps.forEach((step, at) => {
    for (const dispatch of dispatchesOf(step)) for (const t of dispatch.tensors) touch(t, at);
  });
  for (const { tensor } of results) touch(tensor, steps.length);
  return lives;
}

function dispatchesOf(step: ProgramStep): readonly Dispatch[] {
  return step.kind === 'repeat' ? step.body : [step];
}
