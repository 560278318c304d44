/**
 * What the compiler has to say about a spec. Codes are stable and never reused; the first letter
 * names the stage: L lexing, P syntax, N names and arguments, S shapes, D differentiation,
 * T target limits, R run time. A wrong spec yields all its diagnostics, never an exception.
 */
import type { Span } from '../base/source.ts';

export interface Label {
  readonly span: Span;
  /** What was found here, in the user's words; may be empty. */
  readonly text: string;
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One line, says what is wrong. */
  readonly message: string;
  /** Where it is wrong; absent only when no text is at fault (a missing file). */
  readonly primary?: Label;
  /** Where the other side of a clash came from. */
  readonly secondary: readonly Label[];
  /** One thing to do. */
  readonly hint?: string;
}

/** Collects diagnostics; a list with an error in it means that there is no usable result. */
export class Diagnostics {
  private readonly list: Diagnostic[] = [];

  get all(): readonly Diagnostic[] {
    return this.list;
  }

  get failed(): boolean {
    return this.list.some((d) => d.severity === 'error');
  }

  add(diagnostic: Diagnostic): void {
    this.list.push(diagnostic);
  }

  error(
    code: string,
    message: string,
    primary: Label | Span | undefined,
    rest: { secondary?: readonly Label[]; hint?: string | undefined } = {},
  ): void {
    this.list.push({
      code,
      severity: 'error',
      message: readable(message),
      ...(primary === undefined
        ? {}
        : { primary: readableLabel('span' in primary ? primary : { span: primary, text: '' }) }),
      secondary: (rest.secondary ?? []).map(readableLabel),
      ...(rest.hint === undefined ? {} : { hint: readable(rest.hint) }),
    });
  }
}

const LONGEST = 400;

/** What is said may quote a spec: one line of it, without signs that a terminal would obey. */
function readable(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
  return shown.length <= LONGEST
    ? shown
    : `${shown.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…`;
}

function readableLabel(label: Label): Label {
  return { span: label.span, text: readable(label.text) };
}
