/**
 * How tightly the expressions of WGSL bind. Only what is told apart here needs to be: `||`, `&&`,
 * bit operations and shifts bind less than anything may ask, so that they are in parentheses.
 */
export const level = { any: 0, comparison: 1, sum: 2, product: 3, unary: 4, primary: 5 } as const;

export type Level = (typeof level)[keyof typeof level];

/** A text in parentheses where it binds less tightly than it must. */
export function enclosed(text: string, binds: Level, asked: Level): string {
  return binds < asked ? `(${text})` : text;
}
