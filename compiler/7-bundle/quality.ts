/** What the precision of a bundle's weights costs, as it was measured on data. */

export interface Quality {
  /** SHA-256 of the data, in hexadecimal. */
  readonly data: string;
  readonly tokens: number;
  readonly measures: readonly QualityMeasure[];
}

export interface QualityMeasure {
  /** `loss`, `perplexity`, `accuracy`, `F1`. */
  readonly name: string;
  /** With the weights as they were given, in f32. */
  readonly f32: number;
  /** With those that the bundle holds. */
  readonly stored: number;
}

/** `loss`, `2.514`, `2.515`, `+0.04 %`: a measure for a table; the last is relative. */
export function qualityRow({ name, f32, stored }: QualityMeasure): string[] {
  const change = (100 * (stored - f32)) / Math.abs(f32);
  const isKnown = Number.isFinite(change);
  const text = isKnown ? `${change < 0 ? '' : '+'}${change.toFixed(3)} %` : '';
  return [name, figure(f32), figure(stored), stored === f32 ? 'none' : text];
}

function figure(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(6) : String(value);
}
