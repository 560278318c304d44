/**
 * The words of the language. The lexer yields the token types of `lexed`; `arrange` then turns
 * names into keywords by their place, marks where statements begin and which `[` belongs to a
 * weight. Characters that look right on a slide (→, −) count as their ASCII twins.
 */
import { createToken, Lexer } from 'chevrotain';
import type { CustomPatternMatcherFunc, TokenType } from 'chevrotain';

export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[\s\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const CommentText = createToken({
  name: 'CommentText',
  pattern: /#[^\n\r]*/,
  group: 'comments',
});

/** Letters, digits, `_`, subscripts, `~` and combining marks; primes only at the end. */
export const Name = createToken({
  name: 'Name',
  pattern: sticky(/[\p{L}_][\p{L}\p{Nd}\p{Mn}_\u2080-\u2089~]*['′’]*/uy),
  line_breaks: false,
});

/** `<t>`, `<t-1>`, `<t+1>` written directly after a name; elsewhere `<` compares. */
export const TimeIndex = createToken({
  name: 'TimeIndex',
  pattern: (text, offset, matched) => {
    const before = matched[matched.length - 1];
    if (before?.tokenType !== Name || (before.endOffset ?? -1) + 1 !== offset) return null;
    return timeIndex(text, offset, matched, {});
  },
  line_breaks: false,
});
const timeIndex = sticky(/<[ \t]*t[ \t]*(?:[+\-−][ \t]*\d+[ \t]*)?>/uy);

/** Takes malformed numbers whole (`12ab`, `1.2.3`), so that they get one diagnostic. */
export const NumberText = createToken({
  name: 'NumberText',
  pattern: sticky(/(?:\d|\.\d)(?:[eE][+-]\d|[\p{L}\p{Nd}_.])*/uy),
  line_breaks: false,
});
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/ });
export const OpenText = createToken({
  name: 'OpenText',
  pattern: /"[^\n\r]*/,
  categories: [Text],
});

/** Anything that joins two operands; `expression` is flat and sorted out by precedence later. */
export const Operator = createToken({ name: 'Operator', pattern: Lexer.NA });
export const Arrow = createToken({ name: 'Arrow', pattern: /->|→/, categories: [Operator] });
export const Infix = createToken({
  name: 'Infix',
  pattern: /==|!=|<=|>=|[<>+*/^]/,
  categories: [Operator],
});
export const Minus = createToken({ name: 'Minus', pattern: /[-−]/, categories: [Operator] });

export const Equals = createToken({ name: 'Equals', pattern: /=/ });
export const Comma = createToken({ name: 'Comma', pattern: /,/ });
export const Colon = createToken({ name: 'Colon', pattern: /:/ });
export const LeftParen = createToken({ name: 'LeftParen', pattern: /\(/ });
export const RightParen = createToken({ name: 'RightParen', pattern: /\)/ });
export const LeftBracket = createToken({ name: 'LeftBracket', pattern: /\[/ });
export const RightBracket = createToken({ name: 'RightBracket', pattern: /\]/ });
export const LeftBrace = createToken({ name: 'LeftBrace', pattern: /\{/ });
export const RightBrace = createToken({ name: 'RightBrace', pattern: /\}/ });

/** Zero wide, before each statement, definition and import. */
export const Break = createToken({ name: 'Break', pattern: Lexer.NA });
/** The `[` of `Wu[…]`: directly attached to a name. */
export const ProductOpen = createToken({ name: 'ProductOpen', pattern: Lexer.NA });
/** `model`, `cell`, `layer`, `optimizer`, `schedule`. */
export const Define = createToken({ name: 'Define', pattern: Lexer.NA });
/** `input`, `state`, `weight`. */
export const Declare = createToken({ name: 'Declare', pattern: Lexer.NA });
export const Output = createToken({ name: 'Output', pattern: Lexer.NA });
export const Loss = createToken({ name: 'Loss', pattern: Lexer.NA });
export const Train = createToken({ name: 'Train', pattern: Lexer.NA });
export const EmitWord = createToken({ name: 'EmitWord', pattern: Lexer.NA });
export const Layout = createToken({ name: 'Layout', pattern: Lexer.NA });
export const If = createToken({ name: 'If', pattern: Lexer.NA });
export const Else = createToken({ name: 'Else', pattern: Lexer.NA });
export const ImportWord = createToken({ name: 'ImportWord', pattern: Lexer.NA });
export const From = createToken({ name: 'From', pattern: Lexer.NA });

export const lexed: TokenType[] = [
  ...[WhiteSpace, CommentText, Name, TimeIndex, NumberText, Text, OpenText],
  ...[Operator, Arrow, Infix, Minus, Equals, Comma, Colon],
  ...[LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace],
];

export const vocabulary: TokenType[] = [
  ...[...lexed, Break, ProductOpen, Define, Declare, Output, Loss, Train, EmitWord],
  ...[Layout, If, Else, ImportWord, From],
];

/** Chevrotain drops the `u` flag of plain patterns, so Unicode classes need a function. */
function sticky(pattern: RegExp): CustomPatternMatcherFunc {
  return (text, offset) => {
    pattern.lastIndex = offset;
    const found = pattern.exec(text);
    return found === null ? null : [found[0]];
  };
}
