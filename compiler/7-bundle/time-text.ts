/** The axis of time of an input or an output, in words. */
import { printDim, type Dim } from '../graph/dim.ts';

/** `[T]`, or nothing where there is none. */
export function timeTexts(time: string | Dim | undefined): readonly string[] {
  if (time === undefined) return [];
  return [typeof time === 'string' ? time : printDim(time)];
}
