/** Functions as trees, read from and printed as instructions by name, with a `;` between two. */
import { Code } from '../../compiler/6-emit/wasm/code.ts';
import { op, type WasmType } from '../../compiler/6-emit/wasm/opcodes.ts';
import type { Signature } from '../../compiler/6-emit/wasm/signature.ts';
import { toInstructions, toTree } from '../../compiler/6-emit/wasm/small/to-tree.ts';
import type { FunctionTree } from '../../compiler/6-emit/wasm/small/tree.ts';

/** Function 0 gives an i32 of one, all others write memory and take two. */
export function signatureOf(at: number): Signature {
  return at === 0 ? { parameters: ['i32'], result: 'i32' } : { parameters: ['i32', 'i32'] };
}

const names = new Map(Object.entries(op).map(([name, code]) => [code as number, name]));
const written = new Map(Object.entries(op));

/** Two parameters, then locals: `types` are those of the locals. */
export function read(
  text: string,
  types: readonly WasmType[] = ['i32', 'i32', 'i32'],
): FunctionTree {
  return readAs({ parameters: ['i32', 'i32'] }, text, types);
}

export function readAs(
  signature: Signature,
  text: string,
  types: readonly WasmType[],
): FunctionTree {
  const code = new Code(signature.parameters.length);
  for (const type of types) code.local(type);
  for (const line of text.split(';').map((part) => part.trim())) {
    const [name = '', ...immediates] = line.split(' ');
    const opens = name === 'block' || name === 'loop' || name === 'if';
    if (opens) code.open(written.get(name) ?? -1);
    else code.op(written.get(name) ?? -1, ...immediates.map(Number));
  }
  return toTree(code, signature, signatureOf);
}

export function print({ body }: FunctionTree): string {
  return toInstructions(body)
    .map(({ code, immediates }) => {
      const name = names.get(code) ?? '?';
      const opens = name === 'block' || name === 'loop' || name === 'if';
      return [name, ...(opens ? [] : immediates)].join(' ');
    })
    .join('; ');
}

/** What the pass makes of the code. */
export function after(pass: (f: FunctionTree) => void, text: string): string {
  const f = read(text);
  pass(f);
  return print(f);
}
