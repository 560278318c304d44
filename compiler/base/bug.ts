/**
 * A broken invariant of the compiler itself, never a fault in the user's spec (those are
 * diagnostics). Carries what a maintainer needs: the pass, and the IR as text where there is one.
 */
export class CompilerBug extends Error {
  override readonly name = 'CompilerBug';
  readonly pass: string;
  readonly dump: string | undefined;

  constructor(pass: string, message: string, dump?: string) {
    super(`${pass}: ${message}`);
    this.pass = pass;
    this.dump = dump;
  }
}

/** Narrows away `undefined` where an invariant guarantees a value. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new CompilerBug('invariant', `missing ${what}`);
  return value;
}
