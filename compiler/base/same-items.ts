/**
 * Lists that stay the very same object where nothing changes: passes hand on what they leave alone,
 * so that whoever comes next sees by identity that there is nothing new to look at.
 */

/** The list itself where every item becomes itself. */
export function mapSame<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  let at = 0;
  for (const item of items) {
    const next = change(item);
    if (changed === undefined && next !== item) changed = items.slice(0, at);
    changed?.push(next);
    at++;
  }
  return changed ?? items;
}

/** Whether the lists have the very same items. */
export function sameItems<T>(left: readonly T[], right: readonly T[]): boolean {
  return left === right || (left.length === right.length && left.every((v, i) => v === right[i]));
}
