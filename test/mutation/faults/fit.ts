/** Faults in bundles that learn. */
import type { Fault } from './fault.ts';

const tests = ['test/bundle/fit.test.ts'];

export const fitFaults: readonly Fault[] = [
  {
    name: 'text-learned-without-its-end',
    file: 'runtime/bundle/fit/training-batches.ts',
    find: 'numbers: [...Array.from(found.numbers), endId]',
    replace: 'numbers: Array.from(found.numbers)',
    tests,
  },
  {
    name: 'examples-not-grouped-by-length',
    file: 'runtime/bundle/fit/training-batches.ts',
    find: 'const steps = Math.max(1, ...[...lengths.values()].flat());',
    replace: 'const steps = 1;',
    tests,
  },
  {
    name: 'saved-without-its-updates',
    file: 'runtime/bundle/fit/tuned.ts',
    find: "['step', String(step)],",
    replace: "['step', '0'],",
    tests,
  },
  {
    name: 'saved-of-any-bundle',
    file: 'runtime/bundle/fit/tuned.ts',
    find: "if (told['model'] !== model) throw refused('is of another bundle');",
    replace: '',
    tests,
  },
  {
    name: 'saved-and-not-hashed',
    file: 'runtime/bundle/fit/tuned.ts',
    find: 'if (hash !== again || ',
    replace: 'if (',
    tests,
  },
  {
    name: 'fit-forgets-the-optimizer',
    file: 'runtime/train/begin.ts',
    find: 'const { step, optimizer } = options.begin ?? {',
    replace: 'const { step, optimizer } = {',
    tests,
  },
  {
    name: 'steps-of-earlier-calls-count',
    file: 'runtime/bundle/fit/fit.ts',
    find: '{ steps: done + steps }',
    replace: '{ steps }',
    tests,
  },
  {
    name: 'learned-model-judged-by-the-old-vectors',
    file: 'runtime/bundle/fit/trainable.ts',
    find: '...(tuned === undefined ? {} : {',
    replace: '...(tuned !== undefined ? {} : {',
    tests,
  },
  {
    name: 'rate-factor-left-out',
    file: 'compiler/3-differentiate/training-step.ts',
    find: "b.emit('mul', [told, b.parameter(factor, scalar, 'control')])",
    replace: "b.emit('max', [told, b.emit('mul', [told, b.parameter(factor, scalar, 'control')])])",
    tests,
  },
];
