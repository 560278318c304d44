/**
 * Identifiers by number: names of a spec may hold any character, so that none of them comes into
 * the text. Locals are a, b, … z, aa, ab, …, what a function is given A, B, …; functions have a
 * number in their name.
 */
import { numbered, smallLetters } from '../../kernel/short-text.ts';

/** Words of small letters that no variable of a module may be called, and functions of `Math`. */
const taken: ReadonlySet<string> = new Set(
  `abs arguments as async await break case catch class const continue debugger default delete do
  else enum eval export extends false finally floor for function get if implements import in
  instanceof interface let max min new null of package private protected public return set sqrt
  static super switch this throw true try typeof var void while with yield`.split(/\s+/),
);

/** Locals of one function. */
export class LocalNames {
  private readonly known = new Map<string, string>();
  private count = 0;

  /** That of a local, made when it is first asked for. */
  of(name: string): string {
    const found = this.known.get(name) ?? this.fresh();
    this.known.set(name, found);
    return found;
  }

  /** One that nothing has that can be seen here. */
  fresh(): string {
    const name = numbered(this.count++, smallLetters);
    return taken.has(name) ? this.fresh() : name;
  }

  /** What is made while `print` runs serves others afterwards. */
  inBlock<T>(print: () => T): T {
    const { count } = this;
    const printed = print();
    this.count = count;
    return printed;
  }
}

/** What a function is given: A, B, …, but for the names of the module. */
export function parameterNames(): () => string {
  let count = 0;
  return () => numbered(count++, capitals);
}

/** Without those that stand for something in every module. */
const capitals = 'ABCDEGHJKLNOPSUXYZ';
