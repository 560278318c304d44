/** What names stand for in a block and in the blocks around it. No block defines a name anew. */

export class Names<T> {
  private readonly own = new Map<string, T>();
  private readonly outer: Names<T> | undefined;

  constructor(outer?: Names<T>) {
    this.outer = outer;
  }

  get(name: string): T | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  set(name: string, value: T): void {
    this.own.set(name, value);
  }

  /** Those that the block itself defines. */
  ownValues(): Iterable<T> {
    return this.own.values();
  }
}
