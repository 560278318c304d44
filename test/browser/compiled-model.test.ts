/**
 * A compiled model in a browser, in a page and in a worker: its outputs, and its loss over ten
 * training steps on parameters that stay on the device, are those of the f64 oracle by the accuracy
 * rule. Nothing of the compiler is in the page: programs and shaders arrive as JSON.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { trainingProgram } from '../../compiler/cli/training/program.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { idRanges, inferenceGraph, shaderProgram, trainingGraph } from '../../compiler/pipeline.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import { outcomeResults, stepFeeds } from '../../runtime/train/step.ts';
import { bindingsOf, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { inaccuracies } from '../../compiler/verify/accuracy.ts';
import type { Arrays } from '../../compiler/verify/arrays.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type Json,
  type TestBrowser,
} from '../support/browser.ts';
import { atStep, firstArrays, inaccurateSteps, oracleSteps } from '../support/kept-steps.ts';
import { compiled } from '../support/models.ts';
import { fromJson, toJson, type ModelAnswer, type ModelTask } from './pages/compiled-model.ts';

const text = `model next {
  input text: characters(7)[T]
  output next = text<t-1> -> embed(3) -> lstm(7) -> softmax(7)
  loss crossEntropy(next, text)
  train adam(rate = 0.02), clipNorm = 1
}`;
const spec = { text, inputs: new Map([['text', 'ids' as const]]), hasLoss: true };
const numbers: Data = { seed: 11, weightScale: 0.5, time: 7, lengths: [7, 0, 3] };
const [model, trained] = [compiled(text), compiled(text, { mode: 'training' })];
const bindings = bindingsOf(model, numbers);

const forward = inferenceGraph(model, 'kernels');
const inputs = firstArrays(drawArrays(model, spec, numbers, forward));

const options = { optimizer: present(trained.training.optimizer, 'adam'), clipNorm: 1 };
const account = trainingProgram(trained, bindings, 'f32');
const [feeds, wanted] = [stepFeeds(account, false), outcomeResults(account)];
const step = trainingGraph(trained, options, 'kernels');
const first = firstArrays(drawArrays(trained, spec, numbers, step));
const training = { first, feeds, bindings, steps: 10 };

function task(): ModelTask {
  const ids = idRanges(model);
  const others = split(first, (name) => !feeds.has(name));
  return {
    inference: { ...shaderProgram(forward, { ids }), inputs: toJson(inputs) },
    training: {
      ...shaderProgram(step, { ids, feeds }),
      feeds: Object.fromEntries(feeds),
      kept: toJson(split(first, (name) => feeds.has(name))),
      steps: Array.from({ length: training.steps }, (_, i) => toJson(atStep(others, i + 1))),
      wanted,
    },
  };
}

function split(arrays: Arrays, keeps: (name: string) => boolean): Arrays {
  return new Map([...arrays].filter(([name]) => keeps(name)));
}

/** As JSON without what kernels do: the shaders say it, and it has infinities in it. */
function asJson({ inference, training: steps }: ModelTask): Json {
  const bodiless = (program: Program): Program => ({
    ...program,
    functions: [],
    kernels: program.kernels.map((kernel) => ({ ...kernel, body: [] })),
  });
  const whole: ModelTask = {
    inference: { ...inference, program: bodiless(inference.program) },
    training: { ...steps, program: bodiless(steps.program) },
  };
  // Out of JSON comes JSON.
  return JSON.parse(JSON.stringify(whole)) as Json;
}

const missing = whyNoBrowser();

describe('a compiled model in a browser', () => {
  let browser: TestBrowser | undefined;
  let module = '';
  beforeAll(async () => {
    if (missing !== undefined) return;
    // The first time on a machine the browser is unpacked.
    browser = await openBrowser();
    module = await bundleModule(`export { main } from './test/browser/pages/compiled-model.ts';`);
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    await browser?.close();
  });

  it.each(['page', 'worker'] as const)(
    'predicts and learns in a %s',
    async (where) => {
      const argument = asJson(task());
      const run = { where, module, argument, milliseconds: 120_000 };
      const answer = await runInBrowser(present(browser, 'a browser'), run);
      // What `main` of this module returns.
      const { outputs, steps } = answer as unknown as ModelAnswer;

      const oracle = (use: 'kernels' | 'interpreter', precision: 'f32' | 'f64'): Arrays =>
        interpret(inferenceGraph(model, use), inputs, { precision, bindings });
      const f32 = [oracle('interpreter', 'f32'), oracle('kernels', 'f32')];
      expect(inaccuracies(fromJson(outputs), f32, oracle('interpreter', 'f64'))).toEqual([]);

      const plain = trainingGraph(trained, options);
      const known = (all: readonly Arrays[]): Arrays[] =>
        all.map((results) => split(results, (name) => wanted.includes(name)));
      const exact = known(oracleSteps(plain, training, 'f64'));
      const references = [plain, step].map((graph) => known(oracleSteps(graph, training, 'f32')));
      expect(inaccurateSteps(steps.map(fromJson), references, exact)).toEqual([]);
      const losses = exact.map((results) => present(results.get('loss'), 'the loss').data[0]);
      expect(losses.at(-1)).toBeLessThan(present(losses[0], 'a loss'));
    },
    200_000,
  );
});
