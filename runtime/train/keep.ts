/**
 * One way of working with every program that runs again and again: its parameters stay where it
 * runs. A program that cannot keep them gets them from the host at each run, with the same numbers.
 */
import { RuntimeFault, type Executable, type KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';

type Arrays = ReadonlyMap<string, NdArray>;

/**
 * `feeds` has the result that becomes the next value of each kept parameter; a parameter that is
 * its own feed stays as it is. Faults: those of the program's `keep`.
 */
export async function keepState(
  executable: Executable,
  feeds: ReadonlyMap<string, string>,
): Promise<KeptState> {
  return executable.keep === undefined
    ? new HostState(executable, feeds)
    : await executable.keep(feeds);
}

/** The result of that name. Faults: R7305 where there is none. */
export function needResult(results: Arrays, name: string): NdArray {
  const array = results.get(name);
  if (array === undefined) {
    throw new RuntimeFault('R7305', `the training program yields no result ${name}`);
  }
  return array;
}

/**
 * Keeps the arrays themselves, since nobody changes one that he was given. A further run begins
 * only when the one before is back: on this thread nothing could happen in between.
 */
class HostState implements KeptState {
  private readonly executable: Executable;
  private readonly feeds: ReadonlyMap<string, string>;
  private kept = new Map<string, NdArray>();

  constructor(executable: Executable, feeds: ReadonlyMap<string, string>) {
    this.executable = executable;
    this.feeds = feeds;
  }

  write(arrays: Arrays): void {
    this.kept = new Map([...this.kept, ...arrays]);
  }

  async run(inputs: Arrays, wanted: readonly string[]): Promise<Arrays> {
    const results = await this.executable.run(new Map([...inputs, ...this.kept]));
    const fed = [...this.feeds].filter(([parameter, result]) => parameter !== result);
    this.write(new Map(fed.map(([parameter, result]) => [parameter, needResult(results, result)])));
    const names = new Set(wanted);
    return new Map([...results].filter(([name]) => names.has(name)));
  }

  read(): Promise<Arrays> {
    return Promise.resolve(this.kept);
  }

  close(): void {
    this.kept = new Map();
  }
}
