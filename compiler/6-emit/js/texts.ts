/** Functions of a module: those of the same text are one function. */
import { titleLine } from './titles.ts';

interface Entry {
  readonly name: string;
  readonly lines: readonly string[];
  readonly titles: string[];
}

export class Texts {
  private readonly prefix: string;
  private readonly entries = new Map<string, Entry>();

  /** Names are the prefix and a number. */
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** What the function is called whose text, but for its name, this is. */
  add(title: string, lines: readonly string[]): string {
    const key = lines.join('\n');
    const name = `${this.prefix}${this.entries.size}`;
    const entry = this.entries.get(key) ?? { name, lines, titles: [] };
    entry.titles.push(title);
    this.entries.set(key, entry);
    return entry.name;
  }

  lines(titled: boolean): string[] {
    return [...this.entries.values()].flatMap(({ name, lines: [head = '', ...rest], titles }) => [
      ...(titled ? titles.map(titleLine) : []),
      `function ${name}${head}`,
      ...rest,
    ]);
  }
}
