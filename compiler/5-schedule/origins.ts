/**
 * Where in the spec a kernel comes from: for messages, the place of what is at its heart; for those
 * who read the kernel, the lines of all that it computes.
 */
import type { Statement } from '../../runtime/artifact/kernel.ts';
import type { Origin } from '../graph/types.ts';
import type { KernelItem } from './fuse.ts';
import type { KernelDraft } from './kernel-draft.ts';
import type { Node } from './node.ts';
import type { Reader } from './reads.ts';

/** The text of a line of a source, if it is at hand. */
export type SourceLine = (source: string, line: number) => string | undefined;

/** Lines that are told of one kernel, at most. */
const mostLines = 12;

export class Origins {
  private readonly reader: Reader;
  private readonly sourceLine: SourceLine;
  /** By the place of a line: what is told of it. */
  private readonly texts = new Map<string, string>();

  constructor(reader: Reader, sourceLine: SourceLine) {
    this.reader = reader;
    this.sourceLine = sourceLine;
  }

  /** Tells the draft where it comes from. */
  mark(draft: KernelDraft, items: readonly KernelItem[]): KernelDraft {
    const origins = items.flatMap((item) => this.originsOf(item));
    const heart = items.flatMap(heartsOf).find((o) => o !== undefined);
    const first = heart ?? origins[0];
    if (first !== undefined) draft.origin = placeOf(first);
    draft.statements.unshift(...this.comments(origins));
    return draft;
  }

  private comments(origins: readonly Origin[]): Statement[] {
    const lines = new Map<string, Origin>();
    for (const origin of origins) lines.set(`${origin.source}:${origin.line}`, origin);
    const sorted = [...lines.values()].sort((a, b) =>
      a.source === b.source ? a.line - b.line : a.source < b.source ? -1 : 1,
    );
    const texts = sorted.slice(0, mostLines).map((origin) => this.textOf(origin));
    if (sorted.length > mostLines) texts.push(`and ${sorted.length - mostLines} lines more`);
    return texts.map((text) => ({ kind: 'comment', text }));
  }

  private textOf({ source, line }: Origin): string {
    const place = `${source}:${line}`;
    const known = this.texts.get(place);
    if (known !== undefined) return known;
    const code = this.sourceLine(source, line)?.trim();
    const text = code === undefined ? place : `${place}  ${code}`;
    this.texts.set(place, text);
    return text;
  }

  /** Of all that the kernel computes, what it computes anew included. */
  private originsOf({ members, roots }: KernelItem): Origin[] {
    const origins: Origin[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node, asked: boolean): void => {
      if (seen.has(node) || (!asked && this.reader.isLeaf(node))) return;
      seen.add(node);
      if (node.source.kind === 'step') visit(node.source.of, false);
      if (node.source.kind !== 'op') return;
      const { origin } = node.source.instruction;
      if (origin !== undefined) origins.push(origin);
      for (const operand of node.source.operands) visit(operand, members.has(operand));
    };
    for (const node of members) visit(node, true);
    for (const { node } of roots) visit(node, members.has(node));
    return origins;
  }
}

function heartsOf(item: KernelItem): (Origin | undefined)[] {
  const nodes = [item.reduction, ...item.members].filter((n) => n !== undefined);
  return nodes.map(({ source }) => (source.kind === 'op' ? source.instruction.origin : undefined));
}

/** `std/lstm.gate:7:13 lstm.l0`. */
function placeOf({ source, line, column, layer }: Origin): string {
  return `${source}:${line}:${column}${layer === undefined ? '' : ` ${layer}`}`;
}
