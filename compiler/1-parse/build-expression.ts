/**
 * Expressions: from the flat concrete tree to the Ast. Names become canonical, numbers and strings
 * their values, and what is missing a `broken` node, so that a mistake never hides its neighbours.
 */
import type { CstNode, IToken } from 'chevrotain';
import type { Argument, Expression, Name as AstName, StringLiteral } from '../ast/types.ts';
import { canonicalName } from '../ast/names.ts';
import { childrenOf } from '../ast/walk.ts';
import { joinSpans } from '../base/source.ts';
import type { Span } from '../base/source.ts';
import { isToken } from './cst.ts';
import type { Cst } from './cst.ts';
import { Comma, Name } from './tokens.ts';
import { combine } from './precedence.ts';
import type { Operand } from './precedence.ts';

/** An absent or empty node gives `broken` at the end of `fallback`, the text before it. */
export function buildExpression(cst: Cst, node: CstNode | undefined, fallback: Span): Expression {
  if (node === undefined) return broken(fallback);
  const span = cst.spanOr(node, fallback);
  let first: Operand | undefined;
  const rest: { operator: IToken; operand: Operand }[] = [];
  let operator: IToken | undefined;
  for (const part of cst.inOrder(node)) {
    if (isToken(part)) operator = part;
    else if (first === undefined) first = buildOperand(cst, part, span);
    else if (operator !== undefined) {
      rest.push({ operator, operand: buildOperand(cst, part, cst.tokenSpan(operator)) });
      operator = undefined;
    }
  }
  if (first === undefined) return broken(span);
  if (operator !== undefined) {
    rest.push({ operator, operand: { value: broken(cst.tokenSpan(operator)), minuses: [] } });
  }
  return combine(cst, first, rest);
}

export function buildArguments(cst: Cst, node: CstNode | undefined): Argument[] {
  if (node === undefined) return [];
  const written: Argument[] = [];
  let start: Span | undefined;
  let name: AstName | undefined;
  for (const part of cst.inOrder(node)) {
    if (isToken(part)) {
      start ??= cst.tokenSpan(part);
      if (part.tokenType === Name) name = buildName(cst, part);
      if (part.tokenType !== Comma) continue;
    } else {
      const value = buildExpression(cst, part, start ?? cst.span(node));
      const span = joinSpans(name?.span ?? value.span, value.span);
      written.push({ ...(name === undefined ? {} : { name }), value, span });
    }
    start = undefined;
    name = undefined;
  }
  return written;
}

export function buildItems(cst: Cst, node: CstNode | undefined): Expression[] {
  if (node === undefined) return [];
  return cst.nodes(node, 'expression').map((item) => buildExpression(cst, item, cst.span(node)));
}

export function buildName(cst: Cst, token: IToken): AstName {
  return { text: canonicalName(token.image), span: cst.tokenSpan(token) };
}

/** The content of a string, escapes undone. */
export function buildString(cst: Cst, token: IToken): StringLiteral {
  const span = cst.tokenSpan(token);
  const closed = token.tokenType.name === 'Text';
  const inner = token.image.slice(1, closed ? -1 : undefined);
  const value = inner.replace(/\\(u\{[0-9a-fA-F]{1,6}\}|.)/gsu, (whole, code: string) => {
    const unescaped = code.length > 1 ? codePoint(code.slice(2, -1)) : escapes.get(code);
    if (unescaped === undefined && closed) {
      cst.diagnostics.error('L1004', `\`${whole}\` stands for no character`, span, {
        hint: 'known are \\" \\\\ \\n \\t \\r and \\u{1F600}',
      });
    }
    return unescaped ?? '';
  });
  return { kind: 'string', value, span };
}

/** `<t-1>` is -1. */
export function timeOffset(token: IToken): number {
  const offset = /([+\-−])\s*(\d+)/.exec(token.image);
  const size = Number(offset?.[2] ?? 0);
  return offset?.[1] === '+' || size === 0 ? size : -size;
}

/** A zero-wide span at the end of another. */
export function pointAfter(span: Span): Span {
  return { ...span, start: span.end };
}

function broken(before: Span): Expression {
  return { kind: 'broken', span: pointAfter(before) };
}

const escapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

function codePoint(hexadecimal: string): string | undefined {
  const code = Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function buildOperand(cst: Cst, node: CstNode, fallback: Span): Operand {
  return {
    value: buildPrimary(cst, node, fallback),
    minuses: cst.tokens(node, 'Minus').map((minus) => cst.tokenSpan(minus)),
  };
}

function buildPrimary(cst: Cst, node: CstNode, fallback: Span): Expression {
  const number = cst.token(node, 'NumberText');
  if (number !== undefined) return buildNumber(cst, number);
  const text = cst.token(node, 'Text') ?? cst.token(node, 'OpenText');
  if (text !== undefined) return buildString(cst, text);
  const name = cst.token(node, 'Name');
  if (name !== undefined) return buildNamed(cst, node, name);
  const list = cst.node(node, 'list');
  if (list !== undefined) {
    const items = buildItems(cst, cst.node(list, 'items'));
    return cst.grown({ kind: 'list', items, span: cst.span(list) }, items);
  }
  const span = cst.spanOr(node, fallback);
  if (cst.token(node, 'LeftParen') === undefined) return broken(span);
  const inner = buildExpression(cst, cst.node(node, 'expression'), span);
  // Parentheses are part of the span, since a caret line under `a + b)` looks wrong.
  const open = cst.token(node, 'LeftParen');
  const close = cst.token(node, 'RightParen');
  const start = open === undefined ? span : cst.tokenSpan(open);
  const end = close === undefined ? inner.span : cst.tokenSpan(close);
  return cst.grown(
    { ...inner, span: { ...span, start: start.start, end: end.end } },
    childrenOf(inner),
  );
}

function buildNamed(cst: Cst, node: CstNode, token: IToken): Expression {
  const whole = cst.span(node);
  const span = { ...whole, start: cst.tokenSpan(token).start };
  const name = buildName(cst, token);
  const index = cst.token(node, 'TimeIndex');
  if (index !== undefined) return { kind: 'timed', name, offset: timeOffset(index), span };
  if (cst.token(node, 'LeftParen') !== undefined) {
    const written = buildArguments(cst, cst.node(node, 'args'));
    const values = written.map((argument) => argument.value);
    return cst.grown({ kind: 'call', callee: name, arguments: written, span }, values);
  }
  if (cst.token(node, 'ProductOpen') === undefined) {
    return { kind: 'reference', name: name.text, span };
  }
  const items = cst.node(node, 'items');
  if (items === undefined) {
    cst.diagnostics.error('P2004', `\`${token.image}[ ]\` has nothing to multiply`, span, {
      hint: 'a product names its operands, as in Wu[c<t-1>, x<t>]',
    });
  }
  const operands = buildItems(cst, items);
  return cst.grown({ kind: 'product', weight: name, operands, span }, operands);
}

function buildNumber(cst: Cst, token: IToken): Expression {
  const span = cst.tokenSpan(token);
  if (/^(?:\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(token.image)) {
    return { kind: 'number', value: Number(token.image.replaceAll('_', '')), span };
  }
  const shown = token.image.length > 24 ? `${token.image.slice(0, 24)}…` : token.image;
  cst.diagnostics.error('L1003', `\`${shown}\` is not a number`, span, {
    hint: 'numbers look like 3, 10_000, 0.5 or 1e-5; a name begins with a letter',
  });
  return { kind: 'broken', span };
}
