/** The named settings of losses: `crossEntropy(y, t, smoothing = 0.1, ignore = 0)`. */
import type { GivenArgument } from './arguments.ts';
import type { ElaborationContext } from './context.ts';

interface SettingKind {
  readonly what: string;
  fits(value: number): boolean;
}

const aClass: SettingKind = {
  what: 'the number of a class',
  fits: (v) => Number.isInteger(v) && v >= 0,
};

const kinds: Readonly<Record<string, SettingKind>> = {
  smoothing: { what: 'a number from 0 up to, not including, 1', fits: (v) => v >= 0 && v < 1 },
  ignore: aClass,
  blank: aClass,
};

/** Settings by name; `known` are those that the loss has. */
export function lossSettings(
  ctx: ElaborationContext,
  loss: string,
  known: readonly string[],
  given: readonly GivenArgument[],
): ReadonlyMap<string, number> | undefined {
  const settings = new Map<string, number>();
  for (const { name, value, span } of given) {
    if (name === undefined) continue;
    const kind = known.includes(name.text) ? kinds[name.text] : undefined;
    if (kind === undefined) {
      return ctx.error('N3003', `${loss} has no setting ${name.text}`, span, {
        hint: known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`,
      });
    }
    if (value.kind !== 'number' || !kind.fits(value.value)) {
      return ctx.error('N3005', `${name.text} is ${kind.what}`, span);
    }
    if (settings.has(name.text)) return ctx.error('N3006', `${name.text} is given twice`, span);
    settings.set(name.text, value.value);
  }
  return settings;
}
