/**
 * What the parser says when it is stuck, in the user's words. Chevrotain asks for a message where
 * a fault is found and keeps it as text, so code, message, hint and place travel in one string
 * (`encode`, `decode`). `reportFaults` turns the faults into diagnostics.
 */
import { EOF } from 'chevrotain';
import type {
  IParserErrorMessageProvider,
  IRecognitionException,
  IToken,
  TokenType,
} from 'chevrotain';
import type { Span } from '../base/source.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { statementWords } from './arrange.ts';
import type { Fragment } from './fragment.ts';
import { endOf } from './lexer.ts';
import * as words from './tokens.ts';

/** `tokens` are those that were parsed, `unknown` the offsets of signs left out before. */
export function reportFaults(
  faults: readonly IRecognitionException[],
  tokens: readonly IToken[],
  unknown: readonly number[],
  fragment: Fragment,
  diagnostics: Diagnostics,
): void {
  for (const fault of faults) {
    const before = tokenBefore(fault.token, tokens);
    // Where a sign was left out, something is missing; that has been said.
    const end = before === undefined ? 0 : endOf(before);
    const next = isVirtual(fault.token) ? Infinity : endOf(fault.token);
    if (unknown.some((offset) => offset >= end && offset <= next)) continue;
    const said = decode(fault.message);
    const span = place(said, fault.token, before, fragment);
    diagnostics.error(said.code, said.message, span, { hint: said.hint });
  }
}

export const faultMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage({ expected, actual, previous, ruleName }) {
    return encode(mismatch(expected, actual, previous, ruleName));
  },
  buildNotAllInputParsedMessage({ firstRedundant }) {
    return encode(unexpected(firstRedundant));
  },
  buildNoViableAltMessage({ actual, previous, ruleName }) {
    const found = actual[0] ?? previous;
    if (ruleName === 'operand') return encode(noOperand(found, previous));
    if (ruleName === 'type') {
      return encode(
        gap(
          'P2005',
          'a type is missing',
          'write for example words(10_000)[T], class(5) or float[T, 3]',
        ),
      );
    }
    return encode(unexpected(found));
  },
  buildEarlyExitMessage({ actual, previous }) {
    return encode(unexpected(actual[0] ?? previous));
  },
};

function place(said: Said, found: IToken, before: IToken | undefined, fragment: Fragment): Span {
  if (said.place === 'before' && before !== undefined) {
    return fragment.span(before.startOffset, endOf(before));
  }
  if (said.place === 'found' && !isVirtual(found)) {
    return fragment.span(found.startOffset, endOf(found));
  }
  const end = before === undefined ? 0 : endOf(before);
  return fragment.span(end, end);
}

/** The last one with a text; the library's own answer is wrong once it has skipped tokens. */
function tokenBefore(found: IToken, tokens: readonly IToken[]): IToken | undefined {
  const at = found.tokenType === EOF ? tokens.length : tokens.indexOf(found);
  for (let i = at - 1; i >= 0; i--) if (tokens[i]?.image !== '') return tokens[i];
  return undefined;
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What is marked: the end of the token before, that token, or the token found. */
  readonly place: 'gap' | 'before' | 'found';
}

function mismatch(expected: TokenType, actual: IToken, previous: IToken, rule: string): Said {
  const name = previous.image;
  const after = name === '' ? '' : ` after \`${short(name)}\``;
  if (rule === 'equation' && actual.tokenType === words.Name && previous.tokenType === words.Name) {
    const close = nearest(name, [...statementWords.keys()]);
    const hint =
      close === undefined
        ? 'a statement begins with a word such as input, output or state, or is `name = …`'
        : `did you mean \`${close}\`?`;
    return { code: 'P2008', message: `\`${name}\` begins no statement`, hint, place: 'before' };
  }
  if (expected === words.Equals && ends(actual)) {
    return gap(
      'P2005',
      `\`${name}\` stands alone`,
      'a statement gives a name its value: `name = …`',
    );
  }
  const what = descriptions.get(expected);
  if (what === undefined || closers.has(expected)) return unexpected(actual);
  return gap('P2005', `${what} is missing${after}`, hints.get(expected));
}

function noOperand(found: IToken, previous: IToken): Said {
  const after = previous.image === '' ? '' : ` after \`${short(previous.image)}\``;
  const wanted = `a value is missing${after}`;
  if (ends(found) || found.tokenType === words.Comma) return gap('P2004', wanted);
  if (found.tokenType.CATEGORIES?.includes(words.Operator) === true) return gap('P2004', wanted);
  return unexpected(found);
}

function unexpected(found: IToken): Said {
  if (isVirtual(found)) return gap('P2001', 'the statement ends too early');
  const what = found.tokenType === words.Name || found.tokenType === words.NumberText;
  return {
    code: 'P2001',
    message: `\`${short(found.image)}\` can't stand here`,
    hint: what ? 'an operator, a comma or a new line may be missing before it' : undefined,
    place: 'found',
  };
}

function gap(code: string, message: string, hint?: string): Said {
  return { code, message, hint, place: 'gap' };
}

const closers: ReadonlySet<TokenType> = new Set([
  ...[words.RightParen, words.RightBracket, words.RightBrace],
]);

const descriptions = new Map<TokenType, string>([
  [words.Name, 'a name'],
  [words.Equals, '`=`'],
  [words.Colon, '`:`'],
  [words.LeftBrace, '`{`'],
  [words.LeftParen, '`(`'],
  [words.From, '`from`'],
  [words.Text, 'a path in quotes'],
]);

const hints = new Map<TokenType, string>([
  [words.LeftBrace, 'a block stands in braces: { … }'],
  [words.Text, 'write for example import "./cells.gate"'],
]);

/** The statement, the block or the brackets end here. */
function ends(token: IToken): boolean {
  return isVirtual(token) || closers.has(token.tokenType);
}

function isVirtual(token: IToken): boolean {
  return token.tokenType === EOF || token.image === '';
}

function short(image: string): string {
  return image.length > 24 ? `${image.slice(0, 24)}…` : image;
}

function encode(said: Said): string {
  return JSON.stringify(said);
}

/** Messages come from `encode` alone, but they pass through a library as plain text. */
function decode(message: string): Said {
  const said: unknown = JSON.parse(message);
  if (typeof said === 'object' && said !== null && 'code' in said && 'message' in said) {
    return said as Said;
  }
  return { code: 'P2001', message, place: 'found' };
}
