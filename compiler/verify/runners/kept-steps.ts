/** Steps in a row of a program that keeps its parameters: what `GraphRunner.runSteps` asks for. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { keepState } from '../../../runtime/train/keep.ts';
import type { Arrays } from '../arrays.ts';
import { stepResult, type StepsJob } from '../runner.ts';

/** Of the graph only its results matter here. */
export interface KeptJob extends Pick<StepsJob, 'inputs' | 'feeds' | 'later'> {
  readonly results: readonly { readonly name: string }[];
}

export async function keptSteps(executable: Executable, job: KeptJob): Promise<Arrays> {
  const { results, inputs, feeds = new Map<string, string>(), later } = job;
  const kept = await keepState(executable, feeds);
  try {
    kept.write(new Map([...inputs].filter(([name]) => feeds.has(name))));
    const fed = new Set(feeds.values());
    const wanted = results.map(({ name }) => name).filter((name) => !fed.has(name));
    const own = new Map([...inputs].filter(([name]) => !feeds.has(name)));
    const runs = await Promise.all([own, ...later].map((step) => kept.run(step, wanted)));
    const last = await kept.read();
    const found = runs.flatMap((run, i) =>
      [...run].map(([name, array]) => [stepResult(i + 1, name), array] as const),
    );
    const ends = [...feeds].flatMap(([parameter, result]) => {
      const array = last.get(parameter);
      return array === undefined ? [] : [[stepResult(runs.length, result), array] as const];
    });
    return new Map([...found, ...ends]);
  } finally {
    kept.close();
  }
}
