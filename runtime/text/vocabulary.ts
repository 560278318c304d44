/**
 * Tokens and their ids. Id 0 is `<UNK>`, 1 is `<EOS>`; then by falling count, equal counts by code
 * point order, so that the same text always gives the same ids. Saved with the model as JSON.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { joinTokens, tokenize, type TokenKind } from './tokenize.ts';

export const unknownId = 0;
export const endId = 1;
const unknownToken = '<UNK>';
const endToken = '<EOS>';

export interface VocabularyOptions {
  readonly kind: TokenKind;
  /** Lower-cases text before it is split; false if left out. */
  readonly lowerCase?: boolean;
  /** Tokens seen less often become `<UNK>`; 1 if left out. */
  readonly minCount?: number;
  /** Most ids in all, `<UNK>` and `<EOS>` included; no limit if left out. */
  readonly maxSize?: number;
}

/** What `toJSON` yields: plain data. `counts` go with `tokens`, 0 for the two special ones. */
export interface VocabularyData {
  readonly kind: TokenKind;
  readonly lowerCase: boolean;
  readonly tokens: readonly string[];
  readonly counts: readonly number[];
}

export class Vocabulary {
  readonly kind: TokenKind;
  readonly lowerCase: boolean;
  /** Token of each id. */
  readonly tokens: readonly string[];
  /** How often each was seen in the text that the vocabulary was built from. */
  readonly counts: readonly number[];
  private readonly ids: ReadonlyMap<string, number>;

  private constructor(data: VocabularyData) {
    this.kind = data.kind;
    this.lowerCase = data.lowerCase;
    this.tokens = data.tokens;
    this.counts = data.counts;
    this.ids = new Map(data.tokens.map((token, id) => [token, id]));
  }

  /** Counts the tokens of training texts (lines, sentences). */
  static build(texts: Iterable<string>, options: VocabularyOptions): Vocabulary {
    const split = splitter(options.kind, options.lowerCase ?? false);
    return Vocabulary.fromTokens(mapped(texts, split), options);
  }

  /** The same from text that is split already, such as a tagged file's columns. */
  static fromTokens(
    sequences: Iterable<readonly string[]>,
    options: VocabularyOptions,
  ): Vocabulary {
    const lowerCase = options.lowerCase ?? false;
    const counts = new Map<string, number>();
    for (const tokens of sequences) {
      for (const raw of tokens) {
        const token = lowerCase ? lower(raw) : raw;
        if (token === unknownToken || token === endToken) continue;
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
    }
    const kept = [...counts]
      .filter(([, count]) => count >= (options.minCount ?? 1))
      .sort(([a, countA], [b, countB]) => countB - countA || compareCodePoints(a, b))
      .slice(0, Math.max(0, (options.maxSize ?? Infinity) - 2));
    return new Vocabulary({
      kind: options.kind,
      lowerCase,
      tokens: [unknownToken, endToken, ...kept.map(([token]) => token)],
      counts: [0, 0, ...kept.map(([, count]) => count)],
    });
  }

  /** Faults: R7204, where the value is not what `toJSON` yields. `file` names it. */
  static fromJSON(value: unknown, file: string): Vocabulary {
    return new Vocabulary(checkData(value, file));
  }

  get size(): number {
    return this.tokens.length;
  }

  /** Ids of the text's tokens; unseen ones are 0. No `<EOS>` is added. */
  encode(text: string): Int32Array {
    return this.encodeTokens(splitter(this.kind, this.lowerCase)(text));
  }

  /** Ids of text that is split already. */
  encodeTokens(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => this.id(token));
  }

  id(token: string): number {
    return this.ids.get(this.lowerCase ? lower(token) : token) ?? unknownId;
  }

  /** Faults: R7206 for an id that the vocabulary does not have. */
  token(id: number): string {
    const token = this.tokens[id];
    if (token === undefined) {
      throw new RuntimeFault('R7206', `the id ${id} is outside the vocabulary of ${this.size}`);
    }
    return token;
  }

  /** Text of the ids up to the first `<EOS>`. */
  decode(ids: Iterable<number>): string {
    const tokens: string[] = [];
    for (const id of ids) {
      if (id === endId) break;
      tokens.push(this.token(id));
    }
    return joinTokens(tokens, this.kind);
  }

  toJSON(): VocabularyData {
    const { kind, lowerCase, tokens, counts } = this;
    return { kind, lowerCase, tokens, counts };
  }
}

function splitter(kind: TokenKind, lowerCase: boolean): (text: string) => string[] {
  return (text) => tokenize(lowerCase ? lowerText(text) : text, kind);
}

function* mapped<A, B>(items: Iterable<A>, map: (item: A) => B): Iterable<B> {
  for (const item of items) yield map(item);
}

/** Leaves the two special tokens as they are. */
function lower(token: string): string {
  return token === unknownToken || token === endToken ? token : token.toLowerCase();
}

function lowerText(text: string): string {
  return text
    .split(/(<UNK>|<EOS>)/)
    .map(lower)
    .join('');
}

/** Order by code points, unlike `<`, which compares UTF-16 units. */
function compareCodePoints(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function checkData(value: unknown, file: string): VocabularyData {
  const fault = (what: string): RuntimeFault =>
    new RuntimeFault('R7204', `${file}: not a vocabulary: ${what}`);
  if (typeof value !== 'object' || value === null) throw fault('it is no object');
  const kind = 'kind' in value ? value.kind : undefined;
  const lowerCase = 'lowerCase' in value ? value.lowerCase : undefined;
  const tokens: unknown = 'tokens' in value ? value.tokens : undefined;
  const counts: unknown = 'counts' in value ? value.counts : undefined;
  if (kind !== 'characters' && kind !== 'words') {
    throw fault('its kind is neither characters nor words');
  }
  if (typeof lowerCase !== 'boolean') throw fault('lowerCase is neither true nor false');
  if (!isListOf(tokens, (t) => typeof t === 'string'))
    throw fault('its tokens are no list of text');
  if (tokens[unknownId] !== unknownToken || tokens[endId] !== endToken) {
    throw fault('its first tokens are not <UNK> and <EOS>');
  }
  const seen = new Set<string>();
  for (const token of tokens) {
    if (seen.has(token)) throw fault(`the token ${JSON.stringify(token)} stands twice`);
    seen.add(token);
  }
  if (!isListOf(counts, (n): n is number => Number.isSafeInteger(n))) {
    throw fault('its counts are no list of whole numbers');
  }
  if (counts.length !== tokens.length) {
    throw fault(`it has ${tokens.length} tokens and ${counts.length} counts`);
  }
  return { kind, lowerCase, tokens, counts };
}

function isListOf<T>(value: unknown, test: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(test);
}
