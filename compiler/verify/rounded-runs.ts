/**
 * What f32 makes of a case, in all the ways that say how far off a backend may be: the graph as it
 * was written; as passes leave it for kernels; and the latter with inputs and functions that are
 * off in their last bits, three times, so that no chance makes the room too small. The third time
 * it is the graph as processors run it. `thoroughly` is more often: among thousands of results
 * there is always one whose sums happen to be exact in each of a few runs.
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
  /** A graph whose functions are off by so many units; for 0, as processors run it. */
  readonly roughened: (graph: Graph, units: number) => Graph;
  /** Parameters that are exact whatever the precision. */
  readonly exact?: readonly string[];
  readonly seed: number;
  readonly thoroughly: boolean;
}

const units = [1, -1, 0];
/** Rounds of those. */
const thoroughRounds = 8;

export async function roundedRuns(question: RoundedQuestion): Promise<readonly Arrays[]> {
  const { f32, plain, kernels, roughened, exact = [], seed, thoroughly } = question;
  const rounded = [await f32.run(plain), await f32.run(kernels)];
  for (let round = 0; round < (thoroughly ? thoroughRounds : 1); round++) {
    for (const off of units) {
      const graph = roughened(kernels.graph, off);
      const still = [...kernels.inputs].filter(([name]) => exact.includes(name));
      const inputs = new Map([...nudged(kernels.inputs, seed + off + 3 * round), ...still]);
      rounded.push(await f32.run({ ...kernels, graph, inputs }));
    }
  }
  return rounded;
}
