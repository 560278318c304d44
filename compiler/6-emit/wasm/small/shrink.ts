/**
 * Makes the code of functions small: the fewer instructions and locals, the fewer bytes, and the
 * more alike these are to a compressor. What a function computes stays the same bit for bit.
 */
import { Bytes } from '../bytes.ts';
import type { Code } from '../code.ts';
import { writeBody } from '../instruction.ts';
import type { WasmType } from '../opcodes.ts';
import { colorLocals } from './color.ts';
import { removeDead } from './dead.ts';
import { fold } from './fold.ts';
import { propagate } from './propagate.ts';
import { sinkSets } from './sink.ts';
import { toInstructions, toTree } from './to-tree.ts';
import type { CalleeOf } from './tree.ts';

export function shrink(code: Code, parameters: readonly WasmType[], calleeOf: CalleeOf): Bytes {
  const f = toTree(code, parameters, calleeOf);
  propagate(f);
  fold(f.body);
  removeDead(f, calleeOf);
  sinkSets(f, calleeOf);
  removeDead(f, calleeOf);
  const { types, body } = colorLocals(f);
  const out = new Bytes();
  writeBody(out, types.slice(parameters.length), toInstructions(body));
  return out;
}
