/**
 * Reading a concrete syntax tree that may be incomplete. In: nodes as Chevrotain leaves them after
 * recovery, parts missing. Out: children by name, in the order of the text, with spans that always
 * lie in the source. Also keeps count of how deep the expressions built from it are.
 */
import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { Expression } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Fragment } from './fragment.ts';
import { endOf } from './lexer.ts';

/** Deeper trees are refused (P2010), so that no later phase needs to fear for its stack. */
export const MAX_DEPTH = 400;

export class Cst {
  readonly fragment: Fragment;
  readonly diagnostics: Diagnostics;
  private readonly depths = new WeakMap<Expression, number>();
  private tooDeep = false;

  constructor(fragment: Fragment, diagnostics: Diagnostics) {
    this.fragment = fragment;
    this.diagnostics = diagnostics;
  }

  /** First token of that type; one put in by recovery counts, an empty name does not. */
  token(node: CstNode, name: string): IToken | undefined {
    return this.tokens(node, name)[0];
  }

  tokens(node: CstNode, name: string): IToken[] {
    return (node.children[name] ?? []).filter(isToken);
  }

  node(node: CstNode, name: string): CstNode | undefined {
    return this.nodes(node, name)[0];
  }

  nodes(node: CstNode, name: string): CstNode[] {
    return (node.children[name] ?? []).filter((child): child is CstNode => !isToken(child));
  }

  /** All children by position; Chevrotain groups them by kind. */
  inOrder(node: CstNode): CstElement[] {
    const all = Object.values(node.children).flat();
    return all
      .map((child, i) => ({ child, i, start: isToken(child) ? child.startOffset : startOf(child) }))
      .sort((a, b) => a.start - b.start || a.i - b.i)
      .map(({ child }) => child);
  }

  tokenSpan(token: IToken): Span {
    return this.fragment.span(token.startOffset, endOf(token));
  }

  span(node: CstNode): Span {
    const start = startOf(node);
    const end = (node.location?.endOffset ?? NaN) + 1;
    return this.fragment.span(start, Number.isNaN(end) ? start : Math.max(start, end));
  }

  /** Of a node that recovery left without any token, the fallback. */
  spanOr(node: CstNode, fallback: Span): Span {
    return Number.isNaN(node.location?.startOffset ?? NaN) ? fallback : this.span(node);
  }

  /** Every expression is made through here; one that grows too deep is reported and cut off. */
  grown(expression: Expression, children: readonly Expression[]): Expression {
    const depth =
      1 + children.reduce((most, child) => Math.max(most, this.depths.get(child) ?? 1), 0);
    if (depth <= MAX_DEPTH) {
      this.depths.set(expression, depth);
      return expression;
    }
    if (!this.tooDeep) {
      this.tooDeep = true;
      this.diagnostics.error(
        'P2010',
        `this expression is nested more than ${String(MAX_DEPTH)} deep`,
        expression.span,
        { hint: 'name its parts on lines of their own' },
      );
    }
    return { kind: 'broken', span: expression.span };
  }
}

export function isToken(element: CstElement): element is IToken {
  return 'image' in element;
}

function startOf(node: CstNode): number {
  const start = node.location?.startOffset ?? NaN;
  return Number.isNaN(start) ? 0 : start;
}
