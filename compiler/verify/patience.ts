/**
 * Waiting for an answer that may never come: until it is there, or too late, or nobody wants it any
 * more. The clock is the host's, since the compiler has none.
 */

export interface Clock {
  /** Milliseconds from some moment on. */
  now(): number;
  /** Calls back after so many milliseconds, unless what it gives is called before. */
  after(milliseconds: number, call: () => void): () => void;
}

export type Answer<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'fault'; readonly error: unknown }
  /** Not there after as long as one has patience. */
  | { readonly kind: 'hung' }
  /** The time for everything is over, or the person has stopped it. */
  | { readonly kind: 'cut' };

export interface Limits {
  readonly clock: Clock;
  /** When the time for everything is over, by the clock. */
  readonly deadline: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

export function isOver({ clock, deadline, signal }: Limits): boolean {
  return signal?.aborted === true || clock.now() >= deadline;
}

/** Never rejects. What comes too late is thrown away. */
export function answerOf<T>(begin: () => Promise<T>, limits: Limits): Promise<Answer<T>> {
  const { clock, deadline, patienceMs, signal } = limits;
  return new Promise((resolve) => {
    const left = deadline - clock.now();
    const settle = (answer: Answer<T>): void => {
      cancel();
      signal?.removeEventListener('abort', cut);
      resolve(answer);
    };
    const cut = (): void => settle({ kind: 'cut' });
    const cancel = clock.after(Math.min(left, patienceMs), () =>
      settle({ kind: left <= patienceMs ? 'cut' : 'hung' }),
    );
    signal?.addEventListener('abort', cut);
    begin().then(
      (value) => settle({ kind: 'answer', value }),
      (error: unknown) => settle({ kind: 'fault', error }),
    );
  });
}
