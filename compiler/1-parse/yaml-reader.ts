/**
 * What every part of the YAML surface needs: spans of nodes, scalars as DSL fragments, maps as
 * entries with their keys. Wrong kinds of values are reported here (P2022), as are repeated and
 * unknown keys (P2021).
 */
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node, ParsedNode, YAMLMap } from 'yaml';
import type { Expression, Name } from '../ast/types.ts';
import { canonicalName } from '../ast/names.ts';
import type { SourceText, Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { reservedTargets } from './arrange.ts';
import { buildExpression } from './build-expression.ts';
import { scalarFragment } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import { parseFragment } from './parse-fragment.ts';
import type { ParsedFragment, Sink } from './parse-fragment.ts';
import type { Rule } from './parser.ts';

export type YamlNode = Node | ParsedNode | null | undefined;

export interface Entry {
  readonly key: Fragment;
  readonly keySpan: Span;
  readonly value: YamlNode;
  /** Key and value together. */
  readonly span: Span;
}

export class YamlReader {
  readonly source: SourceText;
  readonly sink: Sink;
  /** A map may be asked for its entries twice, but its mistakes are reported once. */
  private readonly read = new WeakMap<object, Entry[]>();

  constructor(source: SourceText, sink: Sink) {
    this.source = source;
    this.sink = sink;
  }

  /** Where a node is written; of an absent one, the end of what stands before it. */
  span(node: YamlNode, fallback?: Span): Span {
    const range = node?.range;
    if (!range) return fallback ? { ...fallback, start: fallback.end } : this.point(0);
    const limit = this.source.text.length;
    const start = Math.min(range[0], limit);
    return { source: this.source, start, end: Math.max(start, Math.min(range[1], limit)) };
  }

  /** The text of a scalar; undefined for anything else and for an empty value. */
  fragment(node: YamlNode): Fragment | undefined {
    if (!isScalar(node)) return undefined;
    const value = typeof node.value === 'string' ? node.value : '';
    if (value === '') return undefined;
    const { start, end } = this.span(node);
    return scalarFragment(this.source, value, start, end);
  }

  isEmpty(node: YamlNode): boolean {
    return (
      node === null || node === undefined || (isScalar(node) && this.fragment(node) === undefined)
    );
  }

  parse(fragment: Fragment, rule: Rule): ParsedFragment | undefined {
    return parseFragment(fragment, rule, this.sink);
  }

  expression(fragment: Fragment, span: Span): Expression {
    const parsed = this.parse(fragment, 'expression');
    if (parsed === undefined) return { kind: 'broken', span };
    return buildExpression(parsed.cst, parsed.tree, { ...span, end: span.start });
  }

  /** A key or word that has to be a plain name. */
  name(fragment: Fragment): Name | undefined {
    const parsed = this.parse(fragment, 'target');
    const token = parsed?.cst.token(parsed.tree, 'Name');
    if (parsed === undefined || token === undefined) return undefined;
    const span = parsed.cst.tokenSpan(token);
    if (reservedTargets.has(token.image)) this.reportReserved(token.image, span);
    const index = parsed.cst.token(parsed.tree, 'TimeIndex');
    if (index !== undefined) {
      this.error('P2009', 'this name has no time index', parsed.cst.tokenSpan(index));
    }
    return { text: canonicalName(token.image), span };
  }

  reportReserved(word: string, span: Span): void {
    this.error('P2015', `\`${word}\` is a word of the language and can't be a name here`, span);
  }

  /** Entries in the order written; of a repeated key the first one counts. */
  entries(map: YAMLMap): Entry[] {
    const known = this.read.get(map);
    if (known !== undefined) return known;
    const entries = this.readEntries(map);
    this.read.set(map, entries);
    return entries;
  }

  private readEntries(map: YAMLMap): Entry[] {
    const seen = new Set<string>();
    return map.items.flatMap((pair) => {
      const keyNode = isScalar(pair.key) ? pair.key : undefined;
      const valueNode = asNode(pair.value);
      const key = this.fragment(keyNode);
      if (key === undefined) {
        this.error(
          'P2022',
          'a key has to be a word',
          this.span(asNode(pair.key), this.span(valueNode)),
        );
        return [];
      }
      const keySpan = this.span(keyNode);
      if (seen.has(key.text)) {
        this.error('P2021', `the key \`${short(key.text)}\` is given twice`, keySpan);
        return [];
      }
      seen.add(key.text);
      const end = this.isEmpty(valueNode) ? keySpan.end : this.span(valueNode, keySpan).end;
      return [
        { key, keySpan, value: valueNode, span: { ...keySpan, end: Math.max(keySpan.end, end) } },
      ];
    });
  }

  /** Entries of a map; anything else is reported with what was wanted. */
  mapping(node: YamlNode, wanted: string, fallback: Span): Entry[] {
    if (isMap(node)) return this.entries(node);
    this.wrongKind(node, wanted, fallback);
    return [];
  }

  items(node: YamlNode): YamlNode[] | undefined {
    return isSeq(node) ? node.items.map(asNode) : undefined;
  }

  wrongKind(node: YamlNode, wanted: string, fallback: Span): void {
    this.error('P2022', `${wanted} is expected here`, this.span(node, fallback));
  }

  unknownKey(entry: Entry, known: readonly string[]): void {
    const close = nearest(entry.key.text, known);
    this.error(
      'P2021',
      `the key \`${short(entry.key.text)}\` means nothing here`,
      entry.keySpan,
      close === undefined ? `known are ${known.join(', ')}` : `did you mean \`${close}\`?`,
    );
  }

  error(code: string, message: string, span: Span, hint?: string): void {
    this.sink.diagnostics.error(code, message, span, { hint });
  }

  private point(offset: number): Span {
    return { source: this.source, start: offset, end: offset };
  }
}

/** The library types values of pairs as unknown; whatever is no node counts as absent. */
export function asNode(value: unknown): YamlNode {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
