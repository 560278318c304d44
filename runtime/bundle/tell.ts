/** Labels and tokens of an output, where a model has them. */
import type { Numbers } from './engine.ts';
import type { Tell } from './results.ts';

/** For each time step, or for the one there is: its class by name, and its token. */
export const tellNames: Tell = ({ labels, tokens, sizes }, data, { encoded }, row) => ({
  ...(labels === undefined ? {} : { labels: likeliest(data, sizes.at(-1) ?? 1, labels) }),
  ...(tokens === undefined ? {} : { tokens: encoded.get(tokens)?.[row]?.tokens ?? [] }),
});

/** Of equals the first. */
function likeliest(data: Numbers, classes: number, labels: readonly string[]): string[] {
  return Array.from({ length: data.length / classes }, (_, step) => {
    const first = step * classes;
    let best = first;
    for (let i = first; i < first + classes; i++) {
      if ((data[i] ?? NaN) > (data[best] ?? NaN)) best = i;
    }
    return labels[best - first] ?? String(best - first);
  });
}
