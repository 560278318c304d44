/** The words of the text form of kernels, one after another, with white space skipped. */
import { CompilerBug } from '../base/bug.ts';
import { infixNamed, type Infix } from './operators.ts';
import { isWord, plainName } from './names.ts';

const number = /-?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|inf(?![\p{L}\p{M}\p{N}_.'~@]))/uy;
const infix = /\|\||&&|<<|>>|<=|==|!=|[<|^&+\-*%]|\/(?!\/)/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const space = /\s*/y;
const comment = /\/\/ (?:("(?:[^"\\]|\\.)*")|([^\r\n\u2028\u2029]*))/y;

export class Tokens {
  private readonly source: string;
  /** Just past the last word. */
  private position = 0;
  /** Where it begins. */
  private start = 0;

  constructor(source: string) {
    this.source = source;
  }

  get atEnd(): boolean {
    return this.next() === this.source.length;
  }

  /** Whether this mark comes next; for words there is `atWord`. */
  at(mark: string): boolean {
    return this.source.startsWith(mark, this.next());
  }

  accept(mark: string): boolean {
    if (!this.at(mark)) return false;
    this.start = this.next();
    this.position = this.start + mark.length;
    return true;
  }

  expect(mark: string): void {
    if (!this.accept(mark)) throw this.unexpected(mark);
  }

  atWord(word: string): boolean {
    return this.match(plainName, false) === word;
  }

  acceptWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.match(plainName, true);
    return true;
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.unexpected(word);
  }

  /** Whatever bare word comes next, a word of the form or a name. */
  word(what: string): string {
    const found = this.match(plainName, true);
    if (found === undefined) throw this.unexpected(what);
    return found;
  }

  /** The next word if it is one of the form, which stands where a name could. */
  peekWord(): string | undefined {
    const found = this.match(plainName, false);
    return found !== undefined && isWord(found) ? found : undefined;
  }

  /** A quoted name, or a bare one that is no word of the form. */
  name(what = 'a name'): string {
    const found = this.peekWord() === undefined ? this.match(plainName, true) : undefined;
    return found ?? this.string(what);
  }

  string(what = 'a string'): string {
    const found = this.match(string, true);
    if (found === undefined) throw this.unexpected(what);
    return String(JSON.parse(found));
  }

  /** The digits of a number as they stand, its sign before them. */
  digits(): string | undefined {
    return this.match(number, true);
  }

  whole(what: string): number {
    const found = Number(this.digits());
    if (!Number.isSafeInteger(found)) throw this.unexpected(what);
    return found;
  }

  /** An op between two operands, if one comes next that binds at least so tightly. */
  infix(level: number): Infix | undefined {
    const found = infixNamed(this.match(infix, false) ?? '');
    if (found === undefined || found.level < level) return undefined;
    this.match(infix, true);
    return found;
  }

  /** The text of a comment, if one comes next. */
  comment(): string | undefined {
    comment.lastIndex = this.next();
    const found = comment.exec(this.source);
    if (found === null) return undefined;
    this.position = comment.lastIndex;
    const [, quoted, plain = ''] = found;
    return quoted === undefined ? plain : String(JSON.parse(quoted));
  }

  list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(',');
      items.push(item());
    }
    return items;
  }

  /** Something else than what comes next was to come. */
  unexpected(wanted: string): CompilerBug {
    const at = this.next();
    return this.bug(at, `expected ${wanted}, found ${this.source.slice(at, at + 20)}`);
  }

  /** There is something wrong with what was just read. */
  wrong(message: string): CompilerBug {
    return this.bug(this.start, message);
  }

  private bug(at: number, message: string): CompilerBug {
    const line = this.source.slice(0, at).split('\n').length;
    return new CompilerBug('read', `line ${line}: ${message}`);
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
    if (take) [this.start, this.position] = [found.index, form.lastIndex];
    return found[0];
  }
}
