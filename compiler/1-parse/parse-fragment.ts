/**
 * One piece of text through lexer, arrangement, pairing and parser. In: a fragment and what it
 * should hold. Out: its concrete tree, or undefined when nothing can be made of it; what is wrong
 * goes to `diagnostics`, comments to `comments`.
 */
import type { CstNode } from 'chevrotain';
import type { Comment } from '../ast/types.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { arrange } from './arrange.ts';
import { balance } from './balance.ts';
import { Cst } from './cst.ts';
import type { Fragment } from './fragment.ts';
import { lex } from './lexer.ts';
import { reportFaults } from './messages.ts';
import { parseTokens } from './parser.ts';
import type { Rule } from './parser.ts';
import { Break } from './tokens.ts';

export interface Sink {
  readonly diagnostics: Diagnostics;
  readonly comments: Comment[];
}

export interface ParsedFragment {
  readonly cst: Cst;
  readonly tree: CstNode;
}

export function parseFragment(
  fragment: Fragment,
  rule: Rule,
  sink: Sink,
): ParsedFragment | undefined {
  const lexed = lex(fragment, sink.diagnostics);
  if (lexed === undefined) return undefined;
  for (const comment of lexed.comments) sink.comments.push(comment);
  const holds = statementRules.includes(rule) ? 'statements' : 'expression';
  const arranged = arrange(lexed.tokens, holds, fragment, sink.diagnostics).filter(
    (t) => rule !== 'head' || t.tokenType !== Break,
  );
  const tokens = balance(arranged, fragment, sink.diagnostics);
  if (tokens === undefined) return undefined;
  const { tree, faults } = parseTokens(tokens, rule);
  reportFaults(faults, tokens, lexed.unknown, fragment, sink.diagnostics);
  return tree === undefined ? undefined : { cst: new Cst(fragment, sink.diagnostics), tree };
}

const statementRules: readonly Rule[] = ['file', 'statements', 'head'];
