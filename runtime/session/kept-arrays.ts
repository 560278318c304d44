/**
 * The host's side of parameters that stay where a program runs, whatever device that is: which
 * result becomes the next value of which parameter, what was written and is not there yet, and what
 * form each of them has by now.
 */
import type { ArrayForm } from '../artifact/bind.ts';
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program, ProgramParameter, ProgramResult } from '../artifact/program.ts';
import { known } from './known.ts';

export interface Feed {
  readonly parameter: ProgramParameter;
  /** Absent for a parameter that stays as it is. */
  readonly result: ProgramResult | undefined;
}

/** The next value of a parameter lies in another place than the parameter. */
export type Move = Feed & { readonly result: ProgramResult };

export class KeptArrays {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Those whose next value must be brought to their place after a run. */
  readonly moves: readonly Move[];
  /** Of all that have been written. */
  readonly forms: ReadonlyMap<string, ArrayForm>;
  /** Written since the last run, and nowhere else yet. */
  readonly fresh: ReadonlyMap<string, NdArray>;
  private readonly written = new Map<string, ArrayForm>();
  private readonly pending = new Map<string, NdArray>();

  /** `feeds`: by parameter, the name of the result that it becomes, or its own name. */
  constructor({ parameters, results }: Program, feeds: ReadonlyMap<string, string>) {
    this.forms = this.written;
    this.fresh = this.pending;
    this.feeds = new Map(
      [...feeds].map(([name, from]) => {
        const parameter = parameters.find((p) => p.name === name);
        const result = results.find((r) => r.name === from);
        const feed = {
          parameter: known(parameter, `parameter ${name}`),
          result: from === name ? undefined : known(result, `result ${from}`),
        };
        return [name, feed];
      }),
    );
    this.moves = [...this.feeds.values()].flatMap(({ parameter, result }) =>
      result === undefined || result.tensor === parameter.tensor ? [] : [{ parameter, result }],
    );
  }

  /** Takes copies. R7004 for what is not kept. */
  write(arrays: ReadonlyMap<string, NdArray>): void {
    for (const [name, { dtype, shape, data }] of arrays) {
      if (!this.feeds.has(name)) throw new RuntimeFault('R7004', `${name} is not kept`);
      const copy = data instanceof Float64Array ? Float32Array.from(data) : data.slice();
      this.pending.set(name, { dtype, shape, data: copy });
      this.written.set(name, { dtype, shape, data: { length: copy.length } });
    }
  }

  /** What was written has come to where it stays. */
  settle(): void {
    this.pending.clear();
  }

  clear(): void {
    this.pending.clear();
    this.written.clear();
  }

  /** Copies of all that have a value: as written, or as `read` finds it. */
  values(read: (parameter: ProgramParameter) => NdArray | undefined): Map<string, NdArray> {
    const values = new Map<string, NdArray>();
    for (const [name, { parameter }] of this.feeds) {
      const fresh = this.pending.get(name);
      const value = fresh ?? (this.written.has(name) ? read(parameter) : undefined);
      if (value !== undefined) values.set(name, { ...value, data: value.data.slice() });
    }
    return values;
  }
}

/** Results of a program by name, as they were asked for. */
export function resultsNamed({ results }: Program, names: readonly string[]): ProgramResult[] {
  return names.map((name) => {
    const result = results.find((r) => r.name === name);
    return known(result, `result ${name}`);
  });
}
