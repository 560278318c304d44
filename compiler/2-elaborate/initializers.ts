/**
 * How weights may begin, by the names that a spec uses. Sources stand at the runtime's formulas.
 */
import type { Span } from '../base/source.ts';
import type { Initializer } from '../graph/model.ts';

export interface InitializerSpec {
  readonly kind: 'initializer';
  readonly initializer: Initializer;
  readonly span: Span;
}

interface InitializerForm {
  /** Names of its numeric arguments with their defaults; undefined where one must be given. */
  readonly parameters: readonly (readonly [name: string, value: number | undefined])[];
  build(values: readonly number[]): Initializer;
  /** What values must be; any finite numbers if not given. */
  readonly wanted?: { readonly text: string; holds(values: readonly number[]): boolean };
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;

export const initializerForms: Readonly<Record<string, InitializerForm>> = {
  zeros: { parameters: [], build: () => ({ kind: 'zeros' }) },
  ones: { parameters: [], build: () => ({ kind: 'ones' }) },
  glorot: { parameters: [], build: () => ({ kind: 'glorot' }) },
  he: { parameters: [], build: () => ({ kind: 'he' }) },
  identity: { parameters: [], build: () => ({ kind: 'identity' }) },
  constant: {
    parameters: [['value', undefined]],
    build: (v) => ({ kind: 'constant', value: at(v, 0) }),
  },
  orthogonal: {
    parameters: [['gain', 1]],
    build: (v) => ({ kind: 'orthogonal', gain: at(v, 0) }),
  },
  normal: {
    parameters: [['deviation', 1]],
    build: (v) => ({ kind: 'normal', deviation: at(v, 0) }),
    wanted: { text: 'a deviation that is not negative', holds: (v) => at(v, 0) >= 0 },
  },
  uniform: {
    parameters: [
      ['low', undefined],
      ['high', undefined],
    ],
    build: (v) => ({ kind: 'uniform', low: at(v, 0), high: at(v, 1) }),
    wanted: { text: 'the smaller number first', holds: (v) => at(v, 0) <= at(v, 1) },
  },
};

/**
 * The initializer of that name with its defaults; undefined if there is none or it needs values.
 */
export function plainInitializer(name: string): Initializer | undefined {
  const form = Object.hasOwn(initializerForms, name) ? initializerForms[name] : undefined;
  if (form === undefined || form.parameters.some(([, value]) => value === undefined)) {
    return undefined;
  }
  return form.build(form.parameters.map(([, value]) => value ?? 0));
}
