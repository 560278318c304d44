/** What a long run has found so far, in numbers and in words. */
import { version } from 'node:process';
import type { Attempt } from './types.ts';
import type { Word } from './worker.ts';

/** The file that `--out` writes; record.json holds several. */
export interface RunDocument {
  readonly seed: number;
  readonly from: number;
  readonly programs: number;
  readonly node: string;
  readonly adapters: readonly string[];
  readonly seconds: number;
  /** By statement: how often it was tried, and the largest error as a multiple of the allowed. */
  readonly statements: Readonly<Record<string, Tried>>;
  readonly failures: readonly FoundFailure[];
}

export interface Tried {
  readonly times: number;
  readonly worst: number;
}

export interface FoundFailure {
  readonly index: number;
  readonly name: string;
  readonly wrong: string;
}

export class LongRun {
  readonly failures: FoundFailure[] = [];
  stopped = false;
  private readonly seed: number;
  private readonly from: number;
  private readonly adapters = new Set<string>();
  private readonly statements = new Map<string, Tried>();
  private readonly began = performance.now();
  private programs = 0;

  constructor(seed: number, from: number) {
    this.seed = seed;
    this.from = from;
  }

  take(word: Word): void {
    if (word.kind === 'adapter') this.adapters.add(word.description);
    if (word.kind !== 'end') return;
    this.programs++;
    for (const attempt of word.attempts) this.count(word.index, attempt);
  }

  /** A program that took the process with it. */
  lose(index: number, wrong: string): void {
    this.programs++;
    this.fall({ index, name: 'no crash and no hang', wrong });
  }

  progress(): string {
    const seconds = (performance.now() - this.began) / 1000;
    const rate = (this.programs / seconds).toFixed(1);
    const fell = this.failures.length === 0 ? 'none fell' : `${this.failures.length} fell`;
    return `\r${this.programs} programs, ${rate} a second, ${fell} `;
  }

  told(): string {
    const lines = [...this.statements].sort().map(([name, { times, worst }]) => {
      return `${String(times).padStart(7)}  ${(100 * worst).toPrecision(2).padStart(7)} %  ${name}`;
    });
    const { programs, failures } = this;
    return `${lines.join('\n')}\n${programs} programs of seed ${this.seed}, ${failures.length} failures\n`;
  }

  document(): RunDocument {
    return {
      seed: this.seed,
      from: this.from,
      programs: this.programs,
      node: version,
      adapters: [...this.adapters],
      seconds: Math.round((performance.now() - this.began) / 1000),
      statements: Object.fromEntries([...this.statements].sort()),
      failures: this.failures,
    };
  }

  private count(index: number, { name, worst = 0, wrong }: Attempt): void {
    const { times, worst: before } = this.statements.get(name) ?? { times: 0, worst: 0 };
    const largest = wrong.length > 0 ? before : Math.max(before, worst);
    this.statements.set(name, { times: times + 1, worst: largest });
    if (wrong.length > 0) this.fall({ index, name, wrong: wrong.join('; ').slice(0, 2000) });
  }

  private fall(failure: FoundFailure): void {
    this.failures.push(failure);
    const { index, name, wrong } = failure;
    process.stderr.write(`\nprogram ${index}: ${name}: ${wrong.slice(0, 600)}\n`);
  }
}
