/** The backend that `--backend` and `--dtype` name, loaded only when it is asked for. */
import { RuntimeFault, type Executable } from '../../runtime/artifact/executable.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Graph } from '../graph/types.ts';
import { UsageError } from './failure.ts';
import type { EngineOptions } from './options.ts';

/** T6402 for a backend that this version lacks. */
export async function loadEngine(
  graph: Graph,
  options: EngineOptions,
  bindings: Bindings,
): Promise<Executable> {
  checkEngine(options);
  const { Interpreter } = await import('../interpret/interpret.ts');
  return new Interpreter(graph, { precision: options.dtype, bindings });
}

/** The same faults before any work is done. */
export function checkEngine({ backend, dtype }: EngineOptions): void {
  if (backend !== 'interpreter') {
    if (dtype === 'f64') throw new UsageError(`--dtype f64 needs --backend interpreter`);
    throw new RuntimeFault(
      'T6402',
      `there is no ${backend} backend in this version`,
      'use --backend interpreter',
    );
  }
}
