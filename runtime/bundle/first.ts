/** The first backend of a bundle that this place has. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Backend } from '../artifact/bundle.ts';
import type { Engine, NamedNumbers } from './engine.ts';

export interface EngineKind {
  readonly backend: Backend;
  /** Undefined where this place has it not. */
  readonly open: (weights: NamedNumbers) => Promise<Engine | undefined>;
}

/** Of those that are wanted. R7804 where there is none. */
export async function firstOf(
  engines: readonly EngineKind[],
  weights: NamedNumbers,
  wanted?: Backend,
): Promise<Engine> {
  for (const { backend, open } of engines) {
    const engine = (wanted ?? backend) === backend && (await open(weights));
    if (engine) return engine;
  }
  throw new RuntimeFault(
    'R7804',
    `${wanted ?? 'this bundle'} does not run here`,
    'name no backend, or build it with more',
  );
}
