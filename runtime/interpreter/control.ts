/** The control flow of kernels over closures, whoever it is that runs them. */
import type { Evaluate, Run } from './scope.ts';

export function sequence(runs: readonly Run[]): Run {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) return only;
  return () => {
    for (const run of runs) run();
  };
}

export interface Range {
  readonly from: Evaluate;
  readonly to: Evaluate;
  readonly step: Evaluate;
}

/** The range is evaluated once, at the start. */
export function loop({ from, to, step }: Range, body: (value: number) => void): Run {
  return () => {
    const first = from();
    const end = to();
    const by = step();
    if (by <= 0) throw new Error(`a loop by ${by}, which never ends`);
    for (let value = first; value < end; value += by) body(value);
  };
}

export function repeatWhile(condition: Evaluate, body: Run): Run {
  return () => {
    while (condition() !== 0) body();
  };
}

export function choose(condition: Evaluate, then: Run, otherwise: Run): Run {
  return () => {
    if (condition() !== 0) then();
    else otherwise();
  };
}
