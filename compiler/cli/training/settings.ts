/**
 * Settings of a run: flags win over what a resumed run began with, that over the spec's `train`
 * statement, that over the defaults here.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { SettingValue } from '../../graph/model.ts';

export interface RunSettings {
  readonly batch: number;
  /** At least one of the two. */
  readonly epochs?: number;
  readonly steps?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  /** Time steps of a chunk of truncated back-propagation; whole sequences if left out. */
  readonly truncate?: number;
  /** A fraction of the data, or a file; 0 for none. */
  readonly validation: number | string;
  readonly minCount: number;
  readonly maxWords?: number;
  readonly lowerCase: boolean;
  readonly seed: number;
  readonly residuals: 'store' | 'recompute';
}

export type GivenSettings = ReadonlyMap<string, SettingValue>;

const numbers = ['batch', 'epochs', 'steps', 'clipNorm', 'clipValue', 'truncate'] as const;
const counts: readonly string[] = ['batch', 'truncate', 'minCount', 'maxWords'];
const wholes: readonly string[] = ['epochs', 'steps', 'seed'];

/** `layers`: the strongest first. R7609 for a value that a setting cannot have. */
export function runSettings(layers: readonly GivenSettings[]): RunSettings {
  const found = new Map<string, SettingValue>();
  for (const layer of layers) {
    // Steps and epochs bound one thing: a stronger layer's bound replaces a weaker one's.
    const bounded = found.has('steps') || found.has('epochs');
    for (const [name, value] of layer) {
      if (bounded && (name === 'steps' || name === 'epochs')) continue;
      if (!found.has(name)) found.set(name, value);
    }
  }
  const optional = Object.fromEntries(
    [...numbers, 'maxWords' as const].flatMap((name) => {
      const value = numberOf(found, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const bounded = found.has('steps') || found.has('epochs');
  return {
    batch: 32,
    ...(bounded ? {} : { epochs: 10 }),
    ...optional,
    validation: validationOf(found),
    minCount: numberOf(found, 'minCount') ?? 1,
    lowerCase: booleanOf(found, 'lowerCase'),
    seed: numberOf(found, 'seed') ?? 1,
    residuals: residualsOf(found),
  };
}

/** As a layer again, for a model file. */
export function settingsLayer(settings: RunSettings): GivenSettings {
  return new Map<string, SettingValue>(Object.entries(settings));
}

/** What the numbers of a run depend on; how long it runs is no part of it. */
export function identity(settings: RunSettings): Record<string, SettingValue> {
  const { steps: _steps, epochs: _epochs, ...rest } = settings;
  return rest;
}

function numberOf(found: GivenSettings, name: string): number | undefined {
  const value = found.get(name);
  if (value === undefined) return undefined;
  const least = counts.includes(name) ? 1 : 0;
  const whole = counts.includes(name) || wholes.includes(name);
  const fits = typeof value === 'number' && value >= least && value < Infinity;
  if (fits && (!whole || Number.isInteger(value))) return value;
  throw refused(name, value, whole ? `a whole number from ${least}` : 'a number from 0');
}

function validationOf(found: GivenSettings): number | string {
  const value = found.get('validation') ?? defaultValidation;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw refused('validation', value, 'a fraction from 0 up to, not including, 1, or a file');
}

/** A tenth of the text is kept back, so that the best weights can be told from the last ones. */
const defaultValidation = 0.1;

function booleanOf(found: GivenSettings, name: string): boolean {
  const value = found.get(name) ?? false;
  if (typeof value === 'boolean') return value;
  throw refused(name, value, 'true or false');
}

function residualsOf(found: GivenSettings): 'store' | 'recompute' {
  const value = found.get('residuals') ?? 'store';
  if (value === 'store' || value === 'recompute') return value;
  throw refused('residuals', value, 'store or recompute');
}

function refused(name: string, value: SettingValue, wanted: string): RuntimeFault {
  return new RuntimeFault('R7609', `${name} = ${String(value)}: expected ${wanted}`);
}
