/**
 * Identifiers of a shader for the names of a kernel, which may hold any character at all. A name
 * that WGSL allows stays what it is; any other becomes one that reads alike. Two names never become
 * one, and the same kernel gives the same identifiers wherever it is compiled.
 */
import { present } from '../../base/bug.ts';
import { reservedNames } from './reserved.ts';

/** What a name stands for; names of two kinds have nothing to do with each other. */
export type NameKind = 'size' | 'memory' | 'function' | 'local';

export interface DeclaredName {
  readonly kind: NameKind;
  readonly name: string;
}

export interface Names {
  /** The identifier of a declared name. */
  readonly of: (kind: NameKind, name: string) => string;
  /** An identifier that nothing has yet, made from any text. */
  readonly fresh: (text: string) => string;
  /** Prints a block, out of which what it defines is not seen. */
  readonly inBlock: <T>(print: () => T) => T;
}

export function createNames(declared: readonly DeclaredName[]): Names {
  const taken = new Set<string>(reservedNames);
  const identifiers = new Map<string, string>();
  const counts = new Map<string, number>();
  const fresh = (text: string): string => {
    const base = plain(text);
    let identifier = base;
    let count = counts.get(base) ?? 1;
    while (taken.has(identifier)) identifier = `${base}_${++count}`;
    counts.set(base, count);
    taken.add(identifier);
    return identifier;
  };
  // Names that can stay come first, so that `a_b` is itself even where `a.b` was declared before.
  const stays = ({ name }: DeclaredName): boolean => plain(name) === name;
  for (const entry of [...declared.filter(stays), ...declared.filter((other) => !stays(other))]) {
    const key = keyOf(entry.kind, entry.name);
    if (!identifiers.has(key)) identifiers.set(key, fresh(entry.name));
  }
  return {
    of: (kind, name) => present(identifiers.get(keyOf(kind, name)), `the ${kind} ${name}`),
    fresh,
    inBlock: (print) => print(),
  };
}

function keyOf(kind: NameKind, name: string): string {
  return `${kind} ${name}`;
}

/** Longer names are cut: they would only make the text unreadable. */
const longest = 64;

/**
 * What may not stand in an identifier. WGSL allows all of XID, but which characters that is grows
 * with each version of Unicode, and a browser may know fewer of them than we do; letters of Latin,
 * Greek and Cyrillic and their accents have been there for long.
 */
const foreign =
  /[^0-9A-Z_a-z\u00c0-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1fff]|[^\p{XID_Continue}]/gu;
/** Not like the functions of own-functions.ts that have a name of the kernel's in theirs. */
const startsWell = /^(?!__|_$|load4_|store4_|lanes_)[\p{XID_Start}_]/u;

/** The valid identifier that is most like a text; the text itself where it is one. */
function plain(text: string): string {
  const cut = text.slice(0, longest).replace(foreign, '_');
  const started = startsWell.test(cut) ? cut : `v${cut}`;
  return reservedNames.has(started) ? `${started}_` : started;
}
