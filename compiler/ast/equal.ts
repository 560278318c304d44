/**
 * Whether two trees say the same. Spans and comments don't count, so the three surfaces of a spec
 * compare equal, and so do a spec and its canonical form.
 */

/** Of any two nodes or files; compares field by field, in no more depth than the trees have. */
export function sameTree(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameTree(item, b[i]));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const right = new Map(fieldsOf(b));
  const left = fieldsOf(a);
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameTree(value, right.get(key)))
  );
}

function fieldsOf(node: object): [string, unknown][] {
  return Object.entries(node).filter(
    ([key, value]) => key !== 'span' && key !== 'comments' && value !== undefined,
  );
}
