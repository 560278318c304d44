/** Programs as JavaScript modules. How a text becomes a module is the host's business. */
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import type { JsModule } from '../../../runtime/js/js-instance.ts';
import { emitJs } from '../../6-emit/js/emit.ts';
import { kernelProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs, programOptions } from './compiled-graphs.ts';
import { keptSteps } from './kept-steps.ts';

export interface JsRunnerOptions {
  /** The module of this text, such as an import of a `data:` address gives. */
  readonly importText: (text: string) => Promise<JsModule>;
}

/** Faults: those of `JsExecutable`, and whatever `importText` throws. */
export function jsRunner({ importText }: JsRunnerOptions): GraphRunner {
  const graphs = new CompiledGraphs(async (job, bindings) => {
    // Where each run changes the weights, nothing of them is good for the next.
    const prepare = job.feeds === undefined;
    const program = kernelProgram(job.graph, { ...programOptions(job), device: 'simd', prepare });
    return new JsExecutable({ program, module: await importText(emitJs(program)), bindings });
  });
  return {
    name: jsName,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    runSteps: async (job) =>
      keptSteps(await graphs.of(job), { ...job, results: job.graph.results }),
    close: () => graphs.close(),
  };
}

export const jsName = 'javascript';
