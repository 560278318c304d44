/**
 * A module in the text format (`.wat`), to read: types, imports and functions in the order of the
 * bytes, and over each function what it was called. Any assembler makes the same bytes of it once
 * more, but for the names that a module may carry. Names are data, and stand in comments alone.
 */
import type { Body } from '../instruction.ts';
import { mostPages, type FinishedFunction, type ModuleContent } from '../module.ts';
import { op } from '../opcodes.ts';
import type { Signature } from '../signature.ts';
import { Types } from '../types.ts';
import { printInstruction } from './print-instruction.ts';

export function printModule(content: ModuleContent): string {
  const { name, sharedMemory, imports, functions, globals, exports } = content;
  const types = new Types();
  const memory = sharedMemory ? `0 ${mostPages} shared` : '0';
  const imported = imports.map((one) => {
    return `  (import "env" "${one.name}" (func (type ${types.at(one.signature)})))`;
  });
  const own = functions.flatMap((one, i) => printFunction(one, imports.length + i, types));
  const lines = [
    `;; ${printName(name)}`,
    '(module',
    ...types.list().map((signature) => `  (type (func${printSignature(signature)}))`),
    `  (import "env" "memory" (memory ${memory}))`,
    ...imported,
    ...Array.from({ length: globals }, () => '  (global (mut v128) (v128.const i32x4 0 0 0 0))'),
    ...exports.map((one) => `  (export "${one.name}" (func ${one.at}))`),
    ...own,
    ')',
  ];
  return `${lines.join('\n')}\n`;
}

function printFunction(
  { name, signature, body }: FinishedFunction,
  at: number,
  types: Types,
): string[] {
  const { locals } = body;
  return [
    '',
    `  ;; ${at}: ${printName(name)}`,
    `  (func (type ${types.at(signature)})${printSignature(signature)}`,
    ...(locals.length === 0 ? [] : [`    (local ${locals.join(' ')})`]),
    ...printBody(body),
    '  )',
  ];
}

function printSignature({ parameters, result }: Signature): string {
  const taken = parameters.length === 0 ? '' : ` (param ${parameters.join(' ')})`;
  return result === undefined ? taken : `${taken} (result ${result})`;
}

/** What stands in a block is set in. */
function printBody({ instructions }: Body): string[] {
  let depth = 2;
  return instructions.map((one) => {
    const { code } = one;
    if (code === op.end || code === op.else) depth--;
    const line = '  '.repeat(depth) + printInstruction(one);
    if (code === op.block || code === op.loop || code === op.if || code === op.else) depth++;
    return line;
  });
}

/** On one line of plain letters, whatever is in it; not all tools read comments as Unicode. */
function printName(name: string): string {
  return JSON.stringify(name.slice(0, 100)).replace(/[^ -~]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
