/**
 * A piece of DSL text and where it stands in its source: the whole file for `.gate`, one scalar
 * for YAML. `span` maps a range of the piece to the source; the result always lies inside it.
 */
import type { SourceText, Span } from '../base/source.ts';

export interface Fragment {
  readonly text: string;
  span(start: number, end: number): Span;
}

export function wholeSource(source: SourceText): Fragment {
  return { text: source.text, span: (start, end) => ({ source, start, end }) };
}

/**
 * A YAML scalar: `value` is what it says, `start`..`end` where it is written. Characters are found
 * again one by one; where that fails (escapes) every span is the whole scalar.
 */
export function scalarFragment(
  source: SourceText,
  value: string,
  start: number,
  end: number,
): Fragment {
  const places = align(value, source.text.slice(start, end));
  const whole: Span = { source, start, end };
  if (places === undefined) return { text: value, span: () => whole };
  const past = (i: number): number => (i < 0 ? 0 : (places[i] ?? 0) + 1);
  return {
    text: value,
    span: (from, to) => {
      const first = from < places.length ? (places[from] ?? 0) : past(places.length - 1);
      const last = Math.max(first, to > from ? past(Math.min(to, places.length) - 1) : first);
      // A missing token is marked at the end of the token before, not where the next line starts.
      const point = from === to && from > 0 ? past(from - 1) : undefined;
      return { source, start: start + (point ?? first), end: start + (point ?? last) };
    },
  };
}

/** For each character of `value` its offset in `raw`, or undefined when it can't be told. */
function align(value: string, raw: string): number[] | undefined {
  const quote = raw[0] === '"' || raw[0] === "'" ? 1 : 0;
  let at = /^[|>]/.test(raw) ? raw.indexOf('\n') + 1 : quote;
  const places: number[] = [];
  for (const unit of value.split('')) {
    if (/\s/.test(unit)) {
      places.push(Math.min(at, raw.length - 1));
      if (raw[at] === unit || /\s/.test(raw[at] ?? '')) at++;
      continue;
    }
    while (/\s/.test(raw[at] ?? '')) at++;
    if (raw[at] !== unit) return undefined;
    places.push(at);
    at++;
  }
  return places;
}
