/**
 * How large a model may become while it is elaborated. Combinators, sub-models and layers made of
 * layers multiply, so a short spec can mean more than any machine holds: what is made is counted,
 * and beyond a limit the elaboration is unwound with TooLarge, which `elaborate` reports.
 */
import type { Span } from '../base/source.ts';

/** Far above any useful model; reached within a second. */
const limits = {
  instructions: 200_000,
  /** Cells and layers that have equations, each copy of a depth or direction counted. */
  instances: 1024,
  /** Expressions evaluated and layers applied. */
  steps: 200_000,
  /** More are not shown. */
  mistakes: 60,
} as const;

/** What goes beyond a limit, and where. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly span: Span;

  constructor(span: Span, most: string) {
    super(`at most ${most} are allowed, and every copy counts`);
    this.span = span;
  }
}

/** Unwinds an elaboration that has found more mistakes than anyone reads. */
export class TooManyMistakes extends Error {
  override readonly name = 'TooManyMistakes';
}

export class Budget {
  private steps = 0;
  private instructions = 0;
  private instances = 0;
  private mistakes = 0;
  private open = true;
  /** Where the last step stands. */
  private at: Span | undefined;

  countStep(span: Span): void {
    this.at = span;
    if (++this.steps > limits.steps) this.refuse(span, `${limits.steps} parts`);
  }

  countInstruction(): void {
    if (++this.instructions > limits.instructions && this.at !== undefined) {
      this.refuse(this.at, `${limits.instructions} instructions`);
    }
  }

  countInstance(span: Span): void {
    if (++this.instances > limits.instances) {
      this.refuse(span, `${limits.instances} cells and layers`);
    }
  }

  countMistake(): void {
    if (++this.mistakes > limits.mistakes && this.open) throw new TooManyMistakes();
  }

  /** The model is made. Its optimizer is elaborated once for each weight later, without limits. */
  close(): void {
    this.open = false;
  }

  private refuse(span: Span, most: string): void {
    if (this.open) throw new TooLarge(span, most);
  }
}
