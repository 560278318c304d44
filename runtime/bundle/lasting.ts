/** Something that fails and is replaced: once, for all who were using it when it failed. */
export interface Lasting<T> {
  current(): T;
  /** Once more with what there is in place of what failed. Rejects as `act` and `instead` do. */
  use<R>(act: (on: T) => Promise<R>): Promise<R>;
}

/** `instead` says what opens another, if that helps; what failed is closed. */
export function lasting<T extends { close(): void }>(
  first: T,
  instead: (failed: T, error: unknown) => (() => Promise<T>) | undefined,
): Lasting<T> {
  let now = first;
  let replacing: Promise<T> | undefined;
  return {
    current: () => now,
    async use(act) {
      const used = now;
      try {
        return await act(used);
      } catch (error) {
        const open = instead(used, error);
        if (open === undefined) throw error;
        if (now === used) {
          replacing ??= open().finally(() => (replacing = undefined));
          const next = await replacing;
          if (now === used) {
            used.close();
            now = next;
          }
        }
        return act(now);
      }
    },
  };
}
