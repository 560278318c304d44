/** Numbers that nobody means, so that what is read before it was written shows in the results. */
import type { Elements } from './scope.ts';

export function poison(elements: Elements): void {
  elements.fill(elements instanceof Float32Array ? NaN : 0x7f7f7f7f);
}
