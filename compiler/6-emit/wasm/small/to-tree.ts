/** From instructions one after another to trees, and back. */
import { CompilerBug, present } from '../../../base/bug.ts';
import type { Code } from '../code.ts';
import type { Instruction } from '../instruction.ts';
import { noResult, op, valueType, type WasmType } from '../opcodes.ts';
import type { Signature } from '../signature.ts';
import { shapeOf, type Shape } from './shapes.ts';
import {
  isRemoved,
  localOf,
  node,
  type SignatureOf,
  type FunctionTree,
  type Tree,
} from './tree.ts';

export function toTree(
  code: Code,
  { parameters, result }: Signature,
  signatureOf: SignatureOf,
): FunctionTree {
  const reader = new Reader(code.instructions, [...parameters, ...code.types], signatureOf);
  const body = reader.block();
  return { types: reader.types, parameters: parameters.length, result, body };
}

class Reader {
  readonly types: WasmType[];
  private readonly instructions: readonly Instruction[];
  private readonly signatureOf: SignatureOf;
  private at = 0;

  constructor(instructions: readonly Instruction[], types: WasmType[], signatureOf: SignatureOf) {
    this.instructions = instructions;
    this.types = types;
    this.signatureOf = signatureOf;
  }

  /** Up to its `else` or `end`, or to the end of the code. A value that it leaves comes last. */
  block(): Tree[] {
    const done: Tree[] = [];
    const stack: Tree[] = [];
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const { code, immediates } = next;
      if (code === op.end || code === op.else) break;
      const tree = node(code, immediates);
      const { takes, leaves } = this.shapeOf(tree, stack);
      if (stack.length < takes) throw new CompilerBug('wasm', `instruction ${code} lacks values`);
      tree.operands = stack.splice(stack.length - takes, takes);
      if (code === op.block || code === op.loop || code === op.if) this.readBodies(tree);
      if (leaves !== undefined) {
        stack.push(tree);
      } else {
        this.keep(stack, done);
        done.push(tree);
      }
    }
    return [...done, ...stack];
  }

  private next(): Instruction | undefined {
    return this.instructions[this.at++];
  }

  private readBodies(tree: Tree): void {
    tree.body = this.block();
    const ended = this.instructions[this.at - 1]?.code;
    if (ended === op.else) tree.otherwise = this.block();
  }

  /** What waits on the stack while something is done goes into locals. */
  private keep(stack: Tree[], done: Tree[]): void {
    stack.forEach((value, i) => {
      const local = this.types.push(this.typeOf(value)) - 1;
      done.push(node(op.localSet, [local], [value]));
      stack[i] = node(op.localGet, [local]);
    });
  }

  private shapeOf(tree: Tree, stack: readonly Tree[]): Shape {
    const { code, immediates } = tree;
    switch (code) {
      case op.localGet:
        return { takes: 0, leaves: this.local(tree) };
      case op.localTee:
        return { takes: 1, leaves: this.local(tree) };
      case op.select:
        return { takes: 3, leaves: this.typeOf(present(stack.at(-3), 'a value')) };
      case op.call: {
        const { parameters, result } = this.signatureOf(immediates[0] ?? 0);
        return { takes: parameters.length, leaves: result };
      }
      case op.block:
      case op.loop:
      case op.if:
        return { takes: code === op.if ? 1 : 0, leaves: resultOf(immediates[0]) };
      default:
        return shapeOf(code);
    }
  }

  private local(tree: Tree): WasmType {
    return present(this.types[localOf(tree)], 'the type of a local');
  }

  private typeOf(tree: Tree): WasmType {
    // A select has the type of what it chooses from.
    const { leaves } = this.shapeOf(tree, tree.operands);
    return present(leaves, 'the type of a value');
  }
}

function resultOf(byte: number | undefined): WasmType | undefined {
  if (byte === noResult) return undefined;
  const types = Object.keys(valueType) as WasmType[];
  return present(
    types.find((type) => valueType[type] === byte),
    `the type ${byte ?? ''}`,
  );
}

/** The instructions of these trees, one after another. */
export function toInstructions(trees: readonly Tree[], to: Instruction[] = []): Instruction[] {
  for (const tree of trees) {
    if (isRemoved(tree)) continue;
    const { code, immediates, operands, body, otherwise } = tree;
    toInstructions(operands, to);
    to.push({ code, immediates });
    if (code !== op.block && code !== op.loop && code !== op.if) continue;
    toInstructions(body, to);
    if (otherwise.length > 0) to.push({ code: op.else, immediates: [] });
    toInstructions(otherwise, to);
    to.push({ code: op.end, immediates: [] });
  }
  return to;
}
