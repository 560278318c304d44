/**
 * Second look at the tokens. In: tokens in the order of the text. Out: the same tokens with
 * keywords told from names by their place, the `[` of a product told from that of a list, and a
 * zero-wide Break wherever a statement or definition begins. Statements thus need no separators,
 * a word such as `state` stays usable as a name, and a mistake never reaches past the next Break.
 */
import { createTokenInstance } from 'chevrotain';
import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import type { Fragment } from './fragment.ts';
import { endOf } from './lexer.ts';
import * as words from './tokens.ts';

/** What a text holds: whole statements and definitions, or one expression (no keywords at all). */
export type Holds = 'statements' | 'expression';

export function arrange(
  tokens: readonly IToken[],
  holds: Holds,
  fragment: Fragment,
  diagnostics: Diagnostics,
): IToken[] {
  const out: IToken[] = [];
  const place: Place = { importing: false };
  tokens.forEach((token, i) => {
    const before = out[out.length - 1];
    const after = { next: tokens[i + 1], second: tokens[i + 2] };
    if (token.tokenType === words.Comma && isCloser(after.next)) return;
    attach(token, tokens[i - 1]);
    branchWord(token);
    if (holds === 'statements') {
      if (token.tokenType === words.Equals && before !== undefined && takesNoEquals(before)) {
        reportEquals(before, token, fragment, diagnostics);
        return;
      }
      mendWord(token, before, after, fragment, diagnostics);
      const keyword = keywordAt(token, before, after, place);
      if (keyword !== undefined) become(token, keyword);
      if (beginsStatement(token, before, after, place))
        out.push(virtual(words.Break, token.startOffset));
      if (keyword === words.ImportWord) place.importing = true;
      else if (token.tokenType === words.Text || keyword !== undefined) {
        if (keyword !== words.From) place.importing = false;
      }
    }
    out.push(token);
  });
  return out;
}

/** A token that stands for missing text; it covers nothing. */
export function virtual(type: TokenType, offset: number): IToken {
  return createTokenInstance(type, '', offset, offset - 1, 0, 0, 0, 0);
}

/** The words that open a statement; as names they are taken back by their place. */
export const statementWords = new Map<string, TokenType>([
  ['model', words.Define],
  ['cell', words.Define],
  ['layer', words.Define],
  ['optimizer', words.Define],
  ['schedule', words.Define],
  ['import', words.ImportWord],
  ['input', words.Declare],
  ['state', words.Declare],
  ['weight', words.Declare],
  ['output', words.Output],
  ['loss', words.Loss],
  ['train', words.Train],
  ['emit', words.EmitWord],
  ['layout', words.Layout],
]);

/** These can't be the target of an equation, since `loss = …` would be read as a loss. */
export const reservedTargets: ReadonlySet<string> = new Set([
  'loss',
  'train',
  'emit',
  'if',
  'else',
]);

interface Place {
  /** Between `import` and its path: braces there hold names, and `from` is a keyword. */
  importing: boolean;
}

interface After {
  readonly next: IToken | undefined;
  readonly second: IToken | undefined;
}

/** `loss = …`: the word has become a keyword, since it can't be a target. */
function takesNoEquals(before: IToken): boolean {
  return [words.Loss, words.Train, words.EmitWord].includes(before.tokenType);
}

function reportEquals(
  word: IToken,
  equals: IToken,
  fragment: Fragment,
  diagnostics: Diagnostics,
): void {
  diagnostics.error(
    'P2015',
    `\`${word.image}\` is a word of the language and can't be the name of a value`,
    fragment.span(word.startOffset, endOf(equals)),
    { hint: `leave out the \`=\` (\`${word.image} …\`), or choose another name` },
  );
}

/** `inptu x: [T]` is reported once and then read as `input x: [T]`. */
function mendWord(
  token: IToken,
  before: IToken | undefined,
  after: After,
  fragment: Fragment,
  diagnostics: Diagnostics,
): void {
  const { next, second } = after;
  if (token.tokenType !== words.Name || next?.tokenType !== words.Name) return;
  if (!sameLine(token, next) || statementWords.has(token.image)) return;
  if (
    before !== undefined &&
    (sameLine(before, token) ? !isEdge(before) : !isEdge(before) && !endsOperand(before))
  )
    return;
  const meant = nearest(token.image, [...statementWords.keys()]);
  const type = meant === undefined ? undefined : statementWords.get(meant);
  if (meant === undefined || type === undefined || type === words.ImportWord) return;
  const block = second?.tokenType === words.LeftParen || second?.tokenType === words.LeftBrace;
  if (type === words.Define && !block) return;
  diagnostics.error(
    'P2008',
    `\`${token.image}\` begins no statement`,
    fragment.span(token.startOffset, endOf(token)),
    { hint: `did you mean \`${meant}\`?` },
  );
  token.image = meant;
}

