/** The text of a file with a fault in it. */
import type { Fault } from './faults/fault.ts';

/** An Error where the text that is to be replaced does not stand there once. */
export function planted(text: string, { name, file, find, replace }: Fault): string {
  const parts = text.split(find);
  const times = parts.length - 1;
  if (times !== 1) throw new Error(`${name}: its text stands ${times} times in ${file}`);
  return parts.join(replace);
}
