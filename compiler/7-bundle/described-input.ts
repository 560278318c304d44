/** An input as the runtime of a bundle reads it (runtime/bundle/description.ts). */
import type { BundleInput } from '../../runtime/artifact/bundle.ts';

type Described = Omit<BundleInput, 'element'> &
  Partial<Pick<BundleInput, 'element'>> & {
    /** What completes "expected", of whatever is no value of it. */
    readonly expects: string;
  };

export function describedInput({ element, ...input }: BundleInput): Described {
  return {
    ...input,
    ...(element === 'float' ? {} : { element }),
    expects: expects({ element, ...input }),
  };
}

/** In words: `whole numbers from 0 to 9, [time]`. */
function expects({ element, ids, sizes, time }: BundleInput): string {
  const text = element === 'words' || element === 'characters' ? 'text, or ' : '';
  const range = ids === undefined ? '' : ` from 0 to ${ids - 1}`;
  const what = element === 'float' ? 'numbers' : `whole numbers${range}`;
  return `${text}${what}, [${[...(time === undefined ? [] : ['time']), ...sizes].join(', ')}]`;
}
