/**
 * Whether a program is quicker on one thread or on all of them, found out by trying: a barrier
 * costs some microseconds, which is more than a small program has to do between two of them. The
 * bits are the same either way, so that nobody can tell but by the time.
 */

/** Runs of each kind that are timed; before them some that nobody counts, while engines compile. */
const tries = 6;
const warmUps = 2;
/** Milliseconds from which on a run is worth sharing without a trial. */
const longRun = 20;
/** How much quicker all threads must be, so that a second core is not kept busy for nothing. */
const worthwhile = 0.9;

export class Pace {
  private runs = 0;
  private alone = Infinity;
  private shared = Infinity;
  private settled: boolean | undefined;

  /** Whether it is known by now that one thread is better. */
  get staysAlone(): boolean {
    return this.settled === false;
  }

  /** Runs the next call in one way or the other; `run` is told whether all threads take part. */
  time(run: (shared: boolean) => void): void {
    if (this.settled !== undefined) {
      run(this.settled);
      return;
    }
    const shared = this.runs % 2 === 0;
    const start = performance.now();
    run(shared);
    this.note(shared, performance.now() - start);
  }

  private note(shared: boolean, milliseconds: number): void {
    this.runs++;
    if (milliseconds > longRun) this.settled = true;
    if (this.runs <= 2 * warmUps) return;
    if (shared) this.shared = Math.min(this.shared, milliseconds);
    else this.alone = Math.min(this.alone, milliseconds);
    if (this.runs >= 2 * (warmUps + tries)) this.settled = this.shared < worthwhile * this.alone;
  }
}
