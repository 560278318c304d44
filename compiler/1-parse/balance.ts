/**
 * Pairs brackets before parsing. In: arranged tokens. Out: tokens in which every bracket is
 * paired: missing closers are put in (zero wide), stray ones left out, each with a diagnostic at
 * the right place (P2002, P2003). Undefined when brackets nest too deeply to go on (L1007).
 */
import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { virtual } from './arrange.ts';
import type { Fragment } from './fragment.ts';
import { endOf } from './lexer.ts';
import * as words from './tokens.ts';

/** The parser needs some 4 kB of stack a level, of the 1 MB that there is. */
export const MAX_NESTING = 100;

export function balance(
  tokens: readonly IToken[],
  fragment: Fragment,
  diagnostics: Diagnostics,
): IToken[] | undefined {
  const pairing = new Pairing(fragment, diagnostics);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    if (token.tokenType === words.Break) pairing.endStatement(tokens[i + 1]);
    if (!pairing.take(token)) return undefined;
  }
  pairing.closeDownTo(0);
  return pairing.out;
}

interface Open {
  readonly token: IToken;
  readonly closer: TokenType;
}

const closers = new Map<TokenType, TokenType>([
  [words.LeftParen, words.RightParen],
  [words.LeftBracket, words.RightBracket],
  [words.ProductOpen, words.RightBracket],
  [words.LeftBrace, words.RightBrace],
]);
const closing: ReadonlySet<TokenType> = new Set(closers.values());
const signs = new Map<TokenType, string>([
  [words.RightParen, ')'],
  [words.RightBracket, ']'],
  [words.RightBrace, '}'],
]);

class Pairing {
  readonly out: IToken[] = [];
  private readonly stack: Open[] = [];
  private readonly fragment: Fragment;
  private readonly diagnostics: Diagnostics;
  private end = 0;

  constructor(fragment: Fragment, diagnostics: Diagnostics) {
    this.fragment = fragment;
    this.diagnostics = diagnostics;
  }

  /** A statement begins: round and square brackets end before it, a definition ends blocks too. */
  endStatement(first: IToken | undefined): void {
    const type = first?.tokenType;
    const top = type === words.Define || type === words.ImportWord;
    this.closeDownTo(top ? 0 : this.depthOfBlock());
  }

  /** False when the brackets nest too deeply. */
  take(token: IToken): boolean {
    if (token.tokenType === words.From) this.closeDownTo(Math.max(0, this.depthOfBlock() - 1));
    const closer = closers.get(token.tokenType);
    if (closer !== undefined) {
      // A block can't stand inside round or square brackets: those were left open.
      if (closer === words.RightBrace) this.closeDownTo(this.depthOfBlock());
      if (this.stack.length >= MAX_NESTING) return this.refuse(token);
      this.stack.push({ token, closer });
    } else if (closing.has(token.tokenType)) {
      this.close(token);
      return true;
    }
    this.push(token);
    return true;
  }

  closeDownTo(depth: number): void {
    while (this.stack.length > depth) {
      const open = this.stack.pop();
      if (open !== undefined) this.insert(open);
    }
  }

  private push(token: IToken): void {
    this.out.push(token);
    this.end = Math.max(this.end, endOf(token));
  }

  private close(token: IToken): void {
    const type = token.tokenType;
    const floor = type === words.RightBrace ? 0 : this.depthOfBlock();
    const found = this.stack.findLastIndex((open, i) => i >= floor && open.closer === type);
    if (found >= 0) {
      this.closeDownTo(found + 1);
      this.stack.pop();
      this.push(token);
      return;
    }
    const top = this.stack.length > floor ? this.stack[this.stack.length - 1] : undefined;
    this.reportStray(token, top);
    if (top === undefined) return;
    this.stack.pop();
    this.out.push({ ...virtual(top.closer, token.startOffset), endOffset: endOf(token) - 1 });
    this.end = endOf(token);
  }

  /** Index just above the innermost open `{`. */
  private depthOfBlock(): number {
    return this.stack.findLastIndex((open) => open.closer === words.RightBrace) + 1;
  }

  private insert(open: Open): void {
    const sign = signs.get(open.closer) ?? '';
    // A text that is not closed has swallowed the sign, and that has been said.
    const swallowed =
      this.out.findLast((token) => token.image !== '')?.tokenType === words.OpenText;
    if (!swallowed) this.report(open, sign);
    this.out.push(virtual(open.closer, this.end));
  }

  private report(open: Open, sign: string): void {
    this.diagnostics.error(
      'P2002',
      `\`${open.token.image}\` is not closed`,
      { span: this.fragment.span(this.end, this.end), text: `\`${sign}\` is missing here` },
      { secondary: [{ span: this.span(open.token), text: 'opened here' }] },
    );
  }

  private reportStray(token: IToken, top: Open | undefined): void {
    if (top === undefined) {
      this.diagnostics.error('P2003', `\`${token.image}\` closes nothing`, this.span(token), {
        hint: 'leave it out, or open it before',
      });
      return;
    }
    this.diagnostics.error(
      'P2003',
      `\`${token.image}\` closes a \`${top.token.image}\``,
      { span: this.span(token), text: `\`${signs.get(top.closer) ?? ''}\` is expected` },
      { secondary: [{ span: this.span(top.token), text: 'opened here' }] },
    );
  }

  private refuse(token: IToken): false {
    this.diagnostics.error(
      'L1007',
      `brackets are nested more than ${String(MAX_NESTING)} deep`,
      this.span(token),
      { hint: 'name the inner parts and use the names' },
    );
    return false;
  }

  private span(token: IToken) {
    return this.fragment.span(token.startOffset, endOf(token));
  }
}
