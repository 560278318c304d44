/**
 * How long each kernel takes, in nanoseconds, added up over dispatches and runs. The module calls
 * `mark` after each dispatch; what has passed since the last call is that dispatch's.
 */
import type { Program } from '../artifact/program.ts';
import { known } from '../session/known.ts';

export class Profile {
  /** By the kernel's name. */
  readonly nanoseconds = new Map<string, number>();
  private readonly program: Program;
  private since = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** A run begins. */
  start(): void {
    this.since = performance.now();
  }

  /** A dispatch of this kernel has ended. */
  mark(kernel: number): void {
    const now = performance.now();
    const { name } = known(this.program.kernels[kernel], `kernel ${kernel}`);
    const before = this.nanoseconds.get(name) ?? 0;
    this.nanoseconds.set(name, before + 1e6 * (now - this.since));
    this.since = performance.now();
  }
}
