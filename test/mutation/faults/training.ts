/** Faults in batches, streams, the loop, checkpoints and first weights. */
import type { Fault } from './fault.ts';

const folder = 'test/unit/runtime/train';
const batches = [`${folder}/batches.test.ts`, folder];
const loop = [`${folder}/loop.test.ts`, `${folder}/kept-training.test.ts`, folder];

export const trainingFaults: readonly Fault[] = [
  {
    name: 'batches-say-the-padded-length',
    file: 'runtime/train/batches.ts',
    find: 'const lengths = Int32Array.from(columns, (ids) => ids.length);',
    replace: 'const lengths = Int32Array.from(columns, () => time);',
    tests: batches,
  },
  {
    name: 'every-epoch-in-the-same-order',
    file: 'runtime/train/batches.ts',
    find: 'new RandomStream(seed, epoch, hostSites.shuffle)',
    replace: 'new RandomStream(seed, 0, hostSites.shuffle)',
    tests: batches,
  },
  {
    name: 'validation-example-in-training',
    file: 'runtime/train/batches.ts',
    find: 'training: all.filter((i) => !chosen.has(i)),',
    replace: 'training: all.filter((i) => !chosen.has(i - 1)),',
    tests: batches,
  },
  {
    name: 'chunks-all-begin-with-zero-states',
    file: 'runtime/train/stream.ts',
    find: 'fresh: start === 0 }',
    replace: 'fresh: start >= 0 }',
    tests: batches,
  },
  {
    name: 'stream-loses-its-last-tokens',
    file: 'runtime/train/stream.ts',
    find: 'Math.ceil(stream.length / rows)',
    replace: 'Math.floor(stream.length / rows)',
    tests: batches,
  },
  {
    name: 'stream-rows-overlap',
    file: 'runtime/train/stream.ts',
    find: 'Math.min(from + time, (row + 1) * rowLength)',
    replace: 'Math.min(from + time + 1, (row + 1) * rowLength)',
    tests: batches,
  },
  {
    name: 'validation-is-a-mean-of-means',
    file: 'runtime/train/evaluate.ts',
    find: "{ sum: scalar(results, 'loss') * weight, count: weight }",
    replace: "{ sum: scalar(results, 'loss'), count: 1 }",
    tests: [`${folder}/evaluate.test.ts`, folder],
  },
  {
    name: 'validation-does-not-carry-states',
    file: 'runtime/train/evaluate.ts',
    find: 'carried = finalStates(program, results);',
    replace: 'carried = finalStates({ ...program, states: [] }, results);',
    tests: [`${folder}/evaluate.test.ts`, folder],
  },
  {
    name: 'steps-count-from-zero',
    file: 'runtime/train/loop.ts',
    find: '{ seed, step: step + 1 }',
    replace: '{ seed, step }',
    tests: loop,
  },
  {
    name: 'best-weights-are-the-last',
    file: 'runtime/train/loop.ts',
    find: 'if (!(loss < (this.place.best?.loss ?? Infinity))) return;',
    replace: 'if (Number.isNaN(loss)) return;',
    tests: loop,
  },
  {
    name: 'resumes-at-the-beginning-of-the-epoch',
    file: 'runtime/train/checkpoint.ts',
    find: 'position: position ?? 0,',
    replace: 'position: 0 * (position ?? 0),',
    tests: [`${folder}/checkpoint.test.ts`, ...loop],
  },
  {
    name: 'resumes-without-the-states',
    file: 'runtime/train/checkpoint.ts',
    find: 'carried: readCarried(arrays, program, file),',
    replace: 'carried: readCarried(arrays, { ...program, states: [] }, file),',
    tests: [`${folder}/checkpoint.test.ts`, ...loop],
  },
  {
    name: 'resumes-but-does-not-use-the-states',
    file: 'runtime/train/step-queue.ts',
    find: 'const starts = this.carried !== undefined || batch.fresh;',
    replace: 'const starts = batch.fresh;',
    tests: loop,
  },
  {
    name: 'loss-of-an-epoch-by-padded-rows',
    file: 'runtime/train/step.ts',
    find: 'return tallies[at]?.count ?? batch.tokens;',
    replace: 'return at < 0 ? batch.tokens : batch.rows;',
    tests: loop,
  },
  {
    name: 'glorot-by-the-fan-in-alone',
    file: 'runtime/train/initialize.ts',
    find: 'Math.sqrt(6 / (rows + columns))',
    replace: 'Math.sqrt(6 / (columns + columns))',
    tests: [`${folder}/initialize.test.ts`],
  },
  {
    name: 'he-by-the-fan-out',
    file: 'runtime/train/initialize.ts',
    find: 'normal(at, Math.sqrt(2 / columns))',
    replace: 'normal(at, Math.sqrt(2 / rows))',
    tests: [`${folder}/initialize.test.ts`],
  },
  {
    name: 'permutations-are-not-uniform',
    file: 'runtime/train/random.ts',
    find: 'const j = random.below(i + 1);',
    replace: 'const j = random.below(count);',
    tests: [`${folder}/random.test.ts`, folder],
  },
  {
    name: 'spans-of-one-class-run-together',
    file: 'runtime/train/metrics.ts',
    find: "&& next?.startsWith('B-') !== true;",
    replace: '&& next !== undefined;',
    tests: [`${folder}/metrics.test.ts`],
  },
];
