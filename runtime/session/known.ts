/** What a position or a name in a program must lead to; otherwise the program is broken. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the program has no ${what}`);
  return value;
}
