/** Functions of a module made small; some of them become one, or are no more. */
import { present } from '../../../base/bug.ts';
import type { Code } from '../code.ts';
import type { Body } from '../instruction.ts';
import { op } from '../opcodes.ts';
import type { Signature } from '../signature.ts';
import { shrink } from './shrink.ts';
import { toInstructions } from './to-tree.ts';
import type { FunctionTree } from './tree.ts';

export interface Given {
  readonly name: string;
  readonly signature: Signature;
  readonly code: Code;
  /** Whether most of the time is spent here. */
  readonly hot: boolean;
  /** Whether the host calls it. */
  readonly exported: boolean;
}

export interface Written {
  readonly name: string;
  readonly signature: Signature;
  readonly body: Body;
}

/** The functions come behind the imports; `at` tells where the one of a number has gone. */
export function writeSmall(
  given: readonly Given[],
  imports: readonly Signature[],
): { readonly functions: readonly Written[]; readonly at: (before: number) => number } {
  const left = shrink(given, imports);
  const places = new Map([...left.keys()].map((before, i) => [before, imports.length + i]));
  const at = (before: number): number => {
    return before < imports.length ? before : present(places.get(before), `function ${before}`);
  };
  const functions = [...left].map(([before, f]) => {
    const { name } = present(given[before - imports.length], `function ${before}`);
    return { name, signature: signatureOf(f), body: bodyOf(f, at) };
  });
  return { functions, at };
}

function signatureOf({ types, parameters, result }: FunctionTree): Signature {
  return { parameters: types.slice(0, parameters), ...(result === undefined ? {} : { result }) };
}

function bodyOf({ types, parameters, body }: FunctionTree, at: (before: number) => number): Body {
  const instructions = toInstructions(body).map(({ code, immediates }) => ({
    code,
    immediates: code === op.call ? immediates.map(at) : immediates,
  }));
  return { locals: types.slice(parameters), instructions };
}
