/**
 * Text to tokens. In: a fragment. Out: its tokens in order and its comments; whatever is no word
 * of the language is reported (L1xxx) and left out. Never throws, whatever the text.
 */
import { Lexer } from 'chevrotain';
import type { ILexingError, IToken } from 'chevrotain';
import type { Comment } from '../ast/types.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Fragment } from './fragment.ts';
import { lexed, OpenText } from './tokens.ts';

export const MAX_TOKENS = 100_000;

export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly Comment[];
  /** Offsets of what was left out. */
  readonly unknown: readonly number[];
}

/** Undefined when there are too many tokens (L1006). */
export function lex(fragment: Fragment, diagnostics: Diagnostics): Lexed | undefined {
  const { tokens, errors, groups } = lexer().tokenize(fragment.text);
  if (tokens.length > MAX_TOKENS) {
    diagnostics.error(
      'L1006',
      `the spec has ${String(tokens.length)} words and signs; at most ${String(MAX_TOKENS)} are read`,
      fragment.span(0, 0),
      { hint: 'split the spec and join the parts with import' },
    );
    return undefined;
  }
  for (const error of errors.slice(0, MAX_REPORTS)) reportUnknown(error, fragment, diagnostics);
  for (const token of tokens)
    if (token.tokenType === OpenText) reportOpen(token, fragment, diagnostics);
  const comments = (groups['comments'] ?? []).map((token) => comment(token, fragment));
  return { tokens, comments, unknown: errors.map((error) => error.offset) };
}

/** Just past the last character; Chevrotain's own end is inclusive. */
export function endOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset - 1) + 1;
}

/** More are not worth listing; see P2012. */
const MAX_REPORTS = 60;

let instance: Lexer | undefined;

/** Built on first use: a command that parses nothing pays nothing. */
function lexer(): Lexer {
  instance ??= new Lexer(lexed, {
    positionTracking: 'full',
    skipValidations: true,
    ensureOptimizations: false,
  });
  return instance;
}

function reportUnknown(error: ILexingError, fragment: Fragment, diagnostics: Diagnostics): void {
  const text = fragment.text.slice(error.offset, error.offset + error.length).trimEnd();
  const shown = text.length > 12 ? `${text.slice(0, 12)}…` : text;
  const first = text[0] ?? '';
  diagnostics.error(
    'L1001',
    `\`${shown}\` is no part of the language`,
    fragment.span(error.offset, error.offset + Math.max(1, text.length)),
    { hint: hints.find(([signs]) => signs.includes(first))?.[1] },
  );
}

const hints: readonly (readonly [string, string])[] = [
  [`'“”‘’\``, 'text is written between straight double quotes, "like this"'],
  [';', 'statements need nothing between them: leave it out'],
  ['²³¹⁴⁵', 'a power is written with ^, as in x^2'],
  ['×·⋅∗', 'a product is written with *'],
  ['÷', 'a quotient is written with /'],
  ['≤≥≠', 'comparisons are written <=, >= and !='],
  ['&|!', 'conditions are single comparisons; nest one `if` in another'],
  ['%', 'write a share as a number, as in 0.2'],
];

function reportOpen(token: IToken, fragment: Fragment, diagnostics: Diagnostics): void {
  diagnostics.error(
    'L1002',
    'a text is not closed on its line',
    { span: fragment.span(token.startOffset, endOf(token)), text: 'begins here' },
    { hint: 'end it with "' },
  );
}

function comment(token: IToken, fragment: Fragment): Comment {
  const lineStart = fragment.text.lastIndexOf('\n', token.startOffset) + 1;
  return {
    text: token.image.slice(1).trim(),
    trailing: fragment.text.slice(lineStart, token.startOffset).trim() !== '',
    span: fragment.span(token.startOffset, endOf(token)),
  };
}
