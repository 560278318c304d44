/** Subjects and backends for tests of verification, with runners that can be made wrong. */
import type { Arrays } from '../../compiler/verify/arrays.ts';
import { mapped } from '../../compiler/verify/batches.ts';
import type { Backend } from '../../compiler/verify/checks/check.ts';
import { backendOf } from '../../compiler/verify/local-backends.ts';
import type { GraphJob, GraphRunner } from '../../compiler/verify/runner.ts';
import { interpreterRunner } from '../../compiler/verify/runners/interpreter-runner.ts';
import type { TrainingDraw } from '../../compiler/verify/training/draw.ts';
import { VerifySubject } from '../../compiler/verify/subject.ts';
import { compiled } from './models.ts';

export function subjectOf(text: string): VerifySubject {
  return new VerifySubject({
    text,
    model: compiled(text),
    training: compiled(text, { mode: 'training' }),
  });
}

/** Of a case that is not about training. */
export const plainTraining: TrainingDraw = {
  ...{ own: true, optimizer: 'adam(rate = 0.01)', residuals: 'store', carries: true, steps: 3 },
};

export type Spoil = (results: Arrays, job: GraphJob) => Arrays;

/** The interpreter in f32 on graphs for kernels, its results spoilt. */
export function spoiltBackend(name: string, spoil: Spoil, about: Partial<Backend> = {}): Backend {
  const exact = interpreterRunner('f32');
  const runner: GraphRunner = {
    name,
    use: 'kernels',
    run: async (job) => spoil(await exact.run(job), job),
  };
  return backendOf(runner, about);
}

/** Changes each float of the results whose name fits. */
export function changed(
  results: Arrays,
  fits: (name: string) => boolean,
  change: (value: number, index: number) => number,
): Arrays {
  return mapped(results, (array, name) =>
    fits(name) && array.dtype === 'float'
      ? { ...array, data: Float64Array.from(array.data, change) }
      : array,
  );
}
