/** The backend that `--backend` and `--dtype` name, loaded only when it is asked for. */
import { RuntimeFault, type Executable } from '../../runtime/artifact/executable.ts';
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import { idRanges, type GraphUse } from '../pipeline.ts';
import { UsageError } from './failure.ts';
import type { EngineOptions } from './options.ts';

/** What runs a graph of this model. */
export interface EngineRequest {
  readonly model: Model;
  /** Results that become the next value of a parameter, by parameter. */
  readonly feeds?: ReadonlyMap<string, string>;
  /** Dimensions that inputs need not determine. */
  readonly bindings: Bindings;
}

/**
 * T6402 for a backend that this version lacks; T6403 and on where there is no device, or it fails.
 * The graph must be for `graphUse(options)`.
 */
export async function loadEngine(
  graph: Graph,
  options: EngineOptions,
  request: EngineRequest,
): Promise<Executable> {
  checkEngine(options);
  if (options.backend === 'webgpu') {
    const { loadWebgpu } = await import('./gpu/engine.ts');
    const { feeds, model, bindings } = request;
    const program = { ids: idRanges(model), ...(feeds === undefined ? {} : { feeds }) };
    return loadWebgpu(graph, program, bindings, options);
  }
  const { Interpreter } = await import('../interpret/interpret.ts');
  return new Interpreter(graph, { precision: options.dtype, bindings: request.bindings });
}

/** Whom the graphs of a command are for. */
export function graphUse({ backend }: EngineOptions): GraphUse {
  return backend === 'interpreter' ? 'interpreter' : 'kernels';
}

/** The same faults before any work is done. */
export function checkEngine({ backend, dtype, checkNan, schedule }: EngineOptions): void {
  if (backend !== 'interpreter' && dtype === 'f64') {
    throw new UsageError(`--dtype f64 needs --backend interpreter`);
  }
  if (checkNan === true && backend !== 'webgpu') {
    throw new UsageError('--check-nan needs --backend webgpu');
  }
  if (schedule !== undefined && schedule !== 'auto' && backend !== 'webgpu') {
    throw new UsageError('--schedule needs --backend webgpu');
  }
  if (backend === 'wasm') {
    throw new RuntimeFault(
      'T6402',
      `there is no ${backend} backend in this version`,
      'use --backend webgpu, or --backend interpreter',
    );
  }
}
