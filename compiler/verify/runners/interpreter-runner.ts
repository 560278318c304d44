/** The graph interpreter as a runner: in f64 the oracle, in f32 what backends are measured by. */
import { interpret } from '../../interpret/interpret.ts';
import type { Precision } from '../../ops/op.ts';
import type { GraphRunner } from '../runner.ts';

/** Runs graphs for kernels as well, which differ by rounding alone. */
export function interpreterRunner(precision: Precision): GraphRunner {
  return {
    name: `interpreter ${precision}`,
    use: 'interpreter',
    run: ({ graph, inputs, bindings }) =>
      new Promise((resolve) => {
        resolve(interpret(graph, inputs, { precision, bindings }));
      }),
  };
}
