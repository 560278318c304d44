/**
 * Lines of printed text with the comments of the source put back where they stood. In: printed
 * lines in the order of the source, each with the span it came from. Out: the text. A comment
 * lands before the first line whose source comes after it: at the end of the line before when it
 * trailed code, else on a line of its own. Single empty lines between lines are kept.
 */
import type { Comment } from './types.ts';

export interface Line {
  readonly text: string;
  readonly indent: number;
  /** Where the line's source starts. */
  readonly start: number;
  /** Where it ends; absent for a line that opens a block, after which no empty line is kept. */
  readonly end?: number;
  /** Goes on with the line before, so that no empty line comes between. */
  readonly continues?: boolean;
}

export class Page {
  private readonly source: string;
  private readonly comments: readonly Comment[];
  private readonly lines: string[] = [];
  private next = 0;
  private end: number | undefined;
  private canTrail = false;
  private wantsSpace = false;

  constructor(source: string, comments: readonly Comment[]) {
    this.source = source;
    this.comments = comments;
  }

  /** The next line on its own is set off by an empty line, whatever the source has. */
  separate(): void {
    this.wantsSpace = this.lines.length > 0;
  }

  line({ text, indent, start, end, continues = false }: Line): void {
    this.commentsBefore(start, indent);
    this.space(start, continues);
    this.lines.push(`${'  '.repeat(indent)}${text}`);
    this.end = end;
    this.canTrail = true;
  }

  /** Closes a block: comments before `end` belong into it. */
  close(text: string, indent: number, end: number): void {
    this.commentsBefore(end, indent + 1);
    this.wantsSpace = false;
    this.lines.push(`${'  '.repeat(indent)}${text}`);
    this.end = end;
    this.canTrail = true;
  }

  /** Whether a comment that is not yet printed starts before `offset`. */
  hasCommentBefore(offset: number): boolean {
    const comment = this.comments[this.next];
    return comment !== undefined && comment.span.start < offset;
  }

  /** Whether a comment that is not yet printed starts within the range. */
  hasCommentWithin(start: number, end: number): boolean {
    return this.comments.some(
      ({ span }, i) => i >= this.next && span.start >= start && span.start < end,
    );
  }

  commentsBefore(offset: number, indent: number): void {
    for (let comment = this.comments[this.next]; comment; comment = this.comments[this.next]) {
      if (comment.span.start >= offset) return;
      this.next++;
      this.comment(comment, indent);
    }
  }

  finish(): string {
    this.commentsBefore(Infinity, 0);
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }

  private comment(comment: Comment, indent: number): void {
    const text = comment.text === '' ? '#' : `# ${comment.text}`;
    const last = this.lines.length - 1;
    if (comment.trailing && this.canTrail && last >= 0) {
      this.lines[last] = `${this.lines[last] ?? ''}  ${text}`;
    } else {
      this.space(comment.span.start, false);
      this.lines.push(`${'  '.repeat(indent)}${text}`);
    }
    if (this.end !== undefined || !comment.trailing) this.end = comment.span.end;
    this.canTrail = false;
  }

  private space(start: number, continues: boolean): void {
    const between = this.end === undefined ? '' : this.source.slice(this.end, start);
    const kept = !continues && /\n[^\S\n]*\r?\n/.test(between);
    if (this.lines.length > 0 && (kept || this.wantsSpace)) this.lines.push('');
    this.wantsSpace = false;
  }
}
