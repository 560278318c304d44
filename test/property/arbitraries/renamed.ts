/** The same things under other names, whatever these are. */
import { Draw } from './kernels.ts';

/** Draws what it would have drawn, and calls it by other names. */
export class Renamed extends Draw {
  private readonly names: readonly string[];
  private readonly given = new Set<string>();
  private next = 0;

  constructor(tape: readonly number[], names: readonly string[]) {
    super(tape);
    this.names = names;
  }

  override name(): string {
    super.name();
    const wish = this.names[this.next++ % this.names.length] ?? '';
    let name = wish;
    for (let i = 0; this.given.has(name); i++) name = `${wish}${i}`;
    this.given.add(name);
    return name;
  }
}