function become(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

function attach(token: IToken, before: IToken | undefined): void {
  if (token.tokenType !== words.LeftBracket || before?.tokenType !== words.Name) return;
  if (endOf(before) === token.startOffset) become(token, words.ProductOpen);
}

function keywordAt(
  token: IToken,
  before: IToken | undefined,
  after: After,
  place: Place,
): TokenType | undefined {
  if (token.tokenType !== words.Name) return undefined;
  if (place.importing && token.image === 'from' && !listsName(before)) return words.From;
  const type = statementWords.get(token.image);
  if (type === undefined || before === undefined || isEdge(before) || endsOperand(before)) {
    return type !== undefined && opens(type, token, after) ? type : undefined;
  }
  if (declares(before)) return undefined;
  // An operand is wanted here, so the word is a name, unless what follows can't follow a name.
  const { next } = after;
  if (place.importing || next === undefined) return undefined;
  const juxtaposed = next.tokenType === words.Name && sameLine(token, next);
  const target = reservedTargets.has(token.image) && assigns(after) && !listsName(before);
  return juxtaposed || target ? type : undefined;
}

/** These two are never names, so that what one surface can say the others can say too. */
function branchWord(token: IToken): void {
  if (token.image === 'if') become(token, words.If);
  if (token.image === 'else') become(token, words.Else);
}

/** Whether a statement word at the beginning of a statement opens it or is its target. */
function opens(type: TokenType, token: IToken, after: After): boolean {
  const next = after.next?.tokenType;
  if (type === words.ImportWord) {
    return next === words.Text || next === words.OpenText || next === words.LeftBrace;
  }
  if (type === words.Define || type === words.Layout) {
    return next === words.Name || next === words.LeftBrace;
  }
  return reservedTargets.has(token.image) || !assigns(after);
}

function beginsStatement(
  token: IToken,
  before: IToken | undefined,
  after: After,
  place: Place,
): boolean {
  const type = token.tokenType;
  if (openers.has(type)) return true;
  if (type === words.If) return before?.tokenType !== words.Else;
  if (type !== words.Name || place.importing || (before !== undefined && declares(before)))
    return false;
  if (before === undefined || isEdge(before)) return true;
  const newLine = !sameLine(before, token);
  if (endsOperand(before)) return newLine || assigns(after);
  // After an operator only a new line with `NAME =` can be the next statement.
  return newLine && assigns(after) && !listsName(before);
}

const openers: ReadonlySet<TokenType> = new Set([...statementWords.values()]);

/** `= …` or `<t> = …` comes next. */
function assigns(after: After): boolean {
  return (
    after.next?.tokenType === words.Equals ||
    (after.next?.tokenType === words.TimeIndex && after.second?.tokenType === words.Equals)
  );
}

function declares(token: IToken): boolean {
  return [words.Define, words.Declare, words.Output, words.Layout, words.Train].includes(
    token.tokenType,
  );
}

function isEdge(token: IToken): boolean {
  return token.tokenType === words.LeftBrace || token.tokenType === words.RightBrace;
}

function endsOperand(token: IToken): boolean {
  return operandEnds.has(token.tokenType);
}

const operandEnds: ReadonlySet<TokenType> = new Set([
  ...[words.Name, words.NumberText, words.Text, words.OpenText, words.TimeIndex],
  ...[words.RightParen, words.RightBracket],
]);

/** After these a `NAME =` is an argument or a parameter. */
function listsName(token: IToken | undefined): boolean {
  const type = token?.tokenType;
  return type === words.LeftParen || type === words.Comma || type === words.LeftBrace;
}

function isCloser(token: IToken | undefined): boolean {
  const type = token?.tokenType;
  return type === words.RightParen || type === words.RightBracket;
}

function sameLine(first: IToken, second: IToken): boolean {
  return first.endLine === second.startLine;
}
