/** Programs as JavaScript modules. How a text becomes a module is the host's business. */
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import type { JsModule } from '../../../runtime/js/js-instance.ts';
import { emitJs } from '../../6-emit/js/emit.ts';
import { idRanges, kernelProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs } from './compiled-graphs.ts';

export interface JsRunnerOptions {
  /** The module of this text, such as an import of a `data:` address gives. */
  readonly importText: (text: string) => Promise<JsModule>;
}

/** Faults: those of `JsExecutable`, and whatever `importText` throws. */
export function jsRunner({ importText }: JsRunnerOptions): GraphRunner {
  const graphs = new CompiledGraphs(async ({ graph, model }, bindings) => {
    const program = kernelProgram(graph, { device: 'simd', ids: idRanges(model), prepare: true });
    return new JsExecutable({ program, module: await importText(emitJs(program)), bindings });
  });
  return {
    name: jsName,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    close: () => graphs.close(),
  };
}

export const jsName = 'javascript';
