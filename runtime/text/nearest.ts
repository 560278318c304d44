/** The known names that look most like one that is not known, for hints. */

/** At most `limit` of `known`, nearest first; none that differs in more than half its letters. */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase().slice(0, longestCompared);
  const close: { readonly known: string; readonly distance: number }[] = [];
  for (const candidate of known) {
    const most = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 2));
    if (Math.abs(wanted.length - candidate.length) > most) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= most) close.push({ known: candidate, distance });
  }
  close.sort((a, b) => a.distance - b.distance);
  return close.slice(0, limit).map((c) => c.known);
}

/** Comparing takes time in the product of the lengths, so that a very long name is cut. */
const longestCompared = 64;

/** Levenshtein: insertions, deletions and substitutions from one text to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
