/** The words of the graph's text form, one after another, with spaces and comments skipped. */
import { CompilerBug } from '../base/bug.ts';
import { plainName } from './print.ts';

const id = /%(\d+)/y;
const number = /-?(?:Infinity|NaN|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const space = /(?:\s|#[^\n]*)*/y;
const comment = /[ \t]*#[ \t]*([^\n]*)/y;

export class Tokens {
  private readonly source: string;
  /** Just past the last word. */
  private position = 0;

  constructor(source: string) {
    this.source = source;
  }

  get atEnd(): boolean {
    return this.next() === this.source.length;
  }

  get atId(): boolean {
    return this.source.startsWith('%', this.next());
  }

  get atNumber(): boolean {
    return this.match(number, false) !== undefined;
  }

  /** Whether these very characters come next. */
  peek(word: string): boolean {
    return this.source.startsWith(word, this.next());
  }

  accept(word: string): boolean {
    if (!this.peek(word)) return false;
    this.position = this.next() + word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.unexpected(word);
  }

  /** The number of a value, `%7`. */
  id(): number {
    const found = this.match(id, true);
    if (found === undefined) throw this.unexpected('a value');
    return Number(found.slice(1));
  }

  /** A bare name or a quoted one. */
  name(): string {
    const found = this.match(plainName, true) ?? this.text();
    if (found === undefined) throw this.unexpected('a name');
    return found;
  }

  number(): number {
    const found = this.match(number, true);
    if (found === undefined) throw this.unexpected('a number');
    return Number(found);
  }

  /** A quoted string, if one comes next. */
  text(): string | undefined {
    const found = this.match(string, true);
    return found === undefined ? undefined : String(JSON.parse(found));
  }

  /** The comment on the rest of this line, if there is one. */
  comment(): string | undefined {
    comment.lastIndex = this.position;
    const found = comment.exec(this.source);
    if (found === null) return undefined;
    this.position = comment.lastIndex;
    return found[1]?.trimEnd();
  }

  unexpected(wanted: string): CompilerBug {
    const at = this.next();
    const line = this.source.slice(0, at).split('\n').length;
    const found = this.source.slice(at, at + 20);
    return new CompilerBug('read', `line ${line}: expected ${wanted}, found ${found}`);
  }

  private next(): number {
    space.lastIndex = this.position;
    space.exec(this.source);
    return space.lastIndex;
  }

  private match(form: RegExp, take: boolean): string | undefined {
    form.lastIndex = this.next();
    const found = form.exec(this.source);
    if (found === null) return undefined;
    if (take) this.position = form.lastIndex;
    return found[0];
  }
}
