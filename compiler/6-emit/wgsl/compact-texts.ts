/**
 * What the texts of a module's kernels have in common, and how it all becomes one text: the record,
 * the arenas that some kernel uses, shared memory, functions, entry points. Equal texts are one.
 */
import { present } from '../../base/bug.ts';
import { withoutSpaces } from '../../kernel/short-text.ts';
import { compactLetters, recordMembers } from './compact-names.ts';

export class CompactTexts {
  /** By name, as own-functions.ts declares them. */
  readonly ownFunctions = new Map<string, readonly string[]>();
  /** Identifiers by type and position among those of the type. */
  private readonly shared = new Map<string, string>();
  /** Identifiers by name, and by text. */
  private readonly functionNames = new Map<string, string>();
  private readonly functions = new Map<string, string>();
  private readonly entries = new Map<string, string>();

  hasFunction(name: string): boolean {
    return this.functionNames.has(name);
  }

  readonly functionNamed = (name: string): string =>
    present(this.functionNames.get(name), `the function ${name}`);

  /** The lines have `fn (` where its identifier will stand, as those of an entry have. */
  addFunction(name: string, lines: readonly string[]): void {
    this.functionNames.set(name, numberedText(this.functions, 'f', shortened(lines)));
  }

  /** The identifier. */
  addEntry(lines: readonly string[]): string {
    return numberedText(this.entries, 'k', shortened(lines));
  }

  /** For one kernel: the identifiers of arrays of these types, each of them another array. */
  sharedNames(): (type: string) => string {
    const counts = new Map<string, number>();
    return (type) => {
      const count = counts.get(type) ?? 0;
      counts.set(type, count + 1);
      return numberedText(this.shared, 's', `${type} ${count}`);
    };
  }

  /** Records have so many words. */
  code(words: number): string {
    const declared = (texts: ReadonlyMap<string, string>): string[] =>
      [...texts].map(([text, name]) => text.replace('fn(', `fn ${name}(`));
    const texts = [
      ...bindings(words).map((line) => shortened([line])),
      ...[...this.shared].map(([key, name]) =>
        shortened([`var<workgroup> ${name}: ${key.replace(/ \d+$/, '')};`]),
      ),
      ...[...this.ownFunctions.values()].map(shortened),
      ...declared(this.functions),
      ...declared(this.entries),
    ];
    return texts.map((text) => `${text}\n`).join('');
  }
}

/** As emit.ts says. A kernel uses one of the two that are at the same place, or neither. */
function bindings(words: number): string[] {
  return [
    `struct D { ${recordMembers(words)} }`,
    '@group(0) @binding(0) var<uniform> A: D;',
    '@group(0) @binding(1) var<uniform> moment: vec4i;',
    '@group(0) @binding(2) var<storage, read_write> floats: array<f32>;',
    '@group(0) @binding(2) var<storage, read_write> fours: array<vec4f>;',
    '@group(0) @binding(3) var<storage, read_write> ints: array<i32>;',
  ];
}

function numberedText(texts: Map<string, string>, prefix: string, text: string): string {
  const name = texts.get(text) ?? `${prefix}${texts.size}`;
  texts.set(text, name);
  return name;
}

/** Without comments, which have lines of their own, and in few letters. */
function shortened(lines: readonly string[]): string {
  const code = lines.map((line) => line.trim()).filter((line) => !line.startsWith('//'));
  return code
    .map(withoutSpaces)
    .join('')
    .replace(/vec4<f32>/g, 'vec4f')
    .replace(/(>>|<<)(\d+)u/g, '$1$2')
    .replace(/[a-z]\w*/g, (word) => compactLetters.get(word) ?? word);
}
