/**
 * What f32 makes of a case, in all the ways that say how far off a backend may be: the graph as it
 * was written; as passes leave it for kernels; and variants of the latter, each with inputs that
 * are off in their last bits. `thoroughly` is more often: among thousands of results there is
 * always one whose sums happen to be exact in each of a few runs.
 */
import type { Graph } from '../graph/types.ts';
import type { Arrays } from './arrays.ts';
import { nudged } from './nudge.ts';
import type { GraphJob, GraphRunner } from './runner.ts';

export interface RoundedQuestion {
  readonly f32: GraphRunner;
  /** The graph for the interpreter and that for kernels, on the same inputs. */
  readonly plain: GraphJob;
  readonly kernels: GraphJob;
  /** What backends may make of a graph (`VerifySubject.variants`). */
  readonly variants: (graph: Graph) => readonly Graph[];
  /** Parameters that are exact whatever the precision. */
  readonly exact?: readonly string[];
  readonly seed: number;
  readonly thoroughly: boolean;
}

const thoroughRounds = 8;

export async function roundedRuns(question: RoundedQuestion): Promise<readonly Arrays[]> {
  const { f32, plain, kernels, variants, exact = [], seed, thoroughly } = question;
  const rounded = [await f32.run(plain), await f32.run(kernels)];
  for (let round = 0; round < (thoroughly ? thoroughRounds : 1); round++) {
    for (const [i, graph] of variants(kernels.graph).entries()) {
      const still = [...kernels.inputs].filter(([name]) => exact.includes(name));
      const inputs = new Map([...nudged(kernels.inputs, seed + i + 3 * round), ...still]);
      rounded.push(await f32.run({ ...kernels, graph, inputs }));
    }
  }
  return rounded;
}
