/** The backend that `--backend` and `--dtype` name, loaded only when it is asked for. */
import type { Executable } from '../../runtime/artifact/executable.ts';
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

/** T6401 and on where this machine can't. The graph must be for `graphUse(options)`. */
export async function loadEngine(
  graph: Graph,
  options: EngineOptions,
  request: EngineRequest,
): Promise<Executable> {
  checkEngine(options);
  const { feeds, model, bindings } = request;
  if (options.backend === 'interpreter') {
    const { loadInterpreter } = await import('./interpreter-engine.ts');
    return loadInterpreter(graph, { precision: options.dtype, bindings }, idRanges(model));
  }
  const kernels = { ids: idRanges(model), ...(feeds === undefined ? {} : { feeds }) };
  if (options.backend === 'wasm') {
    const { loadWasm } = await import('./wasm/engine.ts');
    return loadWasm(graph, kernels, bindings, options);
  }
  if (options.backend === 'javascript') {
    const { loadJs } = await import('./js/engine.ts');
    return loadJs(graph, kernels, bindings);
  }
  const { loadWebgpu } = await import('./gpu/engine.ts');
  return loadWebgpu(graph, kernels, bindings, options);
}

/** Whom the graphs of a command are for. */
export function graphUse({ backend }: EngineOptions): GraphUse {
  return backend === 'interpreter' ? 'interpreter' : 'kernels';
}

/** What the options do not allow of each other, before any work is done. */
export function checkEngine(options: EngineOptions): void {
  const { backend, dtype, checkNan, schedule, threads, form } = options;
  if (backend !== 'interpreter' && dtype === 'f64') {
    throw new UsageError(`--dtype f64 needs --backend interpreter`);
  }
  if (checkNan === true && backend !== 'webgpu') {
    throw new UsageError('--check-nan needs --backend webgpu');
  }
  if (schedule !== undefined && schedule !== 'auto' && backend !== 'webgpu') {
    throw new UsageError('--schedule needs --backend webgpu');
  }
  if (threads !== undefined && backend !== 'wasm') {
    throw new UsageError('--threads needs --backend wasm');
  }
  if (form !== undefined && backend !== 'wasm') {
    throw new UsageError('--form needs --backend wasm');
  }
}
