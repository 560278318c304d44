/**
 * The ops that compute each element of their result from the same element of each operand, all of
 * one shape. Passes may treat them alike: one scalar decides the rest.
 */
const names: ReadonlySet<string> = new Set(
  [
    'neg exp log tanh sigmoid softplus sqrt abs sign sin cos erf floor not stopGradient cast',
    'add sub mul div pow max min less lessEqual equal and or select',
  ].flatMap((line) => line.split(' ')),
);

export function isElementwise(op: string): boolean {
  return names.has(op);
}
