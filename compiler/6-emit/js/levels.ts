/** How tightly the expressions of JavaScript bind, as far as they are told apart here. */
export const level = {
  assignment: 0,
  conditional: 1,
  or: 2,
  and: 3,
  bitOr: 4,
  bitXor: 5,
  bitAnd: 6,
  equality: 7,
  relation: 8,
  shift: 9,
  sum: 10,
  product: 11,
  unary: 12,
  primary: 13,
} as const;

export type Level = (typeof level)[keyof typeof level];

/** A text in parentheses where it binds less tightly than it must. */
export function enclosed(text: string, binds: Level, asked: Level): string {
  return binds < asked ? `(${text})` : text;
}
