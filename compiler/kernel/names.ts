/**
 * Names in the text form of kernels. A name that reads as one is bare, every other name (one that
 * is a word of the form, has spaces, begins with a digit, is empty) is a JSON string.
 */

/** Letters, digits, marks and `_ . ' ~ @`, no digit first. */
export const plainName = /[\p{L}_][\p{L}\p{M}\p{N}_.'~@]*/uy;

/** Words that stand where a name of a kernel could. */
const words: ReadonlySet<string> = new Set([
  ...['buffer', 'size', 'shared', 'registers', 'calls'],
  ...['let', 'var', 'for', 'to', 'step', 'while', 'if', 'else', 'barrier', 'return'],
  ...['true', 'false', 'inf', 'nan', 'select', 'lane', 'pack', 'min', 'max'],
  ...['workgroup.x', 'workgroup.y', 'workgroup.z'],
  ...['invocation.x', 'invocation.y', 'invocation.z'],
  ...['abs', 'floor', 'sqrt', 'toFloat', 'toInt', 'toBits', 'fromBits', 'fromBytes', 'splat'],
]);

export function printName(name: string): string {
  plainName.lastIndex = 0;
  const bare = plainName.exec(name)?.[0] === name && !words.has(name);
  return bare ? name : JSON.stringify(name);
}

export function isWord(name: string): boolean {
  return words.has(name);
}
