/**
 * The code of a function as trees: each instruction over those whose values it takes. Passes change
 * them where they stand.
 */
import { op, type WasmType } from '../opcodes.ts';
import type { Signature } from '../signature.ts';

export interface Tree {
  code: number;
  immediates: readonly number[];
  /** In the order in which they are evaluated. */
  operands: Tree[];
  /** Of `block`, `loop` and `if`, which is done if its operand is not 0. */
  body: Tree[];
  /** Of `if`, what is done otherwise. */
  otherwise: Tree[];
}

/** A function whose locals are numbered after its parameters. */
export interface FunctionTree {
  /** Of its parameters and of its locals, by number. */
  types: WasmType[];
  /** How many of these are parameters. */
  parameters: number;
  readonly result: WasmType | undefined;
  readonly body: Tree[];
}

/** What the function of this number takes and leaves. */
export type SignatureOf = (at: number) => Signature;

/** In place of an instruction that is no more; it is dropped when code is printed. */
const nop = 0x01;

export function node(code: number, immediates: readonly number[], operands: Tree[] = []): Tree {
  return { code, immediates, operands, body: [], otherwise: [] };
}

/** Makes one tree what another is; the other is not to be used any more. */
export function become(tree: Tree, other: Tree): void {
  Object.assign(tree, other);
}

export function remove(tree: Tree): void {
  become(tree, node(nop, []));
}

export function isRemoved({ code }: Tree): boolean {
  return code === nop;
}

export function localOf({ immediates }: Tree): number {
  return immediates[0] ?? 0;
}

export function writesLocal({ code }: Tree): boolean {
  return code === op.localSet || code === op.localTee;
}

/** Each instruction, operands first; what stands in a body comes after the operand of an `if`. */
export function visit(trees: readonly Tree[], each: (tree: Tree) => void): void {
  for (const tree of trees) {
    visit(tree.operands, each);
    visit(tree.body, each);
    visit(tree.otherwise, each);
    each(tree);
  }
}
