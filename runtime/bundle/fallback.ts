/** For bundles with a GPU, which may fail in the middle, and answers too late for single steps. */
import type { Backend } from '../artifact/bundle.ts';
import type { DirectEngine, Engine, NamedNumbers } from './engine.ts';
import { firstOf, type EngineKind } from './first.ts';
import { lasting } from './lasting.ts';

/** A GPU that fails leaves the engines after it, unless it was asked for by name. */
export async function withFallback(
  engines: readonly EngineKind[],
  weights: NamedNumbers,
  wanted?: Backend,
): Promise<Engine> {
  const after = (used: Engine): readonly EngineKind[] =>
    engines.slice(engines.findIndex(({ backend }) => backend === used.backend) + 1);
  const engine = lasting(await firstOf(engines, weights, wanted), (used, error) => {
    const rest = wanted === undefined ? after(used) : [];
    // What is too large for one linear memory is too large for the other.
    if (!isMachine(error) || isDirect(used) || rest.length === 0) return undefined;
    return () => firstOf(rest, weights);
  });
  let direct: DirectEngine | undefined;
  return {
    get backend() {
      return engine.current().backend;
    },
    run: (sizes, inputs) => engine.use((on) => on.run(sizes, inputs)),
    async direct() {
      const now = engine.current();
      direct = isDirect(now) ? now : ((await firstOf(after(now), weights)) as DirectEngine);
      return direct;
    },
    close() {
      engine.current().close();
      direct?.close();
    },
  };
}

function isDirect(engine: Engine): engine is DirectEngine {
  return 'runNow' in engine;
}

/**
 * Faults of the machine, T6…, and not of the inputs. By the code alone: a module that is loaded
 * later on has a `RuntimeFault` of its own.
 */
function isMachine(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^T\d/.test(String(error.code));
}
