/** Something that fails and is replaced: once, for all who were using it when it failed. */
export class Lasting<T extends { close(): void }> {
  private now: T;
  private replacing: Promise<T> | undefined;

  constructor(first: T) {
    this.now = first;
  }

  get current(): T {
    return this.now;
  }

  /** What there is in place of `failed`, which is closed. Rejects as `open` does. */
  async instead(failed: T, open: () => Promise<T>): Promise<T> {
    if (this.now !== failed) return this.now;
    this.replacing ??= open().finally(() => (this.replacing = undefined));
    const next = await this.replacing;
    if (this.now === failed) {
      failed.close();
      this.now = next;
    }
    return this.now;
  }
}
