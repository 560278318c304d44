/** What a check of the verifier found; whoever began the check adds whose it is and its text. */
import { CompilerBug } from '../base/bug.ts';

export class Breach extends Error {
  override readonly name = 'Breach';
}

/** Turns what `check` finds into a CompilerBug that says what it is about and carries its text. */
export function guard(what: string, check: () => void, dump: () => string): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Breach)) throw error;
    throw new CompilerBug('verify', `${what}: ${error.message}`, dump());
  }
}

/** The first that is there twice. */
export function findDouble(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i);
}
