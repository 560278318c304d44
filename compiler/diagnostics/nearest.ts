/**
 * "Did you mean …?": the candidate that a mistyped name most likely stands for. Distance counts
 * inserted, lost, changed and swapped neighbouring letters (Damerau 1964, optimal alignment); a
 * change of case counts a tenth. At most a third of the letters may differ.
 */

export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length === 0 || name.length > LONGEST) return undefined;
  const allowed = Math.max(1, Math.floor(name.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > allowed) continue;
    const found = distance(name, candidate);
    // A name of one or two letters resembles everything: only its case may differ.
    if (found > (name.length < 3 ? 0.2 : allowed)) continue;
    if (best === undefined || found < best.distance) best = { candidate, distance: found };
  }
  return best?.candidate;
}

/** Longer words are no typing mistakes, and the table below grows with the square. */
const LONGEST = 64;

function distance(a: string, b: string): number {
  const table: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    table.push(row);
    for (let j = 1; j <= b.length; j++) {
      const change = at(i - 1, j - 1) + difference(a.charAt(i - 1), b.charAt(j - 1));
      let least = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(i - 2, j - 2) + 1);
      row.push(least);
    }
  }
  return at(a.length, b.length);
}

function difference(x: string, y: string): number {
  if (x === y) return 0;
  return x.toLowerCase() === y.toLowerCase() ? 0.1 : 1;
}
