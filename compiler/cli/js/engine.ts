/** A graph as JavaScript in this process. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import { emitJs } from '../../6-emit/js/emit.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Graph } from '../../graph/types.ts';
import { kernelProgram, type KernelOptions } from '../../pipeline.ts';
import { importText } from './import-text.ts';

/** Faults of a run: T6401. */
export async function loadJs(
  graph: Graph,
  kernels: KernelOptions,
  bindings: Bindings,
): Promise<Executable> {
  // Where each run changes the weights, nothing of them is good for the next.
  const prepare = kernels.feeds === undefined;
  const program = kernelProgram(graph, { ...kernels, device: 'simd', prepare });
  return new JsExecutable({ program, module: await importText(emitJs(program)), bindings });
}
