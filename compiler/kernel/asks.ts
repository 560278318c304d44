/** What the text of a kernel asks of whoever runs it. */
import type { Statement } from '../../runtime/artifact/kernel.ts';
import { visitStatements } from './walk.ts';

export interface Asks {
  readonly sizes: ReadonlySet<string>;
  /** Functions, without those that they call. */
  readonly functions: ReadonlySet<string>;
  readonly step: boolean;
}

/** Statements are never changed: one body is looked through once. */
const found = new WeakMap<readonly Statement[], Asks>();

export function asksOf(body: readonly Statement[]): Asks {
  const known = found.get(body);
  if (known !== undefined) return known;
  const [sizes, functions] = [new Set<string>(), new Set<string>()];
  let step = false;
  visitStatements(body, {
    expression: (e) => {
      if (e.kind === 'size') sizes.add(e.name);
      else if (e.kind === 'call') functions.add(e.function);
      else if (e.kind === 'step') step = true;
    },
  });
  const asks = { sizes, functions, step };
  found.set(body, asks);
  return asks;
}
