/** What one function is printed in: its names and what it asks for are found out on the way. */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug } from '../../base/bug.ts';
import type { Context, Helper } from './context.ts';
import { LocalNames } from './identifiers.ts';

/** What the functions of a text share. */
export interface Shared {
  readonly help: (helper: Helper) => void;
  readonly function: (name: string) => string;
  /** The identifier of so many f32 that every function may use for a while. */
  readonly aside: (length: number) => string;
}

/** Knows no memory, no sizes and no places. */
export function newContext({ help, function: functionNamed }: Shared): Context {
  const none = (kind: Expression['kind']) => (): never => {
    throw new CompilerBug('js', `${kind} where there is none`);
  };
  return {
    names: new LocalNames(),
    size: none('size'),
    step: none('step'),
    workgroup: none('place'),
    place: none('load'),
    function: functionNamed,
    help,
  };
}

/** Makes what is asked for by name when it is first asked for. */
export function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
